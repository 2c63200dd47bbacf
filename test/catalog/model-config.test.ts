import { describe, expect, it } from 'vitest';
import { shapeOfConfig } from '#core/catalog/model-config.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import { testCatalog } from './load.ts';

const catalog = testCatalog();

function shape(config: unknown) {
  return shapeOfConfig(config, (family) => catalog.familyShape(family));
}

/** Parameters that the configuration comes to, or the reason why it gives none. */
function counted(config: unknown) {
  const made = shape(config);
  return 'reason' in made ? made.reason : countParameters(made).total;
}

describe('a configuration gives the shape of', () => {
  it.each([
    [
      'meta-llama/Meta-Llama-3-8B',
      {
        model_type: 'llama',
        hidden_size: 4096,
        intermediate_size: 14336,
        num_attention_heads: 32,
        num_hidden_layers: 32,
        num_key_value_heads: 8,
        vocab_size: 128256,
        tie_word_embeddings: false,
        max_position_embeddings: 8192,
      },
    ],
    [
      'meta-llama/Llama-3.2-1B',
      {
        model_type: 'llama',
        head_dim: 64,
        hidden_size: 2048,
        intermediate_size: 8192,
        num_attention_heads: 32,
        num_hidden_layers: 16,
        num_key_value_heads: 8,
        vocab_size: 128256,
        tie_word_embeddings: true,
      },
    ],
    [
      'Qwen/Qwen2.5-7B',
      {
        model_type: 'qwen2',
        hidden_size: 3584,
        intermediate_size: 18944,
        num_attention_heads: 28,
        num_hidden_layers: 28,
        num_key_value_heads: 4,
        vocab_size: 152064,
        use_sliding_window: false,
        sliding_window: 131072,
      },
    ],
    [
      'google/gemma-2-9b-it',
      {
        model_type: 'gemma2',
        head_dim: 256,
        hidden_size: 3584,
        intermediate_size: 14336,
        num_attention_heads: 16,
        num_hidden_layers: 42,
        num_key_value_heads: 8,
        vocab_size: 256000,
        sliding_window: 4096,
      },
    ],
    [
      'openai-community/gpt2',
      { model_type: 'gpt2', n_embd: 768, n_head: 12, n_layer: 12, n_positions: 1024, n_ctx: 1024, vocab_size: 50257 },
    ],
    [
      'mistralai/Mixtral-8x7B-v0.1',
      {
        model_type: 'mixtral',
        hidden_size: 4096,
        intermediate_size: 14336,
        num_attention_heads: 32,
        num_hidden_layers: 32,
        num_key_value_heads: 8,
        num_experts_per_tok: 2,
        num_local_experts: 8,
        vocab_size: 32000,
      },
    ],
    [
      'Qwen/Qwen3-30B-A3B',
      {
        model_type: 'qwen3_moe',
        head_dim: 128,
        hidden_size: 2048,
        intermediate_size: 6144,
        moe_intermediate_size: 768,
        num_attention_heads: 32,
        num_experts: 128,
        num_experts_per_tok: 8,
        num_hidden_layers: 48,
        num_key_value_heads: 4,
        vocab_size: 151936,
        decoder_sparse_step: 1,
      },
    ],
  ])('%s', (id, config) => {
    const known = catalog.model(id)?.parameters;
    const exact = known?.kind === 'exact' ? known.value : 0;
    expect(Math.abs(Number(counted(config)) / exact - 1)).toBeLessThan(1e-4);
  });
});

describe('a configuration gives no shape where it', () => {
  it.each([
    ['is no JSON object', []],
    ['states no model_type', { hidden_size: 1 }],
    ['is of the type retnet, whose blocks are not known', { model_type: 'retnet' }],
    ['is of a model of several parts, whose dimensions are not read', { model_type: 'gemma3', text_config: {} }],
    ['lacks its hidden size, layers, heads or vocabulary', { model_type: 'llama', hidden_size: '4096' }],
  ])('%s', (reason, config) => expect(counted(config)).toBe(reason));
});
