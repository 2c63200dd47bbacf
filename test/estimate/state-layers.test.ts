import { describe, expect, it } from 'vitest';
import { shapeOfConfig } from '#core/catalog/model-config.ts';
import { keptBytesPerToken } from '#core/estimate/activations.ts';
import { adapterParameters, targetNames } from '#core/estimate/adapter.ts';
import { attentionBlocks } from '#core/estimate/flops.ts';
import { linearsOf } from '#core/estimate/flops-linears.ts';
import { kvBytesPerToken, stateBytesPerSequence } from '#core/estimate/kv.ts';
import { attendingLayers, feedForwardLayers, mixtureLayers, stateLayers } from '#core/estimate/layer-kinds.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import { stateKept } from '#core/estimate/state-kept.ts';
import { stateWork } from '#core/estimate/state-work.ts';
import { isTransformer, type TransformerShape } from '#core/workload/architecture.ts';
import { testCatalog } from '../catalog/load.ts';
import { planOf } from './plans.ts';

const catalog = testCatalog();

function shapeOf(id: string): TransformerShape {
  const shape = catalog.model(id)?.architecture;
  if (!shape || !isTransformer(shape)) throw new Error(`${id} has no blocks`);
  return shape;
}

describe('layers of several kinds', () => {
  it.each([
    // Mamba-2, mixture or attention; one after the other; both at once; a state alone.
    ['nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16', 23, 6, 23, 23],
    ['nvidia/NVIDIA-Nemotron-Nano-9B-v2', 27, 4, 25, 0],
    ['ibm-granite/granite-4.0-h-small', 36, 4, 40, 40],
    ['Qwen/Qwen3-Next-80B-A3B-Instruct', 36, 12, 48, 48],
    ['moonshotai/Kimi-Linear-48B-A3B-Instruct', 20, 7, 27, 26],
    ['tiiuae/Falcon-H1-7B-Base', 44, 44, 44, 0],
    ['state-spaces/mamba2-2.7b', 64, 0, 0, 0],
  ])('%s', (id, states, attending, widened, mixed) => {
    const shape = shapeOf(id);
    expect(stateLayers(shape)).toBeCloseTo(states, 9);
    expect(attendingLayers(shape)).toBeCloseTo(attending, 9);
    expect(attentionBlocks(shape)).toBeCloseTo(attending, 9);
    expect(feedForwardLayers(shape)).toBeCloseTo(widened, 9);
    expect(mixtureLayers(shape)).toBe(mixed);
  });

  it.each([
    'nvidia/NVIDIA-Nemotron-3-Super-120B-A12B',
    'Qwen/Qwen3.5-9B',
    'ai21labs/Jamba-v0.1',
    'tiiuae/Falcon-H1-34B-Base',
    'state-spaces/mamba-2.8b-hf',
  ])('%s: the matrices that a token passes are those that are counted', (id) => {
    const shape = shapeOf(id);
    const counts = countParameters(shape);
    const { experts } = shape.feedForward;
    let elements = 0;
    for (const one of linearsOf(shape))
      elements += one.count * one.inputs * one.outputs * (one.expert && experts ? experts.count : 1);
    const matrices = counts.attention + counts.feedForward + counts.experts;
    expect(elements / matrices).toBeCloseTo(1, 3);
  });

  it('sends tokens to latent experts at their width', () => {
    const { experts } = shapeOf('nvidia/NVIDIA-Nemotron-3-Super-120B-A12B').feedForward;
    expect(experts).toMatchObject({ count: 512, perToken: 22, width: 2688, latent: 1024, sharedWidth: 5376 });
  });
});

describe('serving', () => {
  it('caches keys and values in the layers that attend, states in the others', () => {
    // Nemotron 3 Nano: six layers of two heads of 128; 23 states of 64 heads, 64 x 128, and three tokens of 6,144 channels.
    const nano = shapeOf('nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16');
    expect(kvBytesPerToken(nano, 'bf16')).toBeCloseTo(6 * 2 * 2 * 128 * 2, 6);
    expect(stateBytesPerSequence(nano)).toBeCloseTo(23 * (64 * 64 * 128 + 3 * 6144) * 4, 3);
    const kimi = shapeOf('moonshotai/Kimi-Linear-48B-A3B-Instruct');
    expect(kvBytesPerToken(kimi, 'bf16')).toBeCloseTo(7 * 576 * 2, 6);
    const mamba = shapeOf('state-spaces/mamba2-2.7b');
    expect(kvBytesPerToken(mamba, 'bf16')).toBe(0);
  });
});

