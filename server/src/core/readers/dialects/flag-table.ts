import type { FactName, FactValues } from '../../facts/vocabulary.ts';
import { drafting } from './flag-drafting.ts';
import { type FlagRule, switched, valued } from './flag-rule.ts';
import { amount, choice, count, type Form, precision, words } from './form.ts';
import { toOptimizer, toScheduler } from './normalize.ts';

/** Flags of a family of programs, by their name in lower case with underscores. */
export type FlagTable = ReadonlyMap<string, FlagRule>;

const positive: Form<number> = {
  read: (text) => {
    const formed = amount.read(text);
    return formed && formed.value > 0 ? formed : undefined;
  },
  spell: amount.spell,
};

/** A name that folds into a normal form. */
const normal = (to: (text: string) => string | undefined): Form<string> => ({
  read: (text) => {
    const value = to(text);
    return value === undefined ? undefined : { value };
  },
  spell: (value) => value,
});

/** Builds a table from rows of a rule and the names under which programs know it, the most usual first. */
export function table(...rows: readonly (readonly [FlagRule, string])[]): FlagTable {
  return new Map(rows.flatMap(([rule, names]) => names.split(' ').map((name): [string, FlagRule] => [name, rule])));
}

/** Any number under a flag. */
export const number = <N extends FactName>(fact: N & (FactValues[N] extends number ? N : never)) =>
  valued(fact as FactName & 'optimizer.lr', amount);
/** A whole number under a flag. */
export const whole = <N extends FactName>(fact: N & (FactValues[N] extends number ? N : never)) =>
  valued(fact as FactName & 'training.epochs', count);
/** A positive number under a flag: zero and less say "none" or "no limit". */
export const size = <N extends FactName>(fact: N & (FactValues[N] extends number ? N : never)) =>
  valued(fact as FactName & 'training.max_steps', positive);

