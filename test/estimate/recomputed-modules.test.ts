import { expect, test } from 'vitest';
import { keptBytesPerToken } from '#core/estimate/activations.ts';
import { layerSeconds } from '#core/estimate/compute-layers.ts';
import { ratesOf } from '#core/estimate/compute-rates.ts';

import { fittedEfficiency } from '#core/estimate/efficiency-fitted.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { namedModules, type RecomputedModule } from '#core/estimate/recomputed-modules.ts';
import { testCatalog } from '../catalog/load.ts';
import { planOf } from './plans.ts';

const dense = planOf({
  hidden: 4096,
  layers: 32,
  width: 14_336,
  vocabulary: 128_256,
  sequenceLength: 8192,
  stack: 'megatron',
});
const { shape } = dense;
if (!shape) throw new Error('the plan has no shape');

function kept(plan: Plan, recomputed?: readonly RecomputedModule[]): number {
  const modules: Plan = recomputed ? { ...plan, recompute: 'selective', recomputed } : plan;
  return keptBytesPerToken(modules, plan.shape ?? shape ?? fail(), 1);
}

function fail(): never {
  throw new Error('no shape');
}

test('the core of attention is worth recomputing only where its scores are spelled out', () => {
  const flash: Plan = { ...dense, attention: 'flash' };
  const eager: Plan = { ...dense, attention: 'eager' };
  expect(kept(flash, ['core_attn'])).toBe(kept(flash));
  expect(kept(eager, ['core_attn'])).toBeCloseTo(kept(flash), -1);
  expect(kept(eager)).toBeGreaterThan(5 * kept(flash));
});

test('a recomputed feed-forward part drops its three inner tensors; what is dropped comes between nothing and everything', () => {
  const flash: Plan = { ...dense, attention: 'flash' };
  expect(kept(flash) - kept(flash, ['mlp'])).toBe(3 * 2 * 14_336);
  const norms = kept(flash) - kept(flash, ['layernorm']);
  expect(norms).toBe(2 * 2 * 4096);
  const most = kept(flash, ['core_attn', 'mlp', 'layernorm']);
  expect(most).toBeGreaterThan(kept({ ...flash, recompute: 'full' }));
  expect(most).toBeLessThan(kept(flash, ['mlp']));
});

test('Transformer Engine keeps what its linears read in one byte: Llama 3 8B, 120.8 kB a token and layer', () => {
  const grouped = { ...shape, attention: { ...shape.attention, heads: 32, kvHeads: 8, headDim: 128 } };
  const eight: Plan = {
    ...dense,
    shape: grouped,
    attention: 'flash',
    precision: { ...dense.precision, compute: 'fp8' },
  };
  // Two residuals in bf16, two norms' outputs in fp8; queries, keys, values and their output, once more in fp8; gate and up, their product in fp8.
  const tensors = 2 * 2 * 4096 + 2 * 4096 + 2 * (2 * 4096 + 2 * 1024) + 4096 + 2 * 2 * 14_336 + 14_336;
  expect(kept(eight) / (tensors + 4 * 32)).toBeCloseTo(1, 2);
});

test('the modules that hold matrices repeat their products, the others none', () => {
  const card = testCatalog().accelerator('H100-80GB');
  const rates = card && ratesOf(card);
  if (!rates) throw new Error('no rates');
  const plan: Plan = { ...dense, attention: 'flash' };
  const matmuls = (recomputed?: readonly RecomputedModule[]) =>
    layerSeconds(recomputed ? { ...plan, recompute: 'selective', recomputed } : plan, shape, rates, fittedEfficiency)
      .matmuls;
  expect(matmuls(['layernorm', 'moe_act', 'core_attn'])).toBe(matmuls());
  const full = layerSeconds({ ...plan, recompute: 'full' }, shape, rates, fittedEfficiency).matmuls;
  expect(matmuls(['mlp'])).toBeGreaterThan(1.15 * matmuls());
  expect(matmuls(['mlp'])).toBeLessThan(full);
});

test('names that are no modules say nothing', () => {
  expect(namedModules(['operators'])).toBeUndefined();
  expect(namedModules(['layernorm', 'moe'])).toEqual(['moe', 'layernorm']);
});
