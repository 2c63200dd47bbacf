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
  return Math.max(least, mean * root((x) => x + Math.exp(-(x + cost)) - 1, 0, 1));
}

/** Intervals that lose at most `tolerance` (a share) of what the best leaves useful. The curve is flat to its right. */
export function intervalBand(cycle: SaveCycle, tolerance = 0.01): Band {
  const best = bestInterval(cycle);
  const enough = usefulShare(best, cycle) * (1 - tolerance);
  const short = (work: number) => usefulShare(work, cycle) - enough;
  const least = Math.max(0, cycle.write - cycle.stall);
  let far = 2 * best;
  while (short(far) > 0 && far < 1e3 * cycle.mean) far *= 2;
  return {
    from: short(least) >= 0 ? Math.max(least, Number.MIN_VALUE) : root(short, least, best),
    to: root((work) => -short(work), best, far),
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

/** Share of a stretch that ends a search: as near as sums of exponentials tell apart. */
const nearly = 1e-12;

/**
 * Where an increasing function crosses zero between two points: the chord's root, the weight of an end that stays cut by what the
 * other gained (Anderson and Bjorck 1973), and the middle where chords creep. Some eight steps where halving takes forty.
 */
function root(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [below, above] = [f(low), f(high)];
  let side = 0;
  for (let step = 0; step < 100 && high - low > nearly * Math.abs(high); step += 1) {
    const chord = (low * above - high * below) / (above - below);
    // The end that stays would keep the stretch wide: now and then the middle is tried.
    const x = step % 5 < 4 && chord > low && chord < high ? chord : (low + high) / 2;
    const value = f(x);
    if (value === 0) return x;
    if (value < 0) {
      if (side < 0) above *= weight(value / below);
      [low, below, side] = [x, value, -1];
    } else {
      if (side > 0) below *= weight(value / above);
      [high, above, side] = [x, value, 1];
    }
    if (Math.abs(value) < nearly) return x;
  }
  return high;
}

/** Anderson and Bjorck's weight of an end that stays twice: 1 less the ratio of the other end's values, a half where that is none. */
function weight(ratio: number): number {
  return ratio < 1 ? 1 - ratio : 0.5;
}
