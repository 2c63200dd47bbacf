import type { Refusal, SpecChange } from '../reader.ts';
import { type ConfigView, find, has } from './config-view.ts';
import type { Setting } from './dialect.ts';
import {
  choice,
  count,
  flag,
  fraction,
  type KeyForm,
  mapped,
  model,
  names,
  number,
  optimizer,
  precision,
  quiet,
  scheduler,
  steps,
  text,
  when,
} from './key-form.ts';
import type { KeyTable } from './key-map.ts';
import { trainerOptimizers } from './optimizer-names.ts';

/** Full names of floating types as torch has them, by normal name. */
export const torchTypes: Readonly<Record<string, string>> = {
  bf16: 'bfloat16',
  fp16: 'float16',
  fp32: 'float32',
};

/** `steps`, `epoch`, `no`; a bare `no` is a flag to a YAML loader. */
const strategy = (fact: 'checkpoint.save_strategy' | 'eval.strategy'): KeyForm =>
  mapped(text(fact), (answer, value) => (value === false ? { value: 'no' } : value === true ? undefined : answer));

/** Whether a run goes on from its last checkpoint; nothing starts anew, and a path names one fixed checkpoint. */
function resume(): KeyForm {
  return mapped(flag('checkpoint.resume'), (answer, value) =>
    value === null ? { value: false, derived: true } : answer,
  );
}

/** Naming a DeepSpeed config is choosing DeepSpeed. */
export const deepspeedStrategy: KeyForm = {
  fact: 'parallel.strategy',
  read: (value) => (typeof value === 'string' && value !== '' ? { value: 'deepspeed', derived: true } : undefined),
  write: () => undefined,
};

/** Keys of `transformers.TrainingArguments`, in a config file or as keyword arguments and flags. */
export const trainingArguments = {
  output_dir: text('checkpoint.output_dir'),
  per_device_train_batch_size: count('training.per_device_batch_size'),
  per_gpu_train_batch_size: count('training.per_device_batch_size'),
  per_device_eval_batch_size: count('training.per_device_eval_batch_size'),
  gradient_accumulation_steps: count('training.gradient_accumulation_steps'),
  num_train_epochs: number('training.epochs'),
  max_steps: count('training.max_steps'),
  learning_rate: number('optimizer.lr'),
  lr_scheduler_type: scheduler(),
  warmup_ratio: number('optimizer.warmup_ratio'),
  warmup_steps: mapped(number('optimizer.warmup_steps'), (answer) =>
    answer && 'value' in answer && Number(answer.value) > 0 && Number(answer.value) < 1
      ? { ...answer, fact: 'optimizer.warmup_ratio' }
      : answer,
  ),
  weight_decay: number('optimizer.weight_decay'),
  adam_beta1: number('optimizer.beta1'),
  adam_beta2: number('optimizer.beta2'),
  adam_epsilon: number('optimizer.eps'),
  max_grad_norm: number('training.max_grad_norm'),
  optim: [
    optimizer(trainerOptimizers),
    quiet(
      choice('optimizer.variant', {
        galore_adamw: 'galore',
        galore_adamw_8bit: 'galore',
        galore_adafactor: 'galore',
        galore_adamw_layerwise: 'galore',
        galore_adamw_8bit_layerwise: 'galore',
        galore_adafactor_layerwise: 'galore',
      }),
    ),
  ],
  bf16: when('training.precision', 'bf16'),
  fp16: when('training.precision', 'fp16'),
  tf32: flag('training.tf32'),
  gradient_checkpointing: flag('training.gradient_checkpointing'),
  activation_offloading: flag('training.activation_offloading'),
  use_liger_kernel: flag('training.liger_kernel'),
  use_liger: flag('training.liger_kernel'),
  torch_compile: flag('training.compile'),
  group_by_length: flag('data.group_by_length'),
  seed: number('training.seed'),
  save_strategy: strategy('checkpoint.save_strategy'),
  save_steps: steps('checkpoint.save_steps'),
  save_total_limit: count('checkpoint.save_total_limit'),
  save_only_model: flag('checkpoint.save_only_model'),
  resume_from_checkpoint: resume(),
  eval_strategy: strategy('eval.strategy'),
  evaluation_strategy: strategy('eval.strategy'),
  eval_steps: steps('eval.steps'),
  dataloader_num_workers: number('data.num_workers'),
  report_to: text('logging.report_to'),
  deepspeed: deepspeedStrategy,
  'fsdp_config.fsdp_version': number('parallel.fsdp_version'),
  'fsdp_config.version': number('parallel.fsdp_version'),
  'fsdp_config.fsdp_offload_params': when('parallel.offload_params', 'cpu', 'none'),
  'fsdp_config.offload_params': when('parallel.offload_params', 'cpu', 'none'),
  'fsdp_config.activation_checkpointing': flag('training.gradient_checkpointing'),
  'fsdp_config.fsdp_activation_checkpointing': flag('training.gradient_checkpointing'),
} satisfies KeyTable;

