import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { observedRate } from '#core/lifecycle/failure-rate.ts';
import { bandBetween, dalyInterval } from '#core/lifecycle/interval.ts';
import { readTrace } from '#core/lifecycle/read-trace.ts';
import { bestReplayed, replayInterval } from '#core/lifecycle/replay-interval.ts';
import { halvesOf, nodesOf, type SpotTrace, stretchesOf, summarizeTrace } from '#core/lifecycle/trace.ts';
import { type CapacityLaw, generatedTrace } from './traces.ts';

/** What the first half of a trace gives, judged on the second: points of paid time below the best interval in hindsight. */
interface HeldBack {
  readonly name: string;
  readonly nodes: number;
  readonly daly: number;
  /** The best within the band, on a grid over it. */
  readonly band: number;
  /** The band's ends over each other. */
  readonly width: number;
  /** The best in hindsight lies within the band. */
  readonly holds: boolean;
}

function heldBack(trace: SpotTrace, nodes: number, stall = 60, restart = 180): HeldBack | undefined {
  const [first, second] = halvesOf(trace);
  const [fit, judge] = [summarizeTrace(first, nodes), summarizeTrace(second, nodes)];
  if (fit.preemptions < 8 || judge.preemptions < 8 || fit.meanHours === undefined) return undefined;
  const cycle = { stall, write: stall, restart, mean: fit.meanHours * 3600 };
  const stretches = stretchesOf(second, nodes);
  const best = bestReplayed(stretches, cycle, trace.tick);
  const short = (work: number) => 100 * (best.useful - replayInterval(stretches, work, cycle, trace.tick));
  const rate = observedRate(fit.upHours, fit.preemptions, 'first half', fit.clustering);
  const { low, high } = rate?.hours ?? { low: fit.meanHours, high: fit.meanHours };
  const { from, to } = bandBetween(cycle, low * 3600, high * 3600);
  const within = Array.from({ length: 17 }, (_, at) => short(from * (to / from) ** (at / 16)));
  const holds = best.work >= from && best.work <= to;
  return {
    name: trace.name,
    nodes,
    daly: short(dalyInterval(cycle)),
    band: Math.min(...within),
    width: to / from,
    holds,
  };
}

/** The middle one of some numbers. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const law = { seed: 7, meanDown: 1, days: 60, tick: 60 };

describe("Daly's interval of the first half of a generated trace", () => {
  const laws: readonly CapacityLaw[] = [1, 0.7, 0.5].flatMap((shape) =>
    [0.7, 2.5, 8].flatMap((meanUp) => [1, 4].map((nodes) => ({ ...law, shape, meanUp: nodes * meanUp, nodes }))),
  );
  test.each(laws)('is within two points of the best on the second ($shape, $meanUp h, $nodes nodes)', (one) => {
    const found = heldBack(generatedTrace(one), one.nodes ?? 1);
    expect(found?.daly).toBeLessThanOrEqual(2);
    expect(found?.band).toBeLessThanOrEqual(1);
  });
});

test('where capacity has good and bad spells, the band still holds an interval within two points', () => {
  const found = [1, 2, 3, 4, 5, 6].flatMap((seed) =>
    [1, 4, 16].flatMap((nodes) => {
      const spells = { factor: 2, days: 4 };
      const trace = generatedTrace({
        ...law,
        seed,
        shape: 0.7,
        meanUp: 2.5 * nodes,
        meanDown: 0.2,
        nodes,
        spells,
        tick: 300,
      });
      return heldBack(trace, nodes) ?? [];
    }),
  );
  expect(found.length).toBeGreaterThanOrEqual(15);
  expect(found.filter(({ band }) => band > 2)).toEqual([]);
  // No band so wide that it says nothing.
  expect(median(found.map(({ width }) => width))).toBeLessThan(5);
});

test('the range of a counted rate holds the true one in 80 of 100, clustered or not', () => {
  for (const shape of [1, 0.7, 0.5]) {
    const seeds = Array.from({ length: 200 }, (_, at) => at + 1);
    const held = seeds.filter((seed) => {
      const { upHours, preemptions, clustering } = summarizeTrace(
        generatedTrace({ ...law, seed, shape, meanUp: 4, days: 12, tick: 300 }),
        1,
      );
      const hours = observedRate(upHours, preemptions, 'seed', clustering)?.hours;
      return hours !== undefined && hours.low <= 4 && 4 <= hours.high;
    });
    expect(held.length / seeds.length).toBeGreaterThanOrEqual(0.72);
    expect(held.length / seeds.length).toBeLessThanOrEqual(0.92);
  }
});

/** A folder with the published traces: they carry no licence and are not kept here. */
const folder = process.env['FLOPWISE_SPOT_TRACES'] ?? '';

test.runIf(existsSync(join(folder, 'availability')))(
  'the band of published traces, of nodes and of gangs, holds an interval within two points',
  () => {
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.json'))
      .flatMap((path) => {
        const read = readTrace(readFileSync(join(folder, path), 'utf8'), path);
        if ('reason' in read) throw new Error(`${path}: ${read.reason}`);
        return heldBack(read.trace, nodesOf(read.trace)) ?? [];
      });
    const gangs = found.filter(({ nodes }) => nodes > 1);
    expect([found.length, gangs.length]).toEqual([29, 6]);
    expect(found.filter(({ band }) => band > 2)).toEqual([]);
    expect(median(found.map(({ width }) => width))).toBeLessThan(3.6);
  },
);
