import { expect, test } from 'vitest';
import { memoryPoint } from '#core/estimate/memory.ts';
import { bytesPerGiB } from '#core/units/quantity.ts';
import { planOf } from './plans.ts';

const llama32 = {
  hidden: 3072,
  layers: 28,
  width: 8192,
  kvHeads: 16,
  vocabulary: 128_256,
  sequenceLength: 4096,
  microBatch: 2,
  stack: 'torchtune',
} as const;

/** Llama 3.2 3B has tied embeddings; the counts of the untied shape less one matrix. */
function tied(choice: Parameters<typeof planOf>[0]) {
  const plan = planOf(choice);
  const { counts } = plan;
  const total = counts.total - counts.head;
  return { ...plan, counts: { ...counts, head: 0, total }, parameters: total, trainable: total };
}

// torchtune's table of techniques for full fine-tuning on one A100 (torchtune README): peak of active tensors.
test.each([
  ['packed, eager', {}, 60.0],
  ['compiled', { compiled: true }, 51.0],
  ['compiled, loss in chunks', { compiled: true, fusedLoss: true }, 42.9],
])('peak of tensors within 4 %% of the published run: %s', (_, switches, published) => {
  const { allocated } = memoryPoint(tied({ ...llama32, ...switches }));
  expect(Math.abs(allocated / bytesPerGiB / published - 1)).toBeLessThan(0.04);
});

test('with recomputation and a chunked loss the optimizer step is the peak: eight bytes a parameter', () => {
  const plan = tied({ ...llama32, compiled: true, fusedLoss: true, recompute: 'full', microBatch: 1 });
  const { moment } = memoryPoint(plan);
  expect(moment.bytes / plan.parameters).toBeGreaterThan(7.9);
  expect(moment.bytes / plan.parameters).toBeLessThan(8.8);
});