/** Flags that mean the same in nearly every training program. */
export const commonFlags: FlagTable = table(
  [
    size('training.per_device_batch_size'),
    'per_device_train_batch_size per_device_training_batch_size per_gpu_train_batch_size micro_batch_size micro_train_batch_size train_micro_batch_size_per_gpu local_batch_size device_batch_size device_train_microbatch_size batch_size_per_gpu batch_size_per_device train_batch_size_per_gpu training_micro_batch_size micro_bsz batch_size train_batch_size bs b training.local_batch_size training.batch_size train.micro_batch_size',
  ],
  [
    size('training.per_device_eval_batch_size'),
    'per_device_eval_batch_size per_gpu_eval_batch_size eval_batch_size val_batch_size valid_batch_size validation_batch_size',
  ],
  [
    size('training.global_batch_size'),
    'global_batch_size global_train_batch_size total_batch_size training.global_batch_size train.global_batch_size',
  ],
  [
    size('training.gradient_accumulation_steps'),
    'gradient_accumulation_steps grad_accumulation_steps grad_accum_steps gradient_accumulation grad_accumulation_factor accumulate_grad_batches accum_iter accum_steps update_freq grad_accum gas grad_accum_usteps',
  ],
  [
    size('training.epochs'),
    'num_train_epochs epochs num_epochs max_epochs total_epochs n_epochs epoch nepochs train_epochs max_train_epochs train.epochs trainer.max_epochs',
  ],
  [
    size('training.max_steps'),
    'max_steps max_train_steps train_iters num_train_steps training_steps train_steps total_steps max_iters num_steps iterations total_iters max_training_steps training.steps trainer.max_steps train.max_steps',
  ],
  [size('training.train_samples'), 'train_samples'],
  [size('training.max_steps_per_epoch'), 'max_steps_per_epoch'],
  [size('training.steps_per_epoch'), 'steps_per_epoch'],
  [size('training.max_tokens'), 'max_tokens_total train.max_tokens total_tokens'],
  [
    number('training.max_grad_norm'),
    'max_grad_norm clip_grad grad_clip gradient_clip_val clip_grad_norm gradient_clipping max_norm gradient_clip training.max_norm',
  ],
  [whole('training.seed'), 'seed random_seed training.seed debug.seed seed_everything'],
  [
    number('optimizer.lr'),
    'learning_rate lr actor_learning_rate base_learning_rate peak_lr max_lr optim.lr optimizer.lr train.learning_rate',
  ],
  [number('optimizer.min_lr'), 'min_lr min_learning_rate lr_min train.min_lr'],
  [number('rl.critic_lr'), 'critic_learning_rate critic_lr'],
  [
    valued(
      'optimizer.scheduler',
      normal((text) => (text.length > 3 ? toScheduler(text) : undefined)),
    ),
    'lr_scheduler_type lr_scheduler lr_decay_style sched lr_schedule scheduler scheduler_type scheduler_name lr_scheduler_name',
  ],
  [
    whole('optimizer.warmup_steps'),
    'warmup_steps num_warmup_steps lr_warmup_steps lr_warmup_iters warmup_iters train.lr_warmup_steps lr_scheduler.warmup_steps',
  ],
  [number('optimizer.warmup_ratio'), 'warmup_ratio lr_warmup_ratio lr_warmup_fraction warmup_proportion'],
  [number('optimizer.warmup_epochs'), 'warmup_epochs'],
  [
    number('optimizer.weight_decay'),
    'weight_decay wd actor_weight_decay adam_weight_decay optim.weight_decay train.weight_decay',
  ],
  [number('optimizer.momentum'), 'momentum'],
  [number('optimizer.beta1'), 'adam_beta1 beta1 train.beta1'],
  [number('optimizer.beta2'), 'adam_beta2 beta2 train.beta2'],
  [number('optimizer.eps'), 'adam_epsilon adam_eps opt_eps'],
  [
    valued('optimizer.name', normal(toOptimizer)),
    'optim optimizer opt optimizer_type optimizer_name optim_type optimizer.name',
  ],
  [switched('optimizer.name', 'adam_8bit'), 'use_8bit_adam'],
  [
    valued('checkpoint.output_dir', words, { asWritten: true }),
    'output_dir output_path save_folder checkpoint_dir checkpoint_path save_dir save_path default_root_dir out_dir outdir ckpt_dir ckpt_output_path logging_dir_root job.dump_folder trainer.default_root_dir',
  ],
  [valued('checkpoint.save_strategy', words), 'save_strategy'],
  [
    size('checkpoint.save_steps'),
    'save_steps checkpointing_steps save_interval checkpoint_interval checkpoint_freq checkpoint_every save_every_n_steps save_freq save_every_steps ckpt_interval checkpoint.interval train.save_interval',
  ],
  [size('checkpoint.save_epochs'), 'checkpointing_epochs save_epochs save_every_n_epochs save_epoch_freq'],
  [
    size('checkpoint.save_total_limit'),
    'save_total_limit checkpoints_total_limit max_checkpoints keep_checkpoints max_ckpt_num keep_last_n_checkpoints save_ckpt_num num_kept_checkpoint num_kept_checkpoints checkpoint.keep_latest_k',
  ],
  [valued('eval.strategy', words), 'eval_strategy evaluation_strategy'],
  [
    size('eval.steps'),
    'eval_steps evaluation_steps eval_interval eval_freq validation_freq eval_every val_interval test_freq eval.interval',
  ],
  [valued('logging.report_to', words, { ignore: /^none$/i }), 'report_to'],
  [
    size('data.seq_len'),
    'max_seq_length max_seq_len seq_length seq_len sequence_length model_max_length max_length block_size cutoff_len max_context_width context_length sequence_len max_len max_sequence_length train.max_seq_length training.seq_len tokenizer.max_seq_len',
  ],
  [switched('data.padding_free', true, false), 'padding_free'],
  [size('data.image_size'), 'resolution image_size img_size input_size crop_size train_crop_size img'],
  [
    size('data.frames'),
    'max_num_frames num_frames frame_buckets n_frames target_frames sample_n_frames video_sample_n_frames',
  ],
  [size('data.image_height'), 'height height_buckets image_height video_height sample_height max_height'],
  [size('data.image_width'), 'width width_buckets image_width video_width sample_width max_width'],
  [
    whole('data.num_workers'),
    'dataloader_num_workers max_data_loader_n_workers num_workers workers j n_workers data.num_workers',
  ],
  [switched('data.packing', true, false), 'packing sample_packing use_packing packing_samples neat_packing'],
  [
    switched('training.gradient_checkpointing', true, false),
    'gradient_checkpointing grad_checkpointing activation_checkpointing enable_gradient_checkpointing actor_gradient_checkpointing use_gradient_checkpointing checkpoint_activations enable_activation_checkpointing grad_checkpoint gradient_checkpoint recompute_activations enable_checkpointing_activations',
  ],
  [
    switched('training.activation_offloading', true, false),
    'offload_activations activation_offloading cpu_offloading_activations enable_activation_offloading',
  ],
  [
    switched('training.compile', true, false),
    'torch_compile compile torchcompile compile_model use_compile training.compile compile.enable',
  ],
  [switched('training.channels_last', true, false), 'channels_last use_channels_last'],
  [switched('data.group_by_length', true, false), 'group_by_length group_texts_by_length'],
  [switched('training.liger_kernel', true, false), 'use_liger_kernel use_liger enable_liger_kernel liger_kernel'],
  [switched('training.tf32', true, false), 'tf32 allow_tf32 use_tf32'],
  [
    whole('lora.r'),
    'lora_r lora_rank lora_dim network_dim actor_lora_dim rank lora.r lora_config.r peft.lora_rank model.lora_rank target_r r',
  ],
  [number('lora.alpha'), 'lora_alpha network_alpha actor_lora_alpha model.lora_alpha'],
  [number('lora.dropout'), 'lora_dropout actor_lora_dropout'],
  [valued('quantization.method', words, { ignore: /^(none|nf4dq)$/i }), 'bnb_4bit_quant_type quant_type'],
  [
    switched('quantization.double_quant', true, false),
    'double_quant use_nested_quant bnb_4bit_use_double_quant use_double_quant',
  ],
  [valued('quantization.compute_dtype', precision), 'bnb_4bit_compute_dtype'],
  [whole('parallel.zero_stage'), 'zero_stage actor_zero_stage'],
  [
    size('parallel.tp'),
    'tensor_model_parallel_size tensor_parallel_size tp_size tp tensor_parallel_degree training.tensor_parallel_degree parallelism.tensor_parallel_degree',
  ],
  [
    size('parallel.pp'),
    'pipeline_model_parallel_size pipeline_parallel_size pp_size pp pipeline_parallel_degree parallelism.pipeline_parallel_degree',
  ],
  [size('parallel.cp'), 'context_parallel_size cp_size cp context_parallel_degree parallelism.context_parallel_degree'],
  [size('parallel.ep'), 'expert_model_parallel_size expert_parallel_size ep_size ep'],
  [size('parallel.sp'), 'sequence_parallel_size ring_attn_size sp_size ulysses_degree'],
  [valued('model.attn_implementation', words), 'attn_implementation attn_impl attention_implementation'],
  [
    switched('model.attn_implementation', 'flash_attention_2'),
    'use_flash_attn flash_attn use_flash_attention_2 use_flash_attention use_flash_attn_2',
  ],
  [valued('model.arch', words), 'arch a'],
  [valued('model.revision', words), 'revision model_revision'],
  [valued('model.vision_tower', words, { asWritten: true }), 'vision_tower vision_tower_name_or_path vision_model'],
  [size('model.num_layers'), 'num_layers n_layers num_hidden_layers n_layer depth'],
  [size('model.hidden_size'), 'hidden_size hidden_width hidden_dim n_embd d_model'],
  [size('model.ffn_hidden_size'), 'ffn_hidden_size intermediate_size'],
  [size('model.num_heads'), 'num_attention_heads num_heads n_heads n_head'],
  [size('model.num_kv_heads'), 'num_query_groups num_key_value_heads n_kv_heads num_kv_heads'],
  [size('model.vocab_size'), 'vocab_size'],
  [size('model.max_position_embeddings'), 'max_position_embeddings'],
  [size('model.moe_ffn_hidden_size'), 'moe_ffn_hidden_size moe_intermediate_size'],
  [size('model.moe_shared_hidden_size'), 'moe_shared_expert_intermediate_size'],
  [size('model.num_experts'), 'num_experts num_local_experts n_experts'],
  [size('model.experts_per_token'), 'moe_router_topk num_experts_per_tok'],
  [size('model.head_dim'), 'kv_channels head_dim'],
  [number('rl.beta'), 'beta dpo_beta'],
  [number('rl.kl_coef'), 'kl_coef init_kl_coef kl_coeff'],
  [size('rl.num_generations'), 'num_generations n_samples_per_prompt num_return_sequences rollout_n'],
  [size('rl.max_prompt_length'), 'max_prompt_length max_prompt_seq_len prompt_max_len'],
  [size('rl.max_completion_length'), 'max_completion_length max_answer_seq_len generate_max_len response_length'],
  [
    size('rl.rollout_batch_size'),
    'rollout_batch_size per_device_generation_batch_size per_device_generation_train_batch_size',
  ],
  [size('rl.rollout_engines'), 'vllm_num_engines'],
  [valued('rl.rollout_colocated', choice('colocate', 'server')), 'vllm_mode'],
  [switched('rl.rollout_sleep', true, false), 'vllm_enable_sleep_mode vllm_enable_sleep'],
  [switched('training.ema', true, false), 'use_ema model_ema'],
  [size('serving.tp'), 'vllm_tensor_parallel_size'],
  [valued('rl.reward_model', words, { asWritten: true }), 'reward_pretrain reward_model reward_model_path'],
  [switched('parallel.offload_optimizer', 'cpu'), 'adam_offload offload_optimizer'],
  [size('rl.total_episodes'), 'total_episodes num_episodes'],
  [number('data.val_fraction'), 'val_fraction validation_split val_split'],
);

