import { spanOf } from '../source/traced.ts';
import { find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import {
  count,
  flag,
  type KeyForm,
  mapped,
  names,
  number,
  optimizer,
  precision,
  readOnly,
  scheduler,
  text,
  when,
} from './dialects/key-form.ts';
import { addFact, type Gathered, type KeyTable, toFact } from './dialects/key-map.ts';

/** No limit stated means the model's own, which the config does not name. */
const length: KeyForm = mapped(count('data.seq_len'), (answer, value) =>
  value === null ? { open: "null: the length of the model's own limit" } : answer,
);

const classes = {
  adamw: 'torch.optim.AdamW',
  adam: 'torch.optim.Adam',
  sgd: 'torch.optim.SGD',
  paged_adamw_32bit: 'bitsandbytes.optim.PagedAdamW',
  paged_adamw_8bit: 'bitsandbytes.optim.PagedAdamW8bit',
  adamw_8bit: 'bitsandbytes.optim.AdamW8bit',
};

/** A dataset of the hub; a file format (`parquet`, `json`) is none. */
const hubDataset: KeyForm = mapped(text('data.dataset'), (answer, value) =>
  /^[\w.-]+\/[\w.-]+$/.test(String(value)) ? answer : undefined,
);

/** A loss class says what is trained for. */
const method: KeyForm = {
  quiet: true,
  fact: 'training.method',
  read: (value) => {
    const found = /(DPO|RSO|SimPO|KTO|PPO|GRPO)\w*Loss$/.exec(String(value ?? ''))?.[1];
    return found === undefined ? undefined : { value: found === 'RSO' ? 'dpo' : found.toLowerCase(), derived: true };
  },
  write: () => undefined,
};

/** Keys of torchtune's recipes, in a config and as words of `tune run`. */
export const torchtuneKeys = {
  output_dir: text('checkpoint.output_dir'),
  'model._component_': text('model.builder'),
  'policy_model._component_': text('model.builder'),
  'model.lora_rank': count('lora.r'),
  'model.lora_alpha': number('lora.alpha'),
  'model.lora_dropout': number('lora.dropout'),
  'model.lora_attn_modules': readOnly(names('lora.target_modules')),
  'model.quantize_base': when('quantization.bits', 4),
  'model.max_seq_len': readOnly(count('data.seq_len')),
  'tokenizer.max_seq_len': length,
  'tokenizer.image_size': count('data.image_size'),
  'model.image_size': readOnly(count('data.image_size')),
  'checkpointer.checkpoint_dir': text('model.path'),
  'checkpointer.output_dir': readOnly(text('checkpoint.output_dir')),
  'training.checkpointer.checkpoint_dir': readOnly(text('model.path')),
  'teacher_model._component_': text('distill.teacher'),
  kd_ratio: number('distill.ratio'),
  'dataset.source': readOnly(hubDataset),
  'dataset._component_': text('data.dataset'),
  'dataset.0._component_': text('data.dataset'),
  'dataset.packed': flag('data.packing'),
  'dataset.0.packed': readOnly(flag('data.packing')),
  seed: number('training.seed'),
  'optimizer._component_': optimizer(classes),
  'optimizer.lr': number('optimizer.lr'),
  'optimizer.weight_decay': number('optimizer.weight_decay'),
  'optimizer.fused': flag('optimizer.fused'),
  optimizer_in_bwd: flag('optimizer.in_backward'),
  'optimizer.betas': readOnly(names('optimizer.betas')),
  'optimizer.eps': number('optimizer.eps'),
  'lr_scheduler._component_': scheduler(),
  'lr_scheduler.num_warmup_steps': number('optimizer.warmup_steps'),
  'loss._component_': method,
  'loss.beta': number('rl.beta'),
  'loss.kl_coeff': number('rl.kl_coef'),
  batch_size: count('training.per_device_batch_size'),
  grpo_size: count('rl.num_generations'),
  grpo_samples: count('rl.num_generations'),
  epochs: number('training.epochs'),
  max_steps_per_epoch: count('training.max_steps_per_epoch'),
  num_steps: count('training.num_steps'),
  gradient_accumulation_steps: count('training.gradient_accumulation_steps'),
  clip_grad_norm: number('training.max_grad_norm'),
  compile: flag('training.compile'),
  save_every_n_steps: count('checkpoint.save_steps'),
  resume_from_checkpoint: flag('checkpoint.resume'),
  enable_async_checkpointing: flag('checkpoint.async'),
  save_every_n_epochs: count('checkpoint.save_epochs'),
  tensor_parallel_dim: count('parallel.tp'),
  context_parallel_dim: count('parallel.cp'),
  data_parallel_shard_dim: count('parallel.fsdp_shard_size'),
  data_parallel_replicate_dim: count('parallel.fsdp_replicate_size'),
  'fsdp.cpu_offload': when('parallel.offload_params', 'cpu', 'none'),
  fsdp_cpu_offload: when('parallel.offload_params', 'cpu', 'none'),
  enable_activation_checkpointing: flag('training.gradient_checkpointing'),
  enable_activation_offloading: flag('training.activation_offloading'),
  dtype: precision('training.precision', { bf16: 'bf16', fp32: 'fp32' }),
  max_generated_tokens: count('rl.max_completion_length'),
  'orchestration.num_inference_workers': count('rl.rollout_workers'),
  'orchestration.num_training_workers': count('hardware.train_gpus'),
  'orchestration.num_steps': count('training.max_steps'),
  'inference.engine': text('rl.rollout_engine'),
  'inference.max_generated_tokens': count('rl.max_completion_length'),
  'inference.group_size': count('rl.num_generations'),
  'inference.total_batch_size': readOnly(count('rl.rollout_batch_size')),
  'training.batch_size': count('training.per_device_batch_size'),
  'training.gradient_accumulation_steps': count('training.gradient_accumulation_steps'),
  'training.clip_grad_norm': number('training.max_grad_norm'),
  'training.save_every_n_steps': count('checkpoint.save_steps'),
  'training.enable_activation_checkpointing': flag('training.gradient_checkpointing'),
  'training.enable_activation_offloading': flag('training.activation_offloading'),
  'training.compile': flag('training.compile'),
  'training.dtype': precision('training.precision', { bf16: 'bf16', fp32: 'fp32' }),
  'training.seed': number('training.seed'),
  'training.optimizer._component_': optimizer(classes),
  'training.optimizer.lr': number('optimizer.lr'),
  'training.optimizer.weight_decay': number('optimizer.weight_decay'),
  'training.optimizer.fused': flag('optimizer.fused'),
  'training.loss.kl_coeff': number('rl.kl_coef'),
} satisfies KeyTable;

/** Recipe configs of torchtune. */
export const reader = keyMapReader({
  id: 'torchtune',
  info: { title: 'torchtune', files: 'recipe configs with _component_ keys' },
  languages: ['yaml'],
  mentions: /_component_/,
  role: 'config',
  interpolation: 'omegaconf',
  table: torchtuneKeys,
  anchors: ['batch_size', 'training.batch_size', 'epochs', 'model._component_'],
  extra(view, gathered) {
    readBuilder(gathered);
    const quantizer = find(view, 'quantizer._component_')?.node;
    if (quantizer?.kind === 'scalar' && /QAT/.test(String(quantizer.value))) {
      addFact(gathered, toFact('quantization.qat', true, quantizer.span, true));
    }
    return [];
  },
});

/** Builders named `lora_...` and `qlora_...` train adapters. */
function readBuilder(gathered: Gathered): void {
  const builder = gathered.facts.find((fact) => fact.name === 'model.builder');
  const span = builder && spanOf(builder.origin);
  const kind = /\.(q?lora)_\w+$/.exec(String(builder?.value ?? ''))?.[1];
  if (!span || !kind) return;
  addFact(gathered, toFact('peft.method', kind, span, true));
  if (kind === 'qlora') addFact(gathered, toFact('quantization.bits', 4, span, true));
}
