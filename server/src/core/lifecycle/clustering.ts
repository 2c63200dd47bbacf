/** A stretch of running: its length in any unit, and whether an interruption ended it. */
export interface Run {
  readonly length: number;
  readonly interrupted: boolean;
}

/** Fewer interruptions than this tell nothing of how they cluster. */
const fewest = 8;
/** Equal parts of the running time whose counts are compared: few enough that regimes of days lie within one. */
const parts = 8;

/**
 * How much more the count of interruptions scatters than one without memory: 1 is a Poisson count, 4 that only every fourth
 * tells something new. The larger of two estimates, for neither sees all: the squared variation of the stretches (heavy tails;
 * Cox 1962, renewal counts), and the counts in equal parts of the running time, one after another (regimes, by batch means).
 */
export function clusteringOf(runs: readonly Run[]): number {
  const ended = runs.filter(({ interrupted }) => interrupted).map(({ length }) => length);
  if (ended.length < fewest) return 1;
  return Math.max(1, variation(ended), dispersion(runs));
}

/** Variance over the squared mean. */
function variation(lengths: readonly number[]): number {
  const mean = lengths.reduce((sum, one) => sum + one, 0) / lengths.length;
  return mean > 0 ? spreadAround(lengths, mean) / mean ** 2 : 1;
}

/** Variance over the mean of the counts in equal parts of the running time. */
function dispersion(runs: readonly Run[]): number {
  const part = runs.reduce((sum, { length }) => sum + length, 0) / parts;
  if (!(part > 0)) return 1;
  const counts = Array.from({ length: parts }, () => 0);
  let passed = 0;
  let total = 0;
  for (const { length, interrupted } of runs) {
    passed += length;
    if (!interrupted) continue;
    // An interruption at the very end of a part belongs to it.
    const at = Math.min(parts - 1, Math.max(0, Math.ceil(passed / part - 1e-9) - 1));
    counts[at] = (counts[at] ?? 0) + 1;
    total += 1;
  }
  const mean = total / parts;
  return spreadAround(counts, mean) / mean;
}

function spreadAround(values: readonly number[], mean: number): number {
  return values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1);
}
