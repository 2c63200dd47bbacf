import type { FactName } from '../facts/vocabulary.ts';
import { toAccelerator } from './dialects/accelerator-name.ts';
import { find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { factSpan } from './dialects/fact-span.ts';
import {
  count,
  flag,
  type KeyForm,
  mapped,
  model,
  names,
  number,
  optimizer,
  precision,
  readOnly,
  scheduler,
  text,
} from './dialects/key-form.ts';
import { addFact, type KeyTable, toFact } from './dialects/key-map.ts';

/** A Composer time (`500ba`, `2ep`, `0.02dur`, `1_000tok`) in the unit that a fact has; another unit is another fact. */
function time(fact: FactName, units: Readonly<Record<string, FactName>>): KeyForm {
  const own = Object.keys(units).find((unit) => units[unit] === fact);
  return {
    fact,
    read: (value) => {
      const found = /^(\d[\d_]*(?:\.\d+)?)\s*(ba|ep|tok|sp|dur|iter)?$/.exec(String(value ?? '').trim());
      const meant = found ? units[found[2] ?? 'ep'] : undefined;
      if (!found || !meant || meant !== fact) return undefined;
      return { value: Number((found[1] ?? '').replaceAll('_', '')) };
    },
    write: (value) => (typeof value === 'number' && own !== undefined ? `${value}${own}` : undefined),
  };
}

const times = (units: Readonly<Record<string, FactName>>): readonly KeyForm[] =>
  Object.values(units).map((fact, index) => (index === 0 ? time(fact, units) : { ...time(fact, units), quiet: true }));

/** `json` and a local folder are no names of data sets. */
const hubDataset: KeyForm = mapped(text('data.dataset'), (answer) =>
  answer && 'value' in answer && /^(?:json|csv|parquet|text|\.{0,2}\/.*)$/.test(String(answer.value))
    ? undefined
    : answer,
);

const optimizers = {
  decoupled_adamw: 'decoupled_adamw',
  decoupled_lionw: 'decoupled_lionw',
  adamw: 'adamw',
  adam: 'adam',
};

const sharding: KeyForm = mapped(
  text('parallel.fsdp_sharding'),
  (answer) => (answer && 'value' in answer ? { ...answer, value: String(answer.value).toLowerCase() } : answer),
  (value) => (typeof value === 'string' ? value.toUpperCase() : undefined),
);

/** A GPU type by the platform's name (`h100_80gb`). */
const accelerator: KeyForm = {
  fact: 'hardware.accelerator',
  read: (value) => {
    const name = typeof value === 'string' ? toAccelerator(value) : undefined;
    return name === undefined ? undefined : { value: name, derived: name !== value };
  },
  write: (value) => (typeof value === 'string' ? value : undefined),
};

/** Keys of LLM Foundry, in its YAML files and as `key=value` words of its commands. */
export const llmFoundryKeys: KeyTable = {
  max_seq_len: count('data.seq_len'),
  seed: number('training.seed'),
  global_seed: readOnly(number('training.seed')),
  'variables.global_seed': readOnly(number('training.seed')),
  'variables.max_seq_len': readOnly(count('data.seq_len')),
  'model.pretrained_model_name_or_path': model(),
  'model.d_model': count('model.hidden_size'),
  'model.n_heads': count('model.num_heads'),
  'model.n_layers': count('model.num_layers'),
  'model.vocab_size': count('model.vocab_size'),
  'model.max_seq_len': readOnly(count('data.seq_len')),
  'model.ffn_config.moe_num_experts': count('model.num_experts'),
  'model.ffn_config.moe_top_k': count('model.experts_per_token'),
  'model.attn_config.attn_impl': text('model.attn_implementation'),
  'model.attn_config.kv_n_heads': count('model.num_kv_heads'),
  'model.attn_impl': text('model.attn_implementation'),
  'model.peft_config.peft_type': mapped(text('peft.method'), (answer) =>
    answer && 'value' in answer ? { ...answer, value: String(answer.value).toLowerCase() } : answer,
  ),
  'model.peft_config.r': count('lora.r'),
  'model.peft_config.lora_alpha': number('lora.alpha'),
  'model.peft_config.lora_dropout': number('lora.dropout'),
  'model.peft_config.target_modules': readOnly(names('lora.target_modules')),
  'train_loader.dataset.hf_name': hubDataset,
  'train_loader.dataset.max_seq_len': readOnly(count('data.seq_len')),
  'train_loader.num_workers': number('data.num_workers'),
  'scheduler.name': scheduler(),
  'scheduler.t_warmup': times({
    ba: 'optimizer.warmup_steps',
    ep: 'optimizer.warmup_epochs',
    dur: 'optimizer.warmup_ratio',
  }),
  'optimizer.name': optimizer(optimizers),
  'optimizer.lr': number('optimizer.lr'),
  'optimizer.betas': readOnly(names('optimizer.betas')),
  'optimizer.eps': number('optimizer.eps'),
  'optimizer.weight_decay': number('optimizer.weight_decay'),
  'algorithms.gradient_clipping.clipping_threshold': number('training.max_grad_norm'),
  max_duration: times({
    ba: 'training.max_steps',
    ep: 'training.epochs',
    tok: 'training.max_tokens',
    sp: 'training.train_samples',
  }),
  eval_interval: times({ ba: 'eval.steps' }),
  global_train_batch_size: count('training.global_batch_size'),
  device_eval_batch_size: count('training.per_device_eval_batch_size'),
  device_train_microbatch_size: count('training.per_device_batch_size'),
  precision: precision('training.precision', { bf16: 'amp_bf16', fp16: 'amp_fp16', fp32: 'fp32', fp8: 'amp_fp8' }),
  'fsdp_config.sharding_strategy': sharding,
  'fsdp_config.activation_checkpointing': flag('training.gradient_checkpointing'),
  'fsdp_config.activation_cpu_offload': flag('training.activation_offloading'),
  'parallelism_config.fsdp.sharding_strategy': readOnly(sharding),
  'parallelism_config.fsdp.activation_checkpointing': flag('training.gradient_checkpointing'),
  save_interval: times({ ba: 'checkpoint.save_steps', ep: 'checkpoint.save_epochs' }),
  save_num_checkpoints_to_keep: count('checkpoint.save_total_limit'),
  save_folder: text('checkpoint.output_dir'),
  'compute.gpu_type': accelerator,
  'compute.gpus': count('hardware.total_gpus'),
};

/** Where a MosaicML run config wraps the training config, the same keys hang under `parameters`. */
const wrapped: KeyTable = {
  name: text('job.name'),
  image: text('job.image'),
  'compute.cluster': text('infra.cluster_name'),
  ...Object.fromEntries(
    Object.entries(llmFoundryKeys).map(([path, forms]) => [
      path.startsWith('compute.') ? path : `parameters.${path}`,
      forms,
    ]),
  ),
};

/** A number of steps, or of tokens with a `T` (`2e12T`), or of epochs with `ep`. */
const stepsOrTokens: readonly KeyForm[] = [
  { ...count('training.max_steps'), read: (value) => length(value, 'steps') },
  { ...count('training.max_tokens'), quiet: true, read: (value) => length(value, 'T') },
  { ...count('training.epochs'), quiet: true, read: (value) => length(value, 'ep') },
];

function length(value: unknown, unit: 'steps' | 'T' | 'ep') {
  const found = /^([\d_]+(?:\.\d+)?(?:e\+?\d+)?)(T|ep)?$/.exec(String(value ?? '').trim());
  return found && (found[2] ?? 'steps') === unit ? { value: Number((found[1] ?? '').replaceAll('_', '')) } : undefined;
}

/** Keys of OLMo's trainer, which shares its shape with Composer's; plain numbers count steps. */
const olmoKeys: KeyTable = {
  seed: number('training.seed'),
  'model.d_model': count('model.hidden_size'),
  'model.n_heads': count('model.num_heads'),
  'model.n_kv_heads': count('model.num_kv_heads'),
  'model.n_layers': count('model.num_layers'),
  'model.mlp_hidden_size': count('model.ffn_hidden_size'),
  'model.vocab_size': count('model.vocab_size'),
  'model.max_sequence_length': count('data.seq_len'),
  'model.weight_tying': flag('model.tie_embeddings'),
  'optimizer.name': optimizer(optimizers),
  'optimizer.learning_rate': number('optimizer.lr'),
  'optimizer.weight_decay': number('optimizer.weight_decay'),
  'optimizer.eps': number('optimizer.eps'),
  'optimizer.betas': readOnly(names('optimizer.betas')),
  'scheduler.name': scheduler(),
  'scheduler.t_warmup': count('optimizer.warmup_steps'),
  save_folder: text('checkpoint.output_dir'),
  save_interval: count('checkpoint.save_steps'),
  save_num_checkpoints_to_keep: count('checkpoint.save_total_limit'),
  max_duration: stepsOrTokens,
  global_train_batch_size: count('training.global_batch_size'),
  device_train_microbatch_size: count('training.per_device_batch_size'),
  device_eval_batch_size: count('training.per_device_eval_batch_size'),
  precision: precision('training.precision', { bf16: 'amp_bf16', fp16: 'amp_fp16', fp32: 'fp32' }),
  distributed_strategy: text('parallel.strategy'),
  'fsdp.sharding_strategy': sharding,
  max_grad_norm: number('training.max_grad_norm'),
  eval_interval: count('eval.steps'),
  'data.num_workers': number('data.num_workers'),
  activation_checkpointing: mapped(text('training.gradient_checkpointing'), (answer) =>
    answer && 'value' in answer ? { value: true, derived: true } : answer,
  ),
};

/** Configs of LLM Foundry and Composer. */
export const reader = keyMapReader({
  id: 'llm-foundry',
  info: { title: 'LLM Foundry', files: 'YAML with max_duration and device_train_microbatch_size' },
  languages: ['yaml'],
  mentions: /max_duration|device_train_microbatch_size|global_train_batch_size/,
  role: 'config',
  interpolation: 'omegaconf',
  interpolationRoot: 'parameters',
  table: (view) =>
    find(view, 'optimizer.learning_rate')
      ? olmoKeys
      : view.root.entries.some((entry) => entry.key === 'parameters')
        ? { ...llmFoundryKeys, ...wrapped }
        : llmFoundryKeys,
  anchors: ['device_train_microbatch_size', 'max_duration', 'global_train_batch_size'],
  extra(view, gathered) {
    const olmo = find(view, 'optimizer.learning_rate') && find(view, 'fsdp');
    if (olmo?.node.kind === 'map') addFact(gathered, toFact('parallel.strategy', 'fsdp', olmo.keySpan, true));
    const span = factSpan(gathered, 'parallel.fsdp_sharding');
    if (span) addFact(gathered, toFact('parallel.strategy', 'fsdp', span, true));
    return [];
  },
});
