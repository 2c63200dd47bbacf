import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calibrate, type OwnRun, readOwnRuns } from '#core/estimate/calibration.ts';
import { estimateMemory } from '#core/estimate/memory.ts';
import { estimateTime } from '#core/estimate/time.ts';
import { planOf } from './plans.ts';
import { h100 } from './time-plans.ts';

const accelerator = h100;
const plan = { accelerator, stack: 'hf-trainer' } as const;
const runOf = (ratio: number, more: Partial<OwnRun> = {}): OwnRun => ({
  accelerator: accelerator.name,
  step: { predicted: 1, measured: ratio },
  memory: { predicted: 10, measured: 10 * ratio },
  ...more,
});

test('no own run leaves a figure as it is', () => {
  expect(calibrate([], plan, 'step', 0.2)).toEqual({ factor: 1, spread: 0.2, runs: 0 });
  expect(calibrate([runOf(2, { accelerator: 'Unheard-of 9' })], plan, 'step', 0.2).runs).toBe(0);
});

test('one run shifts most of the way where the formulas are unsure, less where they are sure', () => {
  const unsure = calibrate([runOf(1.3)], plan, 'step', 0.4).factor;
  const sure = calibrate([runOf(1.3)], plan, 'step', 0.08).factor;
  expect(unsure).toBeGreaterThan(1.25);
  expect(unsure).toBeLessThan(1.3);
  expect(sure).toBeCloseTo(Math.sqrt(1.3), 6);
});

test('more runs shift further and narrow the range; another stack counts for less', () => {
  const one = calibrate([runOf(1.3)], plan, 'step', 0.2);
  const five = calibrate(
    Array.from({ length: 5 }, () => runOf(1.3)),
    plan,
    'step',
    0.2,
  );
  const other = calibrate([runOf(1.3, { stack: 'megatron' })], plan, 'step', 0.2);
  expect(five.factor).toBeGreaterThan(one.factor);
  expect(five.spread).toBeLessThan(one.spread);
  expect(other.factor).toBeLessThan(one.factor);
});

test('whatever the runs say, a figure moves by two at most and its range never widens', () => {
  const ratio = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.array(ratio, { maxLength: 20 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (ratios, spread) => {
      const { factor, spread: left } = calibrate(
        ratios.map((one) => runOf(one)),
        plan,
        'memory',
        spread,
      );
      expect(factor).toBeGreaterThanOrEqual(0.5);
      expect(factor).toBeLessThanOrEqual(2);
      expect(left).toBeLessThanOrEqual(spread);
    }),
  );
});

test('time and memory follow own runs, and their parts still add up', () => {
  const likely = { ...planOf({ hidden: 2048, layers: 16 }), accelerator };
  const points = { likely, variants: [] };
  const runs = [runOf(1.2), runOf(1.2), runOf(1.2)];
  const [before, after] = [estimateTime(points), estimateTime(points, runs)];
  expect((after?.step.likely ?? 0) / (before?.step.likely ?? 1)).toBeGreaterThan(1.1);
  expect(after?.parts.reduce((sum, part) => sum + part.seconds, 0)).toBeCloseTo(after?.step.likely ?? 0, 9);
  const memory = estimateMemory(points, {}, runs);
  expect(memory.terms.reduce((sum, term) => sum + term.bytes.likely, 0) / memory.device.likely).toBeCloseTo(1, 9);
  expect(memory.device.likely).toBeGreaterThan(estimateMemory(points).device.likely);
});

test('own runs are read from a small list, bad entries named and left out', () => {
  const text = JSON.stringify([
    { accelerator: 'H100', step: { predicted: 1.2, measured: 1.3 } },
    { step: { predicted: 1, measured: 1 } },
    { accelerator: 'H100', step: { predicted: 0, measured: 1 } },
  ]);
  const { runs, problems } = readOwnRuns(text);
  expect(runs).toEqual([{ accelerator: 'H100', step: { predicted: 1.2, measured: 1.3 } }]);
  expect(problems).toHaveLength(2);
  expect(readOwnRuns('no json').problems).toEqual(['own runs are a list']);
});
