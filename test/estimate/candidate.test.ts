import { expect, test } from 'vitest';
import { candidateFigures, candidateOf } from '#core/estimate/candidate.ts';
import { memoryPoint } from '#core/estimate/memory.ts';
import { planOf } from './plans.ts';

const base = planOf({ hidden: 2048, layers: 16, sequenceLength: 2048, data: 8, zeroStage: 3 });

test('a candidate that turns nothing has the figures of its base', () => {
  const same = candidateOf(base, {});
  expect(same && candidateFigures(same).device).toBe(memoryPoint(base).device);
});

test('data parallelism takes the devices that the other degrees leave', () => {
  const plan = candidateOf(base, { devices: 32, parallel: { tensor: 4 } });
  expect(plan?.parallel).toMatchObject({ tensor: 4, data: 8, shardGroup: 8 });
  expect(plan?.nodes).toBe(4);
});

test('degrees that do not divide the devices are no candidate', () => {
  expect(candidateOf(base, { devices: 6, parallel: { tensor: 4 } })).toBeUndefined();
});

test('more devices hold less each and recomputation takes less memory', () => {
  const device = (knobs: Parameters<typeof candidateOf>[1]) => {
    const plan = candidateOf(base, knobs);
    return plan ? candidateFigures(plan).device : Number.NaN;
  };
  expect(device({ devices: 32 })).toBeLessThan(device({ devices: 8 }));
  expect(device({ recompute: 'full' })).toBeLessThan(device({ recompute: 'none' }));
  expect(device({ microBatch: 4 })).toBeGreaterThan(device({ microBatch: 1 }));
});
