import { factValue } from '../facts/fact.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { factSpan } from './dialects/fact-span.ts';
import {
  choice,
  count,
  flag,
  type KeyForm,
  model,
  names,
  number,
  precision,
  readOnly,
  text,
  when,
} from './dialects/key-form.ts';
import { addFact, type Gathered, type KeyTable, toFact } from './dialects/key-map.ts';

const estimators: KeyForm = choice('training.method', {
  gae: 'ppo',
  grpo: 'grpo',
  grpo_passk: 'grpo',
  rloo: 'rloo',
  remax: 'remax',
  reinforce_plus_plus: 'reinforce',
  reinforce_plus_plus_baseline: 'reinforce',
});

const strategies: KeyForm = choice('parallel.strategy', { fsdp: 'fsdp', fsdp2: 'fsdp' });

const actor = 'actor_rollout_ref.actor';
const rollout = 'actor_rollout_ref.rollout';

/** Keys of verl's trainers, in YAML and as Hydra overrides of their commands. */
export const verlKeys: KeyTable = {
  'algorithm.adv_estimator': estimators,
  'data.train_batch_size': count('rl.rollout_batch_size'),
  'data.max_prompt_length': count('rl.max_prompt_length'),
  'data.max_response_length': count('rl.max_completion_length'),
  'actor_rollout_ref.model.path': model(),
  'actor_rollout_ref.model.enable_gradient_checkpointing': flag('training.gradient_checkpointing'),
  'actor_rollout_ref.model.enable_activation_offload': flag('training.activation_offloading'),
  'actor_rollout_ref.model.use_liger': flag('training.liger_kernel'),
  'actor_rollout_ref.model.lora_rank': count('lora.r'),
  'actor_rollout_ref.model.lora_alpha': number('lora.alpha'),
  'actor_rollout_ref.model.target_modules': readOnly(names('lora.target_modules')),
  [`${actor}.strategy`]: strategies,
  [`${actor}.optim.lr`]: number('optimizer.lr'),
  [`${actor}.optim.lr_warmup_steps_ratio`]: number('optimizer.warmup_ratio'),
  [`${actor}.optim.weight_decay`]: number('optimizer.weight_decay'),
  [`${actor}.ppo_mini_batch_size`]: count('training.global_batch_size'),
  [`${actor}.ppo_micro_batch_size_per_gpu`]: count('training.per_device_batch_size'),
  [`${actor}.ppo_max_token_len_per_gpu`]: count('training.tokens_per_microbatch'),
  [`${actor}.grad_clip`]: number('training.max_grad_norm'),
  [`${actor}.kl_loss_coef`]: number('rl.kl_coef'),
  'algorithm.kl_ctrl.kl_coef': number('rl.kl_coef'),
  [`${actor}.ulysses_sequence_parallel_size`]: count('parallel.sp'),
  [`${actor}.fsdp_config.param_offload`]: when('parallel.offload_params', 'cpu', 'none'),
  [`${actor}.fsdp_config.optimizer_offload`]: when('parallel.offload_optimizer', 'cpu', 'none'),
  [`${actor}.megatron.param_offload`]: when('parallel.offload_params', 'cpu', 'none'),
  [`${actor}.megatron.optimizer_offload`]: when('parallel.offload_optimizer', 'cpu', 'none'),
  [`${actor}.fsdp_config.fsdp_size`]: count('parallel.fsdp_shard_size'),
  [`${actor}.megatron.tensor_model_parallel_size`]: count('parallel.tp'),
  [`${actor}.megatron.pipeline_model_parallel_size`]: count('parallel.pp'),
  [`${actor}.megatron.context_parallel_size`]: count('parallel.cp'),
  [`${actor}.megatron.expert_model_parallel_size`]: count('parallel.ep'),
  'actor_rollout_ref.hybrid_engine': flag('rl.rollout_colocated'),
  [`${rollout}.free_cache_engine`]: flag('rl.rollout_sleep'),
  [`${rollout}.name`]: text('rl.rollout_engine'),
  [`${rollout}.n`]: count('rl.num_generations'),
  [`${rollout}.tensor_model_parallel_size`]: count('serving.tp'),
  [`${rollout}.gpu_memory_utilization`]: number('serving.gpu_memory_utilization'),
  [`${rollout}.dtype`]: precision('serving.dtype', { bf16: 'bfloat16', fp16: 'half' }),
  [`${rollout}.max_num_seqs`]: count('serving.max_num_seqs'),
  [`${rollout}.max_num_batched_tokens`]: count('serving.max_batched_tokens'),
  [`${rollout}.max_model_len`]: count('serving.max_model_len'),
  'critic.optim.lr': number('rl.critic_lr'),
  'reward_model.model.path': text('rl.reward_model'),
  'trainer.n_gpus_per_node': count('hardware.gpus_per_node'),
  'trainer.nnodes': count('hardware.nodes'),
  'trainer.total_epochs': number('training.epochs'),
  'trainer.total_training_steps': count('training.max_steps'),
  'trainer.save_freq': count('checkpoint.save_steps'),
  'trainer.test_freq': count('eval.steps'),
  'trainer.max_actor_ckpt_to_keep': count('checkpoint.save_total_limit'),
  'trainer.default_local_dir': text('checkpoint.output_dir'),
};

