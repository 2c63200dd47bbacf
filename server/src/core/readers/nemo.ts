import { factValue } from '../facts/fact.ts';
import { type ConfigView, find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { factSpan } from './dialects/fact-span.ts';
import {
  choice,
  count,
  flag,
  type KeyForm,
  mapped,
  model,
  names,
  number,
  optimizer,
  precision,
  quiet,
  readOnly,
  scheduler,
  text,
  when,
} from './dialects/key-form.ts';
import { addFact, type Gathered, type KeyTable, toFact } from './dialects/key-map.ts';
import { toSlurmHours } from './dialects/quantity.ts';

const recompute: KeyForm = mapped(text('training.gradient_checkpointing'), (_, value) =>
  typeof value === 'string' && /^(?:full|selective|uniform|block)$/.test(value)
    ? { value: true, derived: true }
    : undefined,
);

const modules: KeyForm = quiet(choice('training.recomputed_modules', { selective: ['core_attn'] }));

const optimizers = {
  distributed_fused_adam: 'distributed_fused_adam',
  fused_adam: 'fused_adam',
  adam: 'fused_adam',
  adamw: 'adamw',
};

/** A list of weighted prefixes, or one name. */
const prefix: KeyForm = {
  fact: 'data.dataset',
  read: (value) => {
    const found = Array.isArray(value) ? value.find((item) => !/^[\d.]+$/.test(item)) : value;
    return typeof found === 'string' && found !== '' ? { value: found } : undefined;
  },
  write: () => undefined,
};

/** Slurm's spelling of a limit: `04:00:00`, `0-01:00:00`. */
const timeLimit: KeyForm = {
  fact: 'hardware.time_limit_hours',
  read: (value, raw) => {
    const hours = toSlurmHours(typeof value === 'string' ? value : raw.replace(/["']/g, ''));
    return hours === undefined || hours <= 0 ? undefined : { value: hours, derived: true };
  },
  write: () => undefined,
};

/** Keys of NeMo's Megatron configs: a Lightning trainer, an experiment manager and the model. */
export const nemoKeys: KeyTable = {
  'trainer.devices': count('hardware.gpus_per_node'),
  'trainer.num_nodes': count('hardware.nodes'),
  'trainer.precision': precision('training.precision', { bf16: 'bf16', fp16: '16', fp32: '32' }),
  'trainer.max_epochs': count('training.epochs'),
  'trainer.max_steps': count('training.max_steps'),
  'trainer.val_check_interval': mapped(count('eval.steps'), (answer) =>
    answer && 'value' in answer && Number(answer.value) <= 1 ? undefined : answer,
  ),
  // One means that Megatron works the accumulation out from its batch sizes.
  'trainer.accumulate_grad_batches': mapped(count('training.gradient_accumulation_steps'), (answer) =>
    answer && 'value' in answer && answer.value === 1 ? undefined : answer,
  ),
  'trainer.gradient_clip_val': number('training.max_grad_norm'),
  'exp_manager.explicit_log_dir': text('checkpoint.output_dir'),
  'exp_manager.exp_dir': text('checkpoint.output_dir'),
  'exp_manager.create_checkpoint_callback': flag('checkpoint.enabled'),
  'model.data.data_impl': readOnly(choice('data.dataset', { mock: 'mock' })),
  'exp_manager.checkpoint_callback_params.async_save': flag('checkpoint.async'),
  'exp_manager.checkpoint_callback_params.save_top_k': count('checkpoint.save_total_limit'),
  'exp_manager.checkpoint_callback_params.every_n_train_steps': count('checkpoint.save_steps'),
  'model.restore_from_path': text('model.path'),
  'model.micro_batch_size': count('training.per_device_batch_size'),
  'model.global_batch_size': count('training.global_batch_size'),
  'model.tensor_model_parallel_size': count('parallel.tp'),
  'model.pipeline_model_parallel_size': count('parallel.pp'),
  'model.context_parallel_size': count('parallel.cp'),
  'model.expert_model_parallel_size': count('parallel.ep'),
  'model.sequence_parallel': flag('parallel.sequence_parallel'),
  'model.encoder_seq_length': count('data.seq_len'),
  'model.data.seq_length': count('data.seq_len'),
  'model.data.train_ds.max_seq_length': count('data.seq_len'),
  'model.max_position_embeddings': count('model.max_position_embeddings'),
  'model.num_layers': count('model.num_layers'),
  'model.hidden_size': count('model.hidden_size'),
  'model.ffn_hidden_size': count('model.ffn_hidden_size'),
  'model.num_attention_heads': count('model.num_heads'),
  'model.num_query_groups': count('model.num_kv_heads'),
  'model.num_moe_experts': count('model.num_experts'),
  'model.seed': number('training.seed'),
  'model.activations_checkpoint_granularity': [recompute, modules],
  'model.activations_checkpoint_method': readOnly(recompute),
  'model.fp8': when('training.precision', 'fp8'),
  'model.peft.peft_scheme': mapped(text('peft.method'), (answer, value) => (value === 'none' ? undefined : answer)),
  'model.peft.lora_tuning.adapter_dim': count('lora.r'),
  'model.peft.lora_tuning.alpha': number('lora.alpha'),
  'model.peft.lora_tuning.adapter_dropout': number('lora.dropout'),
  'model.peft.lora_tuning.target_modules': readOnly(names('lora.target_modules')),
  'model.data.data_prefix': prefix,
  'model.data.train_ds.file_names': prefix,
  'model.data.num_workers': number('data.num_workers'),
  'model.optim.name': optimizer(optimizers),
  'model.optim.lr': number('optimizer.lr'),
  'model.optim.weight_decay': number('optimizer.weight_decay'),
  'model.optim.betas': readOnly(names('optimizer.betas')),
  'model.optim.sched.name': scheduler(),
  'model.optim.sched.warmup_steps': number('optimizer.warmup_steps'),
  'model.optim.sched.warmup_ratio': number('optimizer.warmup_ratio'),
  'model.optim.sched.min_lr': number('optimizer.min_lr'),
  'run.name': text('job.name'),
  'run.time_limit': timeLimit,
};

/** Keys of NeMo RL that hold for both of its training backends. */
const policy: KeyTable = {
  'policy.model_name': model(),
  'policy.precision': precision('training.precision', { bf16: 'bfloat16', fp32: 'float32' }),
  'policy.train_global_batch_size': count('training.global_batch_size'),
  'policy.train_micro_batch_size': count('training.per_device_batch_size'),
  'policy.max_total_sequence_length': count('data.seq_len'),
  'policy.max_grad_norm': number('training.max_grad_norm'),
  'policy.sequence_packing.enabled': flag('data.packing'),
  'policy.generation.backend': text('rl.rollout_engine'),
  'policy.generation.colocated.enabled': flag('rl.rollout_colocated'),
  'policy.generation.max_new_tokens': count('rl.max_completion_length'),
  'policy.generation.vllm_cfg.tensor_parallel_size': count('serving.tp'),
  'policy.generation.vllm_cfg.gpu_memory_utilization': number('serving.gpu_memory_utilization'),
  'policy.generation.vllm_cfg.max_model_len': count('serving.max_model_len'),
  'grpo.num_prompts_per_step': count('rl.rollout_batch_size'),
  'grpo.num_generations_per_prompt': count('rl.num_generations'),
  'grpo.max_num_steps': count('training.max_steps'),
  'grpo.max_num_epochs': count('training.epochs'),
  'grpo.val_period': count('eval.steps'),
  'grpo.seed': number('training.seed'),
  'sft.max_num_steps': count('training.max_steps'),
  'sft.max_num_epochs': count('training.epochs'),
  'sft.val_period': count('eval.steps'),
  'sft.seed': number('training.seed'),
  'dpo.max_num_steps': count('training.max_steps'),
  'dpo.max_num_epochs': count('training.epochs'),
  'dpo.val_period': count('eval.steps'),
  'dpo.reference_policy_kl_penalty': number('rl.beta'),
  'dpo.seed': number('training.seed'),
  'rm.max_num_steps': count('training.max_steps'),
  'rm.max_num_epochs': count('training.epochs'),
  'loss_fn.reference_policy_kl_penalty': number('rl.kl_coef'),
  'checkpointing.checkpoint_dir': text('checkpoint.output_dir'),
  'checkpointing.save_period': count('checkpoint.save_steps'),
  'checkpointing.keep_top_k': count('checkpoint.save_total_limit'),
  'checkpointing.enabled': flag('checkpoint.enabled'),
  'data.dataset_name': text('data.dataset'),
  'data.train.dataset_name': text('data.dataset'),
  'data.num_workers': number('data.num_workers'),
  'cluster.gpus_per_node': count('hardware.gpus_per_node'),
  'cluster.num_nodes': count('hardware.nodes'),
};

const dtensor: KeyTable = {
  ...policy,
  'policy.optimizer.name': optimizer({ adamw: 'torch.optim.AdamW' }),
  'policy.optimizer.kwargs.lr': number('optimizer.lr'),
  'policy.optimizer.kwargs.weight_decay': number('optimizer.weight_decay'),
  'policy.optimizer.kwargs.betas': readOnly(names('optimizer.betas')),
  'policy.optimizer.kwargs.eps': number('optimizer.eps'),
  'policy.dtensor_cfg.tensor_parallel_size': count('parallel.tp'),
  'policy.dtensor_cfg.context_parallel_size': count('parallel.cp'),
  'policy.dtensor_cfg.expert_parallel_size': count('parallel.ep'),
  'policy.dtensor_cfg.sequence_parallel': flag('parallel.sequence_parallel'),
  'policy.dtensor_cfg.activation_checkpointing': flag('training.gradient_checkpointing'),
  'policy.dtensor_cfg.cpu_offload': when('parallel.offload_params', 'cpu', 'none'),
};

const megatronPolicy: KeyTable = {
  ...policy,
  'policy.megatron_cfg.tensor_model_parallel_size': count('parallel.tp'),
  'policy.megatron_cfg.pipeline_model_parallel_size': count('parallel.pp'),
  'policy.megatron_cfg.context_parallel_size': count('parallel.cp'),
  'policy.megatron_cfg.expert_model_parallel_size': count('parallel.ep'),
  'policy.megatron_cfg.sequence_parallel': flag('parallel.sequence_parallel'),
  'policy.megatron_cfg.activation_checkpointing': flag('training.gradient_checkpointing'),
  'policy.megatron_cfg.optimizer.optimizer': optimizer({ adam: 'adam', sgd: 'sgd' }),
  'policy.megatron_cfg.optimizer.lr': number('optimizer.lr'),
  'policy.megatron_cfg.optimizer.min_lr': number('optimizer.min_lr'),
  'policy.megatron_cfg.optimizer.weight_decay': number('optimizer.weight_decay'),
  'policy.megatron_cfg.optimizer.use_distributed_optimizer': flag('parallel.distributed_optimizer'),
  'policy.megatron_cfg.scheduler.lr_decay_style': scheduler(),
  'policy.megatron_cfg.scheduler.lr_warmup_iters': number('optimizer.warmup_steps'),
};

/** All keys of NeMo RL, for overrides on a command line, which may name either backend. */
export const nemoRlKeys: KeyTable = { ...dtensor, ...megatronPolicy };

/** The backend that is switched on; DTensor where nothing says so. */
function policyTable(view: ConfigView): KeyTable {
  const enabled = find(view, 'policy.megatron_cfg.enabled')?.node;
  return enabled?.kind === 'scalar' && enabled.value === true ? megatronPolicy : dtensor;
}

/** Keys of NeMo AutoModel recipes. */
const automodel: KeyTable = {
  'model.pretrained_model_name_or_path': model(),
  'model.config.pretrained_model_name_or_path': readOnly(model()),
  'model.torch_dtype': precision('training.precision', { bf16: 'bfloat16', fp32: 'float32' }),
  'model.attn_implementation': text('model.attn_implementation'),
  'step_scheduler.global_batch_size': count('training.global_batch_size'),
  'step_scheduler.local_batch_size': count('training.per_device_batch_size'),
  'step_scheduler.grad_acc_steps': count('training.gradient_accumulation_steps'),
  'step_scheduler.num_epochs': count('training.epochs'),
  'step_scheduler.max_steps': count('training.max_steps'),
  'step_scheduler.ckpt_every_steps': count('checkpoint.save_steps'),
  'step_scheduler.val_every_steps': count('eval.steps'),
  'peft.dim': count('lora.r'),
  'peft.alpha': number('lora.alpha'),
  'dataset.dataset_name': text('data.dataset'),
  'dataset.path_or_dataset': text('data.dataset'),
  'optimizer._target_': readOnly(optimizer()),
  'optimizer.lr': number('optimizer.lr'),
  'optimizer.weight_decay': number('optimizer.weight_decay'),
  'distributed.tp_size': count('parallel.tp'),
  'distributed.cp_size': count('parallel.cp'),
  'distributed.dp_replicate_size': count('parallel.fsdp_replicate_size'),
  'distributed.activation_checkpointing': flag('training.gradient_checkpointing'),
  'checkpoint.enabled': flag('checkpoint.enabled'),
  'checkpoint.checkpoint_dir': text('checkpoint.output_dir'),
  'rng.seed': number('training.seed'),
};

/** Configs of NVIDIA NeMo: Megatron language models, NeMo RL and NeMo AutoModel. */
export const reader = keyMapReader({
  id: 'nemo',
  info: { title: 'NeMo', files: 'YAML with trainer and exp_manager, policy and cluster, or step_scheduler' },
  languages: ['yaml'],
  mentions: /exp_manager|model_parallel_size|encoder_seq_length|step_scheduler|gpus_per_node|train_global_batch_size/,
  role: 'config',
  interpolation: 'omegaconf',
  table: (view) => {
    const keys = new Set(view.root.entries.map((entry) => entry.key));
    return keys.has('policy') ? policyTable(view) : keys.has('step_scheduler') ? automodel : nemoKeys;
  },
  anchors: ['model.micro_batch_size', 'policy.train_micro_batch_size', 'step_scheduler', 'trainer'],
  nameKey: 'name',
  bases: (root) => {
    const base = root.entries.find((entry) => entry.key === 'defaults')?.value;
    return base?.kind === 'scalar' && typeof base.value === 'string' ? [{ path: base.value }] : [];
  },
  extra(view, gathered) {
    readMethod(
      view.root.entries.map((entry) => entry.key),
      gathered,
    );
    return [];
  },
});

/** NeMo RL names the algorithm by the block that sets it; the world is nodes times GPUs. */
function readMethod(keys: readonly string[], gathered: Gathered): void {
  const method = keys.find((key) => /^(?:grpo|dpo|sft|rm)$/.test(key));
  const place = factSpan(gathered, 'training.max_steps') ?? factSpan(gathered, 'rl.num_generations');
  if (method && place && keys.includes('policy')) {
    addFact(gathered, toFact('training.method', method === 'rm' ? 'reward' : method, place, true));
  }
  const perNode = factValue(gathered.facts, 'hardware.gpus_per_node');
  const nodes = factValue(gathered.facts, 'hardware.nodes');
  const span = factSpan(gathered, 'hardware.gpus_per_node');
  const also = factSpan(gathered, 'hardware.nodes');
  if (perNode && nodes && span && also)
    addFact(gathered, toFact('hardware.total_gpus', perNode * nodes, span, true, [also]));
}
