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
  const key = `${cycle.stall} ${cycle.write} ${cycle.restart} ${cycle.mean}`;
  const before = curves.get(key);
  if (before) return before;
  const curve = curveOf(cycle);
  if (curves.size >= mostCurves) curves.clear();
  curves.set(key, curve);
  return curve;
}

/** Curves by their cycle: a job is estimated many times, and what changes seldom touches its saves. */
const curves = new Map<string, readonly WastePoint[]>();
const mostCurves = 100;

function curveOf(cycle: SaveCycle): readonly WastePoint[] {
  const best = bestInterval(cycle);
  if (!(best > 0)) return [];
  return Array.from({ length: 2 * halfPoints + 1 }, (_, at) => {
    const seconds = best * reach ** ((at - halfPoints) / halfPoints);
    return { seconds, waste: 1 - usefulShare(seconds, cycle) };
  });
}