/** Flags of Megatron-LM and what is built on it; the meaning of the common ones stays. */
export const megatronFlags: FlagTable = table(
  [valued('checkpoint.output_dir', words, { asWritten: true }), 'save'],
  [switched('checkpoint.async', true, false, 'bare'), 'async_save'],
  [switched('parallel.sequence_parallel', true, false, 'bare'), 'sequence_parallel'],
  [switched('parallel.distributed_optimizer', true, false, 'bare'), 'use_distributed_optimizer'],
  [switched('training.gradient_checkpointing', true, false, 'bare'), 'recompute_activations checkpoint_activations'],
  [
    valued('training.gradient_checkpointing', {
      read: (text) => (/^(full|selective|uniform|block)$/.test(text) ? { value: true, derived: true } : undefined),
      spell: (value) => (value ? 'selective' : undefined),
    }),
    'recompute_granularity recompute_method activations_checkpoint_method',
  ],
  [switched('parallel.strategy', 'fsdp', undefined, 'bare'), 'use_megatron_fsdp use_torch_fsdp2 use_custom_fsdp'],
  [switched('model.tie_embeddings', false, undefined, 'bare'), 'untie_embeddings_and_output_weights'],
  [switched('model.attn_implementation', 'flash_attention_2', undefined, 'bare'), 'use_flash_attn'],
  [switched('parallel.offload_optimizer', 'cpu', undefined, 'bare'), 'optimizer_cpu_offload'],
  [valued('data.dataset', words, { ignore: /.*/ }), 'data_path'],
);

