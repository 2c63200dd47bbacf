/** Times of one cycle of work and save, and of what breaks it; all in seconds. */
export interface SaveCycle {
  /** How long a save stops the devices. */
  readonly stall: number;
  /** From the start of a save until it can be resumed from; the stall where nothing is written behind the work. */
  readonly write: number;
  /** From an interruption until the run computes again. */
  readonly restart: number;
  /** Mean time between interruptions of the whole job. */
  readonly mean: number;
}

/** Two ends of a stretch, in the unit of what they bound. */
export interface Band {
  readonly from: number;
  readonly to: number;
}

/** Work between saves by Young (1974): the root of twice the stall times the mean. */
export function youngInterval({ stall, mean }: Pick<SaveCycle, 'stall' | 'mean'>): number {
  return Math.sqrt(2 * stall * mean);
}

/** Work between saves by Daly's higher-order estimate (2006); the mean itself where a save takes more than twice as long. */
export function dalyInterval({ stall, mean }: Pick<SaveCycle, 'stall' | 'mean'>): number {
  if (stall >= 2 * mean) return mean;
  const ratio = stall / (2 * mean);
  return Math.sqrt(2 * stall * mean) * (1 + Math.sqrt(ratio) / 3 + ratio / 9) - stall;
}

/**
 * Work between saves at which the machine is useful for the greatest share of the time (arXiv 2410.18124): its cycle of
 * `C + sqrt(2 (M + R) C + C^2)` less the save itself.
 */
export function availabilityInterval({ stall, mean, restart }: Omit<SaveCycle, 'write'>): number {
  return Math.sqrt(2 * (mean + restart) * stall + stall * stall);
}

/**
 * Share of paid time that is work which stays done, with exponential failures: Daly's complete model, in which every
 * stretch of `work` with its save is repeated until it passes undisturbed. What is written behind the work is lost with a
 * failure before it is down, which counts as so much more restart.
 */
export function usefulShare(work: number, { stall, write, restart, mean }: SaveCycle): number {
  if (!(work > 0) || !(mean > 0)) return 0;
  const late = restart + Math.max(0, write - stall);
  const cycle = mean * Math.exp(late / mean) * Math.expm1((work + stall) / mean);
  return Number.isFinite(cycle) && cycle > 0 ? Math.min(1, work / cycle) : 0;
}

/** The interval that loses least under `usefulShare`: where `1 - work / M` is what a failure leaves of a cycle. */
export function bestInterval({ stall, write, mean }: SaveCycle): number {
  const cost = stall / mean;
  const least = Math.max(0, write - stall);
  if (!(cost > 0)) return least;
  // Young's interval lies above the root of this convex curve, so that every step stays above it.
  const kept = (x: number) => x + Math.expm1(-(x + cost));
  const slope = (x: number) => -Math.expm1(-(x + cost));
  return Math.max(least, mean * newton(kept, slope, Math.min(1, Math.sqrt(2 * cost))));
}

/** Intervals that lose at most `tolerance` (a share) of what the best leaves useful. The curve is flat to its right. */
export function intervalBand(cycle: SaveCycle, tolerance = 0.01): Band {
  const { stall, write, mean } = cycle;
  const best = bestInterval(cycle);
  const least = Math.max(0, write - stall);
  const enough = usefulShare(best, cycle) * (1 - tolerance);
  if (!(enough > 0)) return { from: best, to: best };
  // In means: what is useful is `x / (late expm1(x + cost))`, and its distance from enough is concave, with the best between its roots.
  const cost = stall / mean;
  const late = enough * Math.exp((cycle.restart + least) / mean);
  const spare = (x: number) => x - late * Math.expm1(x + cost);
  const slope = (x: number) => 1 - late * Math.exp(x + cost);
  let far = (2 * best) / mean;
  while (spare(far) > 0 && far < 1e3) far *= 2;
  return {
    from: Math.max(least, mean * newton(spare, slope, 0), Number.MIN_VALUE),
    to: Math.max(best, mean * newton(spare, slope, far)),
  };
}

/**
 * The intervals that lose at most `tolerance` more than the best at one of the means (seconds) between two: all that a rate
 * which is known that well leaves open. Outside it an interval loses more at every one of them.
 */
export function bandBetween(cycle: SaveCycle, least: number, most: number, tolerance = 0.01): Band {
  return {
    from: intervalBand({ ...cycle, mean: least }, tolerance).from,
    to: intervalBand({ ...cycle, mean: most }, tolerance).to,
  };
}

/** A step so much smaller than where it leads ends a search: as near as sums of exponentials tell apart. */
const nearly = 1e-12;

/** Newton's root of a function that is convex or concave from a start on the outer side of the root: it comes nearer with every step. */
function newton(f: (x: number) => number, slope: (x: number) => number, start: number): number {
  let x = start;
  for (let step = 0; step < 100; step += 1) {
    const change = f(x) / slope(x);
    if (!Number.isFinite(change)) return x;
    x -= change;
    if (Math.abs(change) <= nearly * Math.abs(x)) return x;
  }
  return x;
}
