import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateMemory, memoryPoint } from '#core/estimate/memory.ts';
import { persistentBytes } from '#core/estimate/persistent.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { localParameters } from '#core/estimate/weights.ts';
import { planOf } from './plans.ts';

const plans = fc
  .record({
    hidden: fc.constantFrom(512, 1024, 2048, 4096),
    layers: fc.integer({ min: 2, max: 48 }),
    sequenceLength: fc.integer({ min: 64, max: 8192 }),
    microBatch: fc.integer({ min: 1, max: 16 }),
    attention: fc.constantFrom('eager', 'sdpa', 'flash' as const),
    recompute: fc.constantFrom('none', 'selective', 'full' as const),
    autocast: fc.boolean(),
    wide: fc.boolean(),
    zeroStage: fc.constantFrom(0, 1, 2, 3 as const),
    data: fc.constantFrom(1, 2, 8, 64),
    tensor: fc.constantFrom(1, 2, 4),
    accumulation: fc.integer({ min: 1, max: 8 }),
    stack: fc.constantFrom('hf-trainer', 'torchtune', 'megatron', 'litgpt', 'pytorch' as const),
    optimizer: fc.constantFrom('adamw', 'adamw_8bit', 'sgd', 'lion', 'adafactor'),
  })
  .map((choice) => planOf(choice));

const peak = (plan: Plan) => memoryPoint(plan).moment.bytes;
const holds = (check: (plan: Plan) => void) => fc.assert(fc.property(plans, check), { numRuns: 300, seed: 7 });

test('a longer sequence, a bigger batch or one more layer never takes less memory', () => {
  holds((plan) => {
    expect(
      peak({ ...plan, sequenceLength: plan.sequenceLength + 64, meanLength: plan.meanLength + 64 }),
    ).toBeGreaterThanOrEqual(peak(plan));
    expect(peak({ ...plan, microBatch: plan.microBatch + 1 })).toBeGreaterThanOrEqual(peak(plan));
    expect(peak(planOf({ like: plan, layers: (plan.shape?.layers ?? 0) + 1 }))).toBeGreaterThanOrEqual(peak(plan));
  });
});

test('each ZeRO stage keeps no more than the stage before', () => {
  holds((plan) => {
    const kept = ([0, 1, 2, 3] as const).map((zeroStage) => {
      const at = { ...plan, parallel: { ...plan.parallel, zeroStage } };
      const bytes = persistentBytes(at, localParameters(at));
      return bytes.weights + bytes.master + bytes.optimizer + bytes.gradients;
    });
    for (let stage = 1; stage < kept.length; stage += 1) {
      expect(kept[stage]).toBeLessThanOrEqual(kept[stage - 1] ?? 0);
    }
  });
});

test('splitting over more devices never adds lasting bytes', () => {
  holds((plan) => {
    const lasting = (tensor: number) => {
      const at = { ...plan, parallel: { ...plan.parallel, tensor } };
      return memoryPoint(at).moment.lasting;
    };
    expect(lasting(plan.parallel.tensor * 2)).toBeLessThanOrEqual(lasting(plan.parallel.tensor) * (1 + 1e-9));
  });
});

test('allocated, reserved and device follow in that order, each within its own range', () => {
  holds((plan) => {
    const { allocated, reserved, device, terms } = estimateMemory({ likely: plan, variants: [] });
    expect(reserved.likely).toBeGreaterThanOrEqual(allocated.likely);
    expect(device.likely).toBeGreaterThanOrEqual(reserved.likely);
    for (const { low, likely, high } of [allocated, reserved, device]) {
      expect(low).toBeLessThanOrEqual(likely);
      expect(likely).toBeLessThanOrEqual(high);
      expect(Number.isFinite(high)).toBe(true);
    }
    const sum = terms.reduce((total, { bytes }) => total + bytes.likely, 0);
    expect(sum / device.likely).toBeCloseTo(1, 6);
  });
});

test('a field left open widens the range and keeps the middle', () => {
  holds((plan) => {
    const known = estimateMemory({ likely: plan, variants: [] }).device;
    const longer = { ...plan, sequenceLength: plan.sequenceLength * 2, meanLength: plan.meanLength * 2 };
    const shorter = { ...plan, sequenceLength: plan.sequenceLength / 2, meanLength: plan.meanLength / 2 };
    const field = 'data.sequenceLength';
    const open = estimateMemory({
      likely: plan,
      variants: [
        { field, plan: longer },
        { field, plan: shorter },
      ],
    }).device;
    expect(open.likely).toBe(known.likely);
    expect(open.low).toBeLessThanOrEqual(known.low);
    expect(open.high).toBeGreaterThanOrEqual(known.high);
  });
});