/** Flags of inference servers. Lengths and dtypes are the engine's here, not a training run's. */
export const servingFlags: FlagTable = table(
  [size('parallel.tp'), 'tensor_parallel_size tp tp_size num_shard tensor_parallel'],
  [size('parallel.pp'), 'pipeline_parallel_size pp pp_size'],
  [size('parallel.dp'), 'data_parallel_size dp dp_size'],
  [size('parallel.ep'), 'ep ep_size'],
  [size('serving.max_model_len'), 'max_model_len context_length max_total_tokens max_seq_len session_len'],
  [size('serving.max_num_seqs'), 'max_num_seqs max_num_seq max_running_requests max_concurrent_requests'],
  [size('serving.max_batch_size'), 'max_batch_size max_batch_total_requests'],
  [
    size('serving.max_batched_tokens'),
    'max_num_batched_tokens max_batch_total_tokens max_num_tokens max_prefill_tokens',
  ],
  [
    number('serving.gpu_memory_utilization'),
    'gpu_memory_utilization mem_fraction_static cuda_memory_fraction cache_max_entry_count kv_cache_free_gpu_memory_fraction',
  ],
  [valued('serving.dtype', precision), 'dtype'],
  [valued('serving.kv_dtype', precision), 'kv_cache_dtype'],
  [valued('quantization.method', words, { ignore: /^none$/i }), 'quantization quantize q'],
  [
    valued('serving.draft_model', words, { asWritten: true }),
    'speculative_model speculative_draft_model_path speculative_config.model',
  ],
  [
    size('serving.speculative_tokens'),
    'num_speculative_tokens speculative_num_draft_tokens speculative_config.num_speculative_tokens speculate',
  ],
  [valued('serving.speculative_method', words), 'speculative_algorithm speculative_config.method'],
  [drafting, 'speculative_config'],
  [switched('serving.prefix_caching', true, false, 'bare'), 'enable_prefix_caching'],
  [switched('serving.prefix_caching', false, undefined, 'bare'), 'no_enable_prefix_caching disable_radix_cache'],
  [switched('serving.expert_parallel', true, false, 'bare'), 'enable_expert_parallel enable_ep_moe'],
  [size('serving.max_loras'), 'max_loras'],
  [size('serving.max_lora_rank'), 'max_lora_rank'],
  [number('serving.kv_offload_gib'), 'kv_offloading_size'],
  [valued('model.revision', words), 'revision'],
);
