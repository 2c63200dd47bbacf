import { switched, valued } from './flag-rule.ts';
import { type FlagTable, number, size, table, whole } from './flag-table.ts';
import { precision, words } from './form.ts';
import { estimatorMethod } from './normalize.ts';

/** Flags of OpenRLHF's programs: grouped by dots since 0.10, flat before. The actor's values are the run's. */
export const openrlhfFlags: FlagTable = table(
  [size('training.global_batch_size'), 'train.batch_size train_batch_size'],
  [size('training.per_device_batch_size'), 'train.micro_batch_size micro_train_batch_size'],
  [size('training.tokens_per_microbatch'), 'train.max_tokens_per_gpu'],
  [size('training.epochs'), 'train.max_epochs max_epochs'],
  [whole('training.seed'), 'train.seed'],
  [number('training.max_grad_norm'), 'actor.max_norm max_norm'],
  [
    switched('training.gradient_checkpointing', true, false, 'bare'),
    'model.gradient_checkpointing_enable actor.gradient_checkpointing_enable',
  ],
  [switched('training.liger_kernel', true, false, 'bare'), 'ds.use_liger_kernel'],
  [valued('training.precision', precision), 'ds.param_dtype param_dtype'],
  [number('optimizer.lr'), 'adam.lr actor.adam.lr actor_learning_rate'],
  [number('optimizer.weight_decay'), 'adam.weight_decay actor.adam.weight_decay l2'],
  [number('optimizer.eps'), 'adam.eps actor.adam.eps'],
  [number('optimizer.warmup_ratio'), 'actor.lr_warmup_ratio'],
  [number('rl.critic_lr'), 'critic.adam.lr critic_learning_rate'],
  [size('data.seq_len'), 'data.max_len max_len'],
  [valued('data.dataset', words), 'data.dataset data.prompt_dataset prompt_data'],
  [whole('data.num_workers'), 'data.dataloader_num_workers'],
  [switched('data.packing', true, false, 'bare'), 'ds.packing_samples'],
  [valued('model.attn_implementation', words), 'ds.attn_implementation'],
  [whole('parallel.zero_stage'), 'ds.zero_stage'],
  [size('parallel.tp'), 'ds.tensor_parallel_size ds_tensor_parallel_size'],
  [size('parallel.sp'), 'ds.ring_attn_size'],
  [switched('parallel.offload_optimizer', 'cpu'), 'ds.adam_offload'],
  [whole('lora.r'), 'ds.lora.rank'],
  [number('lora.alpha'), 'ds.lora.alpha'],
  [number('lora.dropout'), 'ds.lora.dropout'],
  [switched('quantization.bits', 4), 'ds.load_in_4bit'],
  [valued('checkpoint.output_dir', words, { asWritten: true }), 'ckpt.output_dir'],
  [size('checkpoint.save_steps'), 'ckpt.save_steps'],
  [size('checkpoint.save_total_limit'), 'ckpt.max_num max_ckpt_num'],
  [size('eval.steps'), 'eval.steps'],
  [number('rl.beta'), 'model.beta'],
  [number('rl.kl_coef'), 'algo.kl.init_coef'],
  [size('rl.rollout_batch_size'), 'rollout.batch_size'],
  [size('rl.num_generations'), 'rollout.n_samples_per_prompt'],
  [size('rl.max_completion_length'), 'rollout.max_new_tokens'],
  [size('rl.total_episodes'), 'train.num_episodes num_episodes'],
  [size('rl.rollout_engines'), 'vllm.num_engines'],
  [switched('rl.rollout_colocated', true, false, 'bare'), 'train.colocate_all colocate_all_models'],
  [switched('rl.rollout_sleep', true, false, 'bare'), 'vllm.enable_sleep vllm_enable_sleep'],
  [valued('rl.reward_model', words, { asWritten: true }), 'reward.model_name_or_path reward.remote_url remote_rm_url'],
  [size('serving.tp'), 'vllm.tensor_parallel_size'],
  [number('serving.gpu_memory_utilization'), 'vllm.gpu_memory_utilization vllm_gpu_memory_utilization'],
  [switched('serving.prefix_caching', true, false, 'bare'), 'vllm.enable_prefix_caching enable_prefix_caching'],
  [
    valued('training.method', {
      read: (text) => {
        const value = estimatorMethod(text);
        return value === undefined ? undefined : { value, derived: true };
      },
      spell: () => undefined,
    }),
    'algo.advantage.estimator advantage_estimator',
  ],
);