/** Keys of verl's supervised trainer. */
export const verlSftKeys: KeyTable = {
  'data.train_batch_size': count('training.global_batch_size'),
  'data.micro_batch_size_per_gpu': count('training.per_device_batch_size'),
  'data.micro_batch_size': count('training.per_device_batch_size'),
  'data.max_token_len_per_gpu': count('training.tokens_per_microbatch'),
  'data.max_length': count('data.seq_len'),
  'model.partial_pretrain': model(),
  'model.path': model(),
  'model.enable_gradient_checkpointing': flag('training.gradient_checkpointing'),
  'model.lora_rank': count('lora.r'),
  'model.lora_alpha': number('lora.alpha'),
  'model.target_modules': readOnly(names('lora.target_modules')),
  'model.strategy': strategies,
  'model.fsdp_config.cpu_offload': when('parallel.offload_params', 'cpu', 'none'),
  'model.fsdp_config.offload_params': when('parallel.offload_params', 'cpu', 'none'),
  'optim.lr': number('optimizer.lr'),
  'optim.weight_decay': number('optimizer.weight_decay'),
  'optim.warmup_steps_ratio': number('optimizer.warmup_ratio'),
  'optim.lr_warmup_steps_ratio': number('optimizer.warmup_ratio'),
  'optim.clip_grad': number('training.max_grad_norm'),
  'optim.lr_scheduler': text('optimizer.scheduler'),
  ulysses_sequence_parallel_size: count('parallel.sp'),
  'trainer.default_local_dir': text('checkpoint.output_dir'),
  'trainer.total_epochs': number('training.epochs'),
  'trainer.total_training_steps': count('training.max_steps'),
  'trainer.save_freq': count('checkpoint.save_steps'),
  'trainer.test_freq': count('eval.steps'),
  'trainer.seed': number('training.seed'),
  'trainer.n_gpus_per_node': count('hardware.gpus_per_node'),
  'trainer.nnodes': count('hardware.nodes'),
};

/** Configs of verl: reinforcement learning and supervised fine-tuning. */
export const reader = keyMapReader({
  id: 'verl',
  info: { title: 'verl', files: 'ppo_trainer.yaml and configs with actor_rollout_ref' },
  languages: ['yaml'],
  mentions: /actor_rollout_ref|partial_pretrain|n_gpus_per_node/,
  role: 'config',
  interpolation: 'omegaconf',
  table: ({ root }) =>
    root.entries.some((entry) => /^(?:actor_rollout_ref|algorithm|actor)$/.test(entry.key)) ? verlKeys : verlSftKeys,
  anchors: ['trainer.n_gpus_per_node', 'actor_rollout_ref', 'data.train_batch_size'],
  extra(_view, gathered) {
    readWorld(gathered);
    return [];
  },
});

/** All GPUs: those of a node times the nodes. */
function readWorld(gathered: Gathered): void {
  const perNode = factValue(gathered.facts, 'hardware.gpus_per_node');
  const nodes = factValue(gathered.facts, 'hardware.nodes');
  const span = factSpan(gathered, 'hardware.gpus_per_node');
  const also = factSpan(gathered, 'hardware.nodes');
  if (perNode && nodes && span && also)
    addFact(gathered, toFact('hardware.total_gpus', perNode * nodes, span, true, [also]));
}
