import { expect, test } from 'vitest';
import { memoryPoint } from '#core/estimate/memory.ts';
import { peakOfStep } from '#core/estimate/phases.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { bytes, bytesPerGiB } from '#core/units/quantity.ts';
import { planOf } from './plans.ts';
import { servingPlan } from './serving-plans.ts';

/** The same plan on two devices under an implementation. */
function sharded(plan: Plan, parallel: Partial<Plan['parallel']>): Plan {
  return { ...plan, devices: 2, parallel: { ...plan.parallel, data: 2, shardGroup: 2, zeroStage: 3, ...parallel } };
}

const llama7b = { hidden: 4096, layers: 32, width: 11_008, vocabulary: 32_000, sequenceLength: 512 } as const;

test('FSDP keeps whole gradients while micro-batches add up, unless every batch is reduced', () => {
  const plan = planOf({ ...llama7b, stack: 'accelerate', recompute: 'full', accumulation: 4 });
  const gradients = (parallel: Partial<Plan['parallel']>, accumulation = 4) =>
    (peakOfStep(sharded({ ...plan, accumulation }, { implementation: 'fsdp', ...parallel })).parts.gradients ?? 0) /
    plan.parameters;
  expect(gradients({})).toBeCloseTo(2, 1);
  expect(gradients({ syncsEachBatch: true })).toBeLessThan(1.1);
  expect(gradients({}, 1)).toBeLessThan(1.1);
  expect(gradients({ offloadParameters: 'cpu' })).toBeCloseTo(2, 1);
});

test('litgpt lays frozen weights and adapters in one tensor, whose gradient is whole: 7B on two devices, 20.7 GiB measured', () => {
  const plan = planOf({ ...llama7b, sequenceLength: 1304, stack: 'litgpt', recompute: 'full', accumulation: 64 });
  const adapter = {
    rank: 8,
    parameters: 4_194_304,
    precision: 'bf16',
    decomposed: false,
    frozenParameters: 0,
    savedModules: 0,
    targets: { query: true, key: false, value: true, output: false, gate: false, up: false, down: false },
  } as const;
  const { allocated } = memoryPoint(sharded({ ...plan, adapter }, { implementation: 'fsdp' }));
  expect(Math.abs(allocated / bytesPerGiB / 20.7 - 1)).toBeLessThan(0.04);
});

test('ZeRO steps over gradients, their flat copy and its fp32 image: eight bytes a parameter of the shard', () => {
  const plan = planOf({ recompute: 'full', sequenceLength: 64 });
  const mixed = { ...plan, precision: { ...plan.precision, masterWeights: true } };
  const { phase, parts } = peakOfStep(sharded(mixed, { implementation: 'deepspeed', zeroStage: 2 }));
  expect(phase).toBe('optimizer-step');
  const shard = plan.parameters / 2;
  expect(((parts.gradients ?? 0) + (parts.buffers ?? 0)) / shard).toBeCloseTo(8, 5);
});

test('peft widens what it does not quantise: embeddings and head in fp32, and logits with them', () => {
  const plan = planOf({ ...llama7b, vocabulary: 128_000, recompute: 'full', stack: 'trl' });
  const adapter = {
    rank: 8,
    parameters: 1e7,
    precision: 'bf16',
    decomposed: false,
    frozenParameters: 0,
    savedModules: 0,
    targets: { query: true, key: false, value: true, output: false, gate: false, up: false, down: false },
  } as const;
  const widened = peakOfStep({ ...plan, adapter, quantization: 'nf4' });
  const left = peakOfStep({ ...plan, adapter, quantization: 'nf4', keepsBase: true });
  const ends = 2 * 128_000 * 4096;
  expect((widened.parts.weights ?? 0) - (left.parts.weights ?? 0)).toBeGreaterThan(2 * ends);
  expect((widened.parts.weights ?? 0) - (left.parts.weights ?? 0)).toBeLessThan(2.01 * ends);
});

