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
    [
      'nvidia/NVIDIA-Nemotron-Nano-9B-v2',
      {
        model_type: 'nemotron_h',
        hybrid_override_pattern: `${'M-'.repeat(23)}${'M*-'.repeat(2)}M*M*`,
        hidden_size: 4480,
        intermediate_size: 15680,
        num_attention_heads: 40,
        num_key_value_heads: 8,
        head_dim: 128,
        mamba_num_heads: 128,
        mamba_head_dim: 80,
        ssm_state_size: 128,
        n_groups: 8,
        conv_kernel: 4,
        chunk_size: 128,
        vocab_size: 131072,
        tie_word_embeddings: false,
      },
    ],
    [
      'nvidia/NVIDIA-Nemotron-3-Super-120B-A12B',
      {
        model_type: 'nemotron_h',
        layers_block_type: [
          ...Array.from({ length: 40 }, () => 'linear_attention'),
          ...Array.from({ length: 40 }, () => 'moe'),
          ...Array.from({ length: 8 }, () => 'full_attention'),
        ],
        hidden_size: 4096,
        intermediate_size: 2688,
        moe_intermediate_size: 2688,
        moe_shared_expert_intermediate_size: 5376,
        moe_latent_size: 1024,
        n_routed_experts: 512,
        n_shared_experts: 1,
        num_experts_per_tok: 22,
        num_attention_heads: 32,
        num_key_value_heads: 2,
        head_dim: 128,
        mamba_num_heads: 128,
        mamba_head_dim: 64,
        ssm_state_size: 128,
        n_groups: 8,
        vocab_size: 131072,
      },
    ],
    [
      'ibm-granite/granite-4.0-h-small',
      {
        model_type: 'granitemoehybrid',
        hidden_size: 4096,
        intermediate_size: 768,
        shared_intermediate_size: 1536,
        num_local_experts: 72,
        num_experts_per_tok: 10,
        num_hidden_layers: 40,
        layer_types: Array.from({ length: 40 }, (_, i) => (i % 10 === 5 ? 'attention' : 'mamba')),
        num_attention_heads: 32,
        num_key_value_heads: 8,
        mamba_n_heads: 128,
        mamba_d_head: 64,
        mamba_d_state: 128,
        mamba_n_groups: 1,
        mamba_d_conv: 4,
        vocab_size: 100352,
      },
    ],
    [
      'ibm-granite/granite-4.0-h-micro',
      {
        model_type: 'granitemoehybrid',
        hidden_size: 2048,
        intermediate_size: 8192,
        shared_intermediate_size: 8192,
        num_local_experts: 0,
        num_experts_per_tok: 0,
        num_hidden_layers: 40,
        layer_types: Array.from({ length: 40 }, (_, i) => (i % 10 === 5 ? 'attention' : 'mamba')),
        num_attention_heads: 32,
        num_key_value_heads: 8,
        mamba_n_heads: 64,
        mamba_d_head: 64,
        mamba_d_state: 128,
        mamba_n_groups: 1,
        vocab_size: 100352,
      },
    ],
    [
      'Qwen/Qwen3-Next-80B-A3B-Instruct',
      {
        model_type: 'qwen3_next',
        hidden_size: 2048,
        intermediate_size: 5120,
        moe_intermediate_size: 512,
        shared_expert_intermediate_size: 512,
        num_experts: 512,
        num_experts_per_tok: 10,
        num_hidden_layers: 48,
        full_attention_interval: 4,
        num_attention_heads: 16,
        num_key_value_heads: 2,
        head_dim: 256,
        linear_num_value_heads: 32,
        linear_num_key_heads: 16,
        linear_key_head_dim: 128,
        linear_value_head_dim: 128,
        linear_conv_kernel_dim: 4,
        vocab_size: 151936,
      },
    ],
    [
      'moonshotai/Kimi-Linear-48B-A3B-Instruct',
      {
        model_type: 'kimi_linear',
        hidden_size: 2304,
        intermediate_size: 9216,
        moe_intermediate_size: 1024,
        num_experts: 256,
        num_experts_per_token: 8,
        num_shared_experts: 1,
        first_k_dense_replace: 1,
        num_hidden_layers: 27,
        linear_attn_config: {
          full_attn_layers: [4, 8, 12, 16, 20, 24, 27],
          head_dim: 128,
          num_heads: 32,
          short_conv_kernel_size: 4,
        },
        num_attention_heads: 32,
        num_key_value_heads: 32,
        kv_lora_rank: 512,
        qk_nope_head_dim: 128,
        qk_rope_head_dim: 64,
        v_head_dim: 128,
        vocab_size: 163840,
      },
    ],
    [
      'tiiuae/Falcon-H1-7B-Base',
      {
        model_type: 'falcon_h1',
        hidden_size: 3072,
        intermediate_size: 12288,
        num_hidden_layers: 44,
        num_attention_heads: 12,
        num_key_value_heads: 2,
        head_dim: 128,
        mamba_d_ssm: 3072,
        mamba_n_heads: 24,
        mamba_d_head: 128,
        mamba_d_state: 256,
        mamba_n_groups: 1,
        vocab_size: 130049,
      },
    ],
    [
      'ai21labs/Jamba-v0.1',
      {
        model_type: 'jamba',
        hidden_size: 4096,
        intermediate_size: 14336,
        num_hidden_layers: 32,
        attn_layer_period: 8,
        expert_layer_period: 2,
        num_experts: 16,
        num_experts_per_tok: 2,
        num_attention_heads: 32,
        num_key_value_heads: 8,
        mamba_d_state: 16,
        mamba_d_conv: 4,
        mamba_expand: 2,
        mamba_dt_rank: 256,
        vocab_size: 65536,
      },
    ],
    [
      'state-spaces/mamba-2.8b-hf',
      { model_type: 'mamba', hidden_size: 2560, num_hidden_layers: 64, state_size: 16, expand: 2, vocab_size: 50280 },
    ],
    [
      'LiquidAI/LFM2-1.2B',
      {
        model_type: 'lfm2',
        hidden_size: 2048,
        intermediate_size: 8192,
        num_hidden_layers: 16,
        full_attn_idxs: [2, 5, 8, 10, 12, 14],
        num_attention_heads: 32,
        num_key_value_heads: 8,
        conv_L_cache: 3,
        vocab_size: 65536,
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

it('no more layers attend than there are, whatever a configuration lists', () => {
  const made = shape({
    model_type: 'bamba',
    hidden_size: 2048,
    num_hidden_layers: 4,
    num_attention_heads: 16,
    vocab_size: 32000,
    attn_layer_indices: Array.from({ length: 1000 }, (_, i) => i),
  });
  expect('reason' in made ? made.reason : made.attention.share).toBe(1);
});
