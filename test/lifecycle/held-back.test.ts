import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dalyInterval, intervalBand } from '#core/lifecycle/interval.ts';
import { readTrace } from '#core/lifecycle/read-trace.ts';
import { bestReplayed, replayInterval } from '#core/lifecycle/replay-interval.ts';
import { halvesOf, nodesOf, type SpotTrace, stretchesOf, summarizeTrace } from '#core/lifecycle/trace.ts';
import { generatedTrace } from './traces.ts';

/** What the halves of a trace give: the interval fitted on the first, judged on the second. */
function heldBack(trace: SpotTrace, nodes: number, stall: number, restart: number) {
  const [first, second] = halvesOf(trace);
  const [fit, judge] = [summarizeTrace(first, nodes), summarizeTrace(second, nodes)];
  if (fit.preemptions < 8 || judge.preemptions < 8 || fit.meanHours === undefined) return undefined;
  const cycle = { stall, write: stall, restart, mean: fit.meanHours * 3600 };
  const stretches = stretchesOf(second, nodes);
  const best = bestReplayed(stretches, cycle);
  const short = (work: number) => 100 * (best.useful - replayInterval(stretches, work, cycle));
  const { from, to } = intervalBand(cycle);
  const daly = dalyInterval(cycle);
  return { daly: short(daly), band: Math.min(...[from, Math.sqrt(from * to), daly, to].map(short)) };
}

describe("Daly's interval of the first half of a generated trace", () => {
  const laws = [1, 0.7, 0.5].flatMap((shape) =>
    [0.7, 2.5, 8].flatMap((meanUp) => [1, 4].map((nodes) => ({ shape, meanUp, nodes }))),
  );
  test.each(laws)('is within two points of the best in hindsight on the second ($shape, $meanUp h, $nodes)', (law) => {
    const trace = generatedTrace({ ...law, seed: 7, meanDown: 1, days: 120 });
    const found = heldBack(trace, law.nodes, 60, 180);
    expect(found?.daly).toBeLessThanOrEqual(2);
    expect(found?.band).toBeLessThanOrEqual(found?.daly ?? 0);
  });
});

/** A folder with the published traces: they carry no licence and are not kept here. */
const folder = process.env['FLOPWISE_SPOT_TRACES'] ?? '';

test.runIf(existsSync(join(folder, 'availability')))(
  'the band of published single-node V100 traces holds an interval within two points',
  () => {
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /1-node.*v100.*\.json$/.test(path))
      .flatMap((path) => {
        const read = readTrace(readFileSync(join(folder, path), 'utf8'), path);
        if ('reason' in read) throw new Error(`${path}: ${read.reason}`);
        return heldBack(read.trace, nodesOf(read.trace), 60, 180) ?? [];
      });
    expect(found.length).toBeGreaterThanOrEqual(15);
    expect(found.filter(({ band }) => band > 2)).toEqual([]);
  },
);