test('a loss that writes its gradient over the logits takes eight bytes of each', () => {
  const plan = planOf({ vocabulary: 128_000, recompute: 'full', microBatch: 8 });
  const logits = (change: Partial<Plan>) => peakOfStep({ ...plan, ...change }).parts.logits ?? 0;
  expect(logits({ lossInPlace: true }) / logits({})).toBeCloseTo(8 / 12, 5);
});

test('a cache laid out at its full length comes with a square mask: a byte for every pair of tokens', () => {
  const at = (cacheLength: number, squareMask: boolean) =>
    memoryPoint(servingPlan({ engine: 'transformers', cacheLength, squareMask, concurrency: 1 })).allocated;
  const length = 65_536;
  expect(at(length, true) - at(length, false)).toBeCloseTo(length ** 2, -3);
});

test('scores of a prompt that are spelled out grow by its square', () => {
  const at = (inputLength: number) =>
    memoryPoint(servingPlan({ engine: 'autoawq', inputLength, outputLength: 1, concurrency: 1 })).moment.parts
      .activations ?? 0;
  expect(at(16_384) / at(8192)).toBeCloseTo(4, 1);
});

test('a loop of its own takes its loss over logits as they come: four copies in their format', () => {
  const plan = planOf({ vocabulary: 128_000, recompute: 'full', microBatch: 8 });
  const tokens = plan.microBatch * plan.sequenceLength;
  expect(peakOfStep({ ...plan, narrowLoss: true }).parts.logits).toBeCloseTo(8 * 128_000 * tokens, -6);
});

test('ZeRO 3 keeps its gradient buffer while it steps over fp32 gradients with temporaries beside them', () => {
  const plan = planOf({ recompute: 'full', sequenceLength: 64 });
  const mixed = { ...plan, precision: { ...plan.precision, masterWeights: true } };
  const buffers = (stack: Plan['stack']) => {
    const { phase, parts } = peakOfStep(sharded({ ...mixed, stack }, { implementation: 'deepspeed' }));
    return phase === 'optimizer-step' ? (parts.buffers ?? 0) / (plan.parameters / 2) : 0;
  };
  expect(buffers('hf-trainer')).toBeCloseTo(8, 5);
  expect(buffers('pytorch')).toBeCloseTo(6, 5);
});

test('DeepSpeed without ZeRO holds gradients three times in its step: narrow, widened and laid end to end', () => {
  const plan = planOf({ recompute: 'full', sequenceLength: 64 });
  const mixed = { ...plan, precision: { ...plan.precision, masterWeights: true } };
  const { phase, parts } = peakOfStep({ ...mixed, parallel: { ...mixed.parallel, implementation: 'deepspeed' } });
  expect(phase).toBe('optimizer-step');
  expect(((parts.gradients ?? 0) + (parts.buffers ?? 0)) / plan.parameters).toBeCloseTo(10, 5);
});

test('Prodigy keeps four tensors of the weights, AdamW two', () => {
  const states = (optimizer: string) => peakOfStep(planOf({ optimizer, wide: true })).parts.optimizer ?? 0;
  expect(states('prodigy') / states('adamw')).toBeCloseTo(2, 5);
});

// Llama 3 8B over eight devices, 8,192 tokens, op-level recomputation, compiled (torchao's tables): GiB of the pool.
test.each([
  ['H100', 'Hopper', 44.4],
  ['B200', 'Blackwell', 31.4],
])("torchtitan's loss on %s: a release that came with the card compiles it", (name, architecture, published) => {
  const plan = planOf({
    hidden: 4096,
    layers: 32,
    width: 14_336,
    kvHeads: 8,
    vocabulary: 128_256,
    sequenceLength: 8192,
    stack: 'torchtitan',
    compiled: true,
    recompute: 'selective',
    wide: true,
  });
  const accelerator = {
    name,
    architecture,
    vendor: 'NVIDIA',
    memory: bytes(180e9),
    peak: {},
    aliases: [],
    source: 'test',
  };
  const eight = sharded(plan, { implementation: 'fsdp2', data: 8, shardGroup: 8 });
  const { reserved } = memoryPoint({ ...eight, accelerator });
  expect(Math.abs(reserved / bytesPerGiB / published - 1)).toBeLessThan(0.09);
});