/** Steps between checkpoints, or the word `epoch`. */
const savePoint: KeyForm = mapped(steps('checkpoint.save_steps'), (answer, value) =>
  value === 'epoch' ? { value: 'epoch', fact: 'checkpoint.save_strategy' } : answer,
);

/** Keys of adapters, quantized loading and attention, under these names in nearly every config of a fine-tuning. */
export const adapterKeys = {
  attn_implementation: text('model.attn_implementation'),
  load_in_8bit: bitsOf(8),
  load_in_4bit: bitsOf(4),
  lora_r: count('lora.r'),
  lora_rank: count('lora.r'),
  lora_alpha: number('lora.alpha'),
  lora_dropout: number('lora.dropout'),
} satisfies KeyTable;

/** Keys of TRL's and the example scripts' argument classes: model, quantisation, adapters, data, preference and RL training. */
export const modelArguments = {
  model_name_or_path: model(),
  model_name: model(),
  model_id: model(),
  model_revision: text('model.revision'),
  dtype: precision('model.dtype', torchTypes),
  torch_dtype: precision('model.dtype', torchTypes),
  attn_implementation: adapterKeys.attn_implementation,
  use_flash_attention_2: when('model.attn_implementation', 'flash_attention_2'),
  use_flash_attn: when('model.attn_implementation', 'flash_attention_2'),
  load_in_8bit: adapterKeys.load_in_8bit,
  load_in_4bit: adapterKeys.load_in_4bit,
  use_4bit: bitsOf(4),
  bnb_4bit_quant_type: text('quantization.method'),
  use_bnb_nested_quant: flag('quantization.double_quant'),
  use_nested_quant: flag('quantization.double_quant'),
  bnb_4bit_compute_dtype: precision('quantization.compute_dtype', torchTypes),
  use_peft: when('peft.method', 'lora'),
  use_lora: when('peft.method', 'lora'),
  use_qlora: when('peft.method', 'qlora'),
  lora_r: adapterKeys.lora_r,
  lora_rank: adapterKeys.lora_rank,
  lora_alpha: adapterKeys.lora_alpha,
  lora_dropout: adapterKeys.lora_dropout,
  lora_target_modules: names('lora.target_modules'),
  num_epochs: number('training.epochs'),
  max_train_steps: count('training.max_steps'),
  checkpointing_steps: savePoint,
  keep_last_n_checkpoints: count('checkpoint.save_total_limit'),
  dataset_name: text('data.dataset'),
  dataset_id: text('data.dataset'),
  dataset_id_or_path: text('data.dataset'),
  max_length: count('data.seq_len'),
  max_seq_length: count('data.seq_len'),
  max_seq_len: count('data.seq_len'),
  model_max_length: count('data.seq_len'),
  block_size: count('data.seq_len'),
  packing: flag('data.packing'),
  beta: number('rl.beta'),
  max_prompt_length: count('rl.max_prompt_length'),
  max_completion_length: count('rl.max_completion_length'),
  num_generations: count('rl.num_generations'),
  reward_model_path: text('rl.reward_model'),
  total_episodes: count('rl.total_episodes'),
  use_vllm: when('rl.rollout_engine', 'vllm'),
  vllm_mode: choice('rl.rollout_colocated', { colocate: true, server: false }),
  vllm_enable_sleep_mode: flag('rl.rollout_sleep'),
  vllm_gpu_memory_utilization: number('serving.gpu_memory_utilization'),
  vllm_tensor_parallel_size: count('serving.tp'),
  validation_split_percentage: mapped(number('data.val_fraction'), (answer) =>
    answer && 'value' in answer ? { ...answer, value: Number(answer.value) / 100, derived: true } : answer,
  ),
  test_size: fraction('data.val_fraction'),
} satisfies KeyTable;

/** Saving every so many steps also needs the strategy that counts steps. */
export function trainerSettings(change: SpecChange, view: ConfigView): readonly Setting[] | Refusal | undefined {
  if (change.name === 'checkpoint.save_steps') {
    if (has(view, 'saves_per_epoch')) {
      return { refused: 'saves_per_epoch decides when checkpoints are written; take it out first.' };
    }
    const strategy = find(view, 'save_strategy')?.node;
    const other = strategy?.kind === 'scalar' && strategy.value !== 'steps' && strategy.value !== null;
    const settings = [{ path: 'save_steps', value: Number(change.value) }];
    return other ? [...settings, { path: 'save_strategy', value: 'steps' }] : settings;
  }
  return undefined;
}

/** A switch that loads weights in so many bits. */
export function bitsOf(bits: number): KeyForm {
  return when('quantization.bits', bits);
}
