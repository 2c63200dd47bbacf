import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerSpot } from '#core/lifecycle/spot-plan.ts';
import { comparePolicies, replayPolicy, type SpotJob, spotPolicies } from '#core/lifecycle/spot-policy.ts';
import { breakEvenHours, effectivePrice } from '#core/lifecycle/spot-price.ts';
import type { SpotTrace } from '#core/lifecycle/trace.ts';
import { generatedTrace } from './traces.ts';

const hour = 3600;
const job: SpotJob = {
  work: 24 * hour,
  nodes: 1,
  restart: 360,
  interval: 1200,
  stall: 30,
  deadline: 36 * hour,
  spotPerHour: 1,
  onDemandPerHour: 3,
};
const always: SpotTrace = { name: 'always', tick: 300, available: Array.from({ length: 1000 }, () => 1) };
const never: SpotTrace = { ...always, name: 'never', available: always.available.map(() => 0) };

describe('a job on a trace', () => {
  test('of capacity that is always there costs the spot price, of none the on-demand price', () => {
    const paid = 24 * (1 + 30 / 1200) + 0.1;
    for (const policy of ['greedy', 'uniform-progress'] as const) {
      expect(replayPolicy(always, 0, job, policy).cost).toBeCloseTo(paid, 6);
      expect(replayPolicy(always, 0, job, policy)).toMatchObject({ missed: false, preemptions: 0, onDemandShare: 0 });
      expect(replayPolicy(never, 0, job, policy)).toMatchObject({ missed: false, onDemandShare: 1 });
    }
    expect(replayPolicy(always, 0, job, 'on-demand').cost).toBeCloseTo(3 * paid, 6);
  });

  test('takes 1 as at hand and 0 as not: an inverted trace is another trace', () => {
    const trace: SpotTrace = { name: '', tick: hour, available: [1, 1, 0, 1, 1, 1, 1, 1] };
    const short = { ...job, work: 3 * hour, restart: 0, stall: 0, interval: hour, deadline: 8 * hour };
    const run = replayPolicy(trace, 0, short, 'greedy');
    expect(run).toMatchObject({ preemptions: 1, seconds: 4 * hour, cost: 3, starts: 2 });
  });

  test('loses with a preemption what lies behind its last save', () => {
    const trace: SpotTrace = { name: '', tick: hour, available: [1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1] };
    const short = { ...job, work: 4 * hour, restart: 0, stall: 0, interval: 2 * hour, deadline: 12 * hour };
    expect(replayPolicy(trace, 0, short, 'greedy').cost).toBe(5);
  });

  test('of several nodes needs them all at once', () => {
    const trace: SpotTrace = { name: '', tick: hour, available: [2, 1, 2, 2, 2, 2] };
    const gang = { ...job, nodes: 2, work: 2 * hour, restart: 0, stall: 0, interval: hour, deadline: 6 * hour };
    expect(replayPolicy(trace, 0, gang, 'greedy')).toMatchObject({ preemptions: 1, seconds: 3 * hour });
  });
});

describe('policies over generated traces', () => {
  const traces = fc
    .record({
      seed: fc.integer({ min: 1, max: 1e6 }),
      shape: fc.constantFrom(0.5, 0.7, 1),
      meanUp: fc.double({ min: 0.5, max: 10, noNaN: true }),
      meanDown: fc.double({ min: 0.2, max: 5, noNaN: true }),
    })
    .map((law) => generatedTrace({ ...law, days: 10, tick: 300 }));

  test('never miss a deadline that on-demand can meet with two switches to spare', () => {
    fc.assert(
      fc.property(traces, fc.double({ min: 1.2, max: 3, noNaN: true }), (trace, slack) => {
        const one = { ...job, deadline: slack * job.work * (1 + job.stall / job.interval) };
        for (const { missed } of comparePolicies(trace, one, 6) ?? []) expect(missed).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test('cost no more where spot is cheaper, and the price of on-demand does not depend on the trace', () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const costs = (spotPerHour: number) => comparePolicies(trace, { ...job, spotPerHour }, 6) ?? [];
        const [dear, cheap] = [costs(2), costs(1)];
        dear.forEach((one, at) => {
          expect(cheap[at]?.cost.mean).toBeLessThanOrEqual(one.cost.mean + 1e-9);
        });
        expect(cheap[0]?.cost.mean).toBeCloseTo(3 * (24 * (1 + 30 / 1200) + 0.1), 6);
      }),
      { numRuns: 25 },
    );
  });

  test('tell all three, or nothing where the trace is shorter than the deadline', () => {
    expect(comparePolicies(always, job, 3)?.map(({ policy }) => policy)).toEqual(spotPolicies);
    expect(comparePolicies(always, { ...job, deadline: 1e6 })).toBeUndefined();
  });
});

describe('the effective price', () => {
  const cycle = { stall: 60, write: 60, restart: 180, mean: 4.6 * hour };

  test('is the price over what stays done', () => {
    const { useful, perUsefulHour } = effectivePrice(9.8, 1200, cycle);
    expect(useful).toBeGreaterThan(0.85);
    expect(perUsefulHour).toBeCloseTo(9.8 / useful, 9);
  });

  test('equals on-demand at the break-even', () => {
    const hours = breakEvenHours(1, 3, 1200, cycle) ?? 0;
    expect(effectivePrice(1, 1200, { ...cycle, mean: hours * hour }).perUsefulHour).toBeCloseTo(3, 6);
    expect(breakEvenHours(3, 3, 1200, cycle)).toBeUndefined();
  });
});

test('a trace that cannot tell says why', () => {
  const question = { ...job, write: 30, nodes: 4 };
  expect(answerSpot(always, question)).toEqual({ reason: 'it never shows the 4 nodes of the job at once (1 at most)' });
  expect(answerSpot(always, { ...question, nodes: 1, deadline: 1e6 })).toEqual({
    reason: 'it covers 83 h, less than the deadline',
  });
});
