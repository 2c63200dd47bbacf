import { keyMapReader } from './dialects/dialect.ts';
import { torchTypes } from './dialects/hf-keys.ts';
import { count, flag, type KeyForm, precision, readOnly, text } from './dialects/key-form.ts';
import type { KeyTable } from './dialects/key-map.ts';

const rows: Readonly<Record<string, KeyForm>> = {
  model_type: readOnly(text('model.family')),
  num_hidden_layers: count('model.num_layers'),
  n_layer: count('model.num_layers'),
  num_layers: count('model.num_layers'),
  n_layers: count('model.num_layers'),
  hidden_size: count('model.hidden_size'),
  n_embd: count('model.hidden_size'),
  d_model: count('model.hidden_size'),
  intermediate_size: count('model.ffn_hidden_size'),
  n_inner: count('model.ffn_hidden_size'),
  d_ff: count('model.ffn_hidden_size'),
  num_attention_heads: count('model.num_heads'),
  n_head: count('model.num_heads'),
  num_heads: count('model.num_heads'),
  num_key_value_heads: count('model.num_kv_heads'),
  head_dim: count('model.head_dim'),
  vocab_size: count('model.vocab_size'),
  max_position_embeddings: count('model.max_position_embeddings'),
  n_positions: count('model.max_position_embeddings'),
  num_local_experts: count('model.num_experts'),
  num_experts: count('model.num_experts'),
  n_routed_experts: count('model.num_experts'),
  num_experts_per_tok: count('model.experts_per_token'),
  tie_word_embeddings: flag('model.tie_embeddings'),
  torch_dtype: precision('model.dtype', torchTypes),
  dtype: precision('model.dtype', torchTypes),
};

/** A multimodal config has the language model's numbers one level down. */
const nested: KeyTable = Object.fromEntries(Object.entries(rows).map(([key, form]) => [`text_config.${key}`, form]));

/** `config.json` of a Transformers model: its shape, a part of whatever job names the folder. */
export const reader = keyMapReader({
  id: 'hf-config',
  info: { title: 'Transformers model config', files: 'config.json with model_type and hidden_size' },
  languages: ['json'],
  mentions: /"model_type"|"architectures"/,
  role: 'fragment',
  table: {
    ...rows,
    ...nested,
    'quantization_config.quant_method': text('quantization.method'),
    'quantization_config.bits': count('quantization.bits'),
  },
  anchors: ['model_type', 'architectures'],
});
