import { expect, test } from 'vitest';
import { layerBytes } from '#core/estimate/activations.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { planOf } from './plans.ts';

/** Bytes for a token and unit of hidden size, without the log-sum-exp of flash kernels. */
function perHidden(plan: Plan): number {
  const { shape } = plan;
  if (!shape) throw new Error('a transformer');
  const { replicated, sharded } = layerBytes(plan, shape, false);
  return (replicated + sharded - 4 * shape.attention.heads) / shape.hidden;
}

const hidden = 4096;
const llama2 = { hidden, width: 11_008 } as const;
const llama3 = { hidden, width: 14_336, kvHeads: 16 } as const;

// Bytes that autograd saves in a layer of the Llama family under transformers 5.18, by saved-tensor hooks.
test.each([
  ['bf16, equal heads', { ...llama2 }, 45.5],
  ['bf16, a quarter of key heads', { ...llama3 }, 49],
  ['autocast, equal heads', { ...llama2, wide: true, autocast: true }, 55.5],
  ['autocast, a quarter of key heads', { ...llama3, wide: true, autocast: true }, 59],
  ['keys and values repeated (torchtune)', { ...llama3, stack: 'torchtune' as const }, 52],
  ['fused norms (torchtitan), equal heads', { ...llama2, stack: 'torchtitan' as const }, 37.5],
  ['compiled, equal heads', { ...llama2, compiled: true }, 32],
])('a layer keeps what autograd saves: %s', (_, choice, expected) => {
  expect(Math.abs(perHidden(planOf(choice)) / expected - 1)).toBeLessThan(0.01);
});

test('fp32 throughout keeps twice the bytes', () => {
  const plan = planOf({ ...llama2, wide: true });
  const wide = { ...plan, precision: { ...plan.precision, compute: 'fp32' as const } };
  expect(Math.abs(perHidden(wide) / 83 - 1)).toBeLessThan(0.01);
});

test('eager attention adds six bytes a head and key in 16 bits', () => {
  const choice = { ...llama2, sequenceLength: 1024 } as const;
  const added = perHidden(planOf({ ...choice, attention: 'eager' })) - perHidden(planOf(choice));
  expect(added).toBeCloseTo((6 * 64 * 1024) / hidden, 3);
});

test('a frozen base under adapters keeps 12 + 4g + 6r', () => {
  const plan = planOf(llama2);
  const none = { query: false, key: false, value: false, output: false, gate: false, up: false, down: false };
  const adapter = { rank: 8, parameters: 1, targets: none, precision: 'bf16', decomposed: false } as const;
  const adapted = { ...plan, adapter: { ...adapter, savedModules: 0, frozenParameters: 0 } };
  expect(Math.abs(perHidden(adapted) / (12 + 4 + (6 * 11_008) / hidden) - 1)).toBeLessThan(0.01);
});
