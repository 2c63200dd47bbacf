import { bestInterval, type SaveCycle, usefulShare } from './interval.ts';

/** One point of the curve: work between saves and the share of paid time that is lost at it. */
export interface WastePoint {
  readonly seconds: number;
  readonly waste: number;
}

/** Points on each side of the best interval. */
const halfPoints = 8;
/** The curve reaches this many times the best interval, and as small a part of it. */
const reach = 16;

/** The share lost over a range of intervals around the best, evenly spread on a logarithmic axis, the best in the middle. */
export function wasteCurve(cycle: SaveCycle): readonly WastePoint[] {
  const before = curves.find(({ of }) => same(of, cycle));
  if (before) return before.curve;
  const curve = curveOf(cycle);
  if (curves.length >= mostCurves) curves.shift();
  curves.push({ of: cycle, curve });
  return curve;
}

/** The last curves by their cycle: a job is estimated many times, and what changes seldom touches its saves. */
const curves: { readonly of: SaveCycle; readonly curve: readonly WastePoint[] }[] = [];
const mostCurves = 16;

const same = (a: SaveCycle, b: SaveCycle) =>
  a.mean === b.mean && a.stall === b.stall && a.write === b.write && a.restart === b.restart;

function curveOf(cycle: SaveCycle): readonly WastePoint[] {
  const best = bestInterval(cycle);
  if (!(best > 0)) return [];
  return Array.from({ length: 2 * halfPoints + 1 }, (_, at) => {
    const seconds = best * reach ** ((at - halfPoints) / halfPoints);
    return { seconds, waste: 1 - usefulShare(seconds, cycle) };
  });
}