describe('a scan', () => {
  const mixerOf = (id: string) => {
    const { state } = shapeOf(id).attention;
    if (!state) throw new Error(`${id} keeps no state`);
    return state.mixer;
  };

  it('of Mamba-2 moves what its kernels read and write', () => {
    // Nemotron 3 Nano: 4,096 values in 64 heads, eight groups of 128, 6,144 channels, chunks of 128.
    const { forward, backward } = stateWork(mixerOf('nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16'), 2);
    expect(forward.bytes).toBe(2 * (2 * 6144 + 6 * 4096 + 4 * 1024) + 12 * 4096 + 8 * 1024);
    expect(backward.bytes).toBe(2 * (5 * 6144 + 17 * 4096 + 11 * 1024) + 16 * 1024 + 34 * 4096 + 24 * 1024);
    // States and what is read of them twice `d N` each, the chunk's half triangle, products of the groups.
    expect(forward.flops).toBe(4 * 4096 * 128 + 4096 * 128 + 2 * 8 * 128 * 128);
  });

  it('costs backward twice to four times what it costs forward, whatever its kind', () => {
    for (const id of [
      'nvidia/NVIDIA-Nemotron-Nano-9B-v2',
      'Qwen/Qwen3-Next-80B-A3B-Instruct',
      'state-spaces/mamba-2.8b-hf',
      'LiquidAI/LFM2-1.2B',
      'MiniMaxAI/MiniMax-Text-01',
      'RWKV/rwkv-4-7b-pile',
    ]) {
      const { forward, backward } = stateWork(mixerOf(id), 2);
      expect(backward.bytes / forward.bytes).toBeGreaterThanOrEqual(1.7);
      expect(backward.bytes / forward.bytes).toBeLessThan(4);
    }
  });

  it('keeps what the autograd functions of its kernels save', () => {
    const nano = shapeOf('nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16');
    const plan = { ...planOf({}), shape: nano };
    // The joint projection's 10,304 outputs and the scan's 4,096; Megatron's norm and projection keep their inputs beside.
    expect(stateKept(plan, nano, 2, false)).toBe(2 * (10304 + 4096));
    expect(stateKept({ ...plan, stack: 'megatron' }, nano, 2, false)).toBe(2 * (10304 + 3 * 4096));
    // Qwen3-Next: 8,192 channels, 32 heads of 128 for keys, queries and values, systems of 64 a head.
    const next = shapeOf('Qwen/Qwen3-Next-80B-A3B-Instruct');
    expect(stateKept(plan, next, 2, false)).toBe(2 * (8192 + 2 * 4096 + 4 * 4096 + 64 * 32));
    expect(stateKept(plan, next, 2, true)).toBe(2 * (8192 + 2 * 4096 + 3 * 4096 + 64 * 32));
    expect(stateKept(plan, shapeOf('Qwen/Qwen3-8B'), 2, false)).toBe(0);
  });

  it('adds up over the layers of a model', () => {
    const shape = shapeOf('nvidia/NVIDIA-Nemotron-Nano-9B-v2');
    const plan = { ...planOf({ compiled: true }), shape };
    const norm = 2 * shape.hidden;
    const input = 2 * shape.hidden;
    const scan = 2 * (2 * 10240 + 2 * 1024 + 128 + 10240);
    const attention = 2 * (2 * 40 + 2 * 8) * 128 + 4 * 40;
    const widened = 2 * 2 * 15680;
    const expected = 56 * (norm + input) + 27 * scan + 4 * attention + 25 * widened;
    expect(keptBytesPerToken(plan, shape, 56) / expected).toBeCloseTo(1, 6);
  });
});

describe('adapters of rank 8 on models that keep a state', () => {
  const sides = {
    vocab_size: 512,
    hidden_size: 64,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    num_key_value_heads: 2,
  };
  const granite = {
    ...sides,
    model_type: 'granitemoehybrid',
    layer_types: ['mamba', 'mamba', 'attention', 'mamba'],
    num_local_experts: 0,
    shared_intermediate_size: 96,
    mamba_n_heads: 8,
    mamba_d_head: 16,
    mamba_d_state: 16,
    mamba_n_groups: 1,
  };
  const nemotron = {
    ...sides,
    model_type: 'nemotron_h',
    hybrid_override_pattern: 'M-M*',
    head_dim: 16,
    intermediate_size: 96,
    mamba_num_heads: 8,
    mamba_head_dim: 16,
    n_groups: 2,
    ssm_state_size: 16,
  };
  const lfm2 = {
    ...sides,
    model_type: 'lfm2',
    intermediate_size: 96,
    layer_types: ['conv', 'conv', 'full_attention', 'conv'],
  };
  const qwen = {
    ...sides,
    model_type: 'qwen3_5',
    intermediate_size: 96,
    head_dim: 16,
    linear_num_value_heads: 4,
    linear_num_key_heads: 2,
    linear_key_head_dim: 16,
    linear_value_head_dim: 16,
    layer_types: [...Array.from({ length: 3 }, () => 'linear_attention'), 'full_attention'],
  };
  // Counts of peft 0.21 on the classes of transformers 5.18.
  it.each([
    [granite, ['all-linear'], 30144],
    [granite, ['in_proj', 'out_proj'], 13248],
    [granite, ['q_proj', 'v_proj'], 1792],
    [nemotron, ['in_proj', 'up_proj', 'down_proj', 'q_proj', 'o_proj'], 10880],
    [nemotron, ['up_proj', 'down_proj'], 2560],
    [lfm2, ['all-linear'], 28160],
    [lfm2, ['in_proj', 'out_proj'], 10240],
    [qwen, ['all-linear'], 33472],
  ])('%#', (config, targets, expected) => {
    const shape = shapeOfConfig(config, (family) => catalog.familyShape(family));
    if ('reason' in shape) throw new Error(shape.reason);
    expect(adapterParameters(shape, targetNames(targets, shape), 8, false)).toBe(expected);
  });
});
