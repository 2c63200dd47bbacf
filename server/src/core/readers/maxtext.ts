import { find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import {
  choice,
  count,
  flag,
  type KeyForm,
  mapped,
  number,
  optimizer,
  precision,
  readOnly,
  text,
} from './dialects/key-form.ts';
import type { KeyTable } from './dialects/key-map.ts';

/** A remat policy names what is kept; only `none` and `minimal` variants recompute little or nothing. */
const remat: KeyForm = {
  fact: 'training.gradient_checkpointing',
  read: (value, raw) => {
    const word = String(value === null ? '' : typeof value === 'string' ? value : raw);
    return word === '' ? undefined : { value: word.toLowerCase() !== 'none', derived: true };
  },
  write: (value) => (value === true ? 'full' : value === false ? 'none' : undefined),
};

/** -1 lets one axis take all chips that are left. */
const degree = (fact: Parameters<typeof count>[0]): KeyForm =>
  mapped(count(fact), (answer, value) =>
    value === -1 ? { open: '-1: all devices that the other axes leave' } : answer,
  );

const quantized: KeyForm = mapped(readOnly(precision('training.precision')), (answer, value) =>
  typeof value === 'string' && /^(?:int8|int4|fp8)/.test(value)
    ? { value: value.slice(0, value.startsWith('fp8') ? 3 : 4), derived: true }
    : answer,
);

/** Keys of MaxText, in its YAML files and as `key=value` words of its commands. */
export const maxtextKeys = {
  model_name: mapped(text('model.name'), (answer, value) => (value === 'default' ? undefined : answer)),
  hardware: readOnly(choice('hardware.accelerator_class', { gpu: 'gpu', tpu: 'tpu', cpu: 'cpu' })),
  steps: count('training.max_steps'),
  per_device_batch_size: number('training.per_device_batch_size'),
  gradient_accumulation_steps: count('training.gradient_accumulation_steps'),
  max_target_length: count('data.seq_len'),
  packing: flag('data.packing'),
  enable_checkpointing: flag('checkpoint.enabled'),
  async_checkpointing: flag('checkpoint.async'),
  checkpoint_period: count('checkpoint.save_steps'),
  base_output_directory: text('checkpoint.output_dir'),
  remat_policy: remat,
  attention: mapped(text('model.attn_implementation'), (answer, value) =>
    value === 'autoselected' ? undefined : answer,
  ),
  hf_path: text('data.dataset'),
  dataset_name: readOnly(text('data.dataset')),
  dataset_type: mapped(text('data.dataset'), (answer, value) => (value === 'synthetic' ? answer : undefined)),
  learning_rate: number('optimizer.lr'),
  opt_type: optimizer({ adamw: 'adamw', sgd: 'sgd', muon: 'muon' }),
  adam_b1: number('optimizer.beta1'),
  adam_b2: number('optimizer.beta2'),
  adam_eps: number('optimizer.eps'),
  adam_weight_decay: number('optimizer.weight_decay'),
  warmup_steps_fraction: number('optimizer.warmup_ratio'),
  gradient_clipping_threshold: number('training.max_grad_norm'),
  eval_interval: count('eval.steps'),
  quantization: quantized,
  dtype: precision('training.precision', { bf16: 'bfloat16', fp32: 'float32' }),
  weight_dtype: precision('model.dtype', { bf16: 'bfloat16', fp32: 'float32' }),
  ici_fsdp_parallelism: degree('parallel.fsdp_shard_size'),
  ici_tensor_parallelism: degree('parallel.tp'),
  ici_context_parallelism: degree('parallel.cp'),
  ici_expert_parallelism: degree('parallel.ep'),
  dcn_data_parallelism: degree('parallel.dp'),
  ici_data_parallelism: readOnly(degree('parallel.dp')),
  base_emb_dim: count('model.hidden_size'),
  base_mlp_dim: count('model.ffn_hidden_size'),
  base_num_decoder_layers: count('model.num_layers'),
  base_num_query_heads: count('model.num_heads'),
  base_num_kv_heads: count('model.num_kv_heads'),
  head_dim: count('model.head_dim'),
  vocab_size: count('model.vocab_size'),
  num_experts: mapped(count('model.num_experts'), (answer, value) => (value === 1 ? undefined : answer)),
  num_experts_per_tok: mapped(count('model.experts_per_token'), (answer, value) => (value === 1 ? undefined : answer)),
  compile_topology_num_slices: count('hardware.slices'),
  data_shuffle_seed: readOnly(number('training.seed')),
} satisfies KeyTable;

/** Configs of MaxText, over the base config they name. */
export const reader = keyMapReader({
  id: 'maxtext',
  info: { title: 'MaxText', files: 'YAML with base_config and per_device_batch_size' },
  languages: ['yaml'],
  mentions: /base_config|per_device_batch_size/,
  role: 'config',
  table: maxtextKeys,
  anchors: ['per_device_batch_size', 'model_name', 'steps'],
  bases: (root) => {
    const base = root.entries.find((entry) => entry.key === 'base_config')?.value;
    return base?.kind === 'scalar' && typeof base.value === 'string' ? [{ path: base.value }] : [];
  },
  extra(view) {
    const base = find(view, 'base_config')?.node;
    if (base?.kind !== 'scalar' || typeof base.value !== 'string') return [];
    return [{ path: base.value, role: 'config', span: base.span }];
  },
});
