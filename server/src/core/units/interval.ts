/**
 * A figure with its 80 % interval: one run in ten falls below `low`, one in ten above `high`.
 * Always `low <= likely <= high`.
 */
export interface Interval<Q extends number = number> {
  readonly low: Q;
  readonly likely: Q;
  readonly high: Q;
}

/** An interval from its three points, put in order where rounding has swapped them. */
export function interval<Q extends number>(low: Q, likely: Q, high: Q): Interval<Q> {
  return { low: Math.min(low, likely) as Q, likely, high: Math.max(high, likely) as Q };
}

/** A figure known exactly. */
export function exactly<Q extends number>(value: Q): Interval<Q> {
  return { low: value, likely: value, high: value };
}

/** Each point through the same increasing function. */
export function mapInterval<A extends number, B extends number>(x: Interval<A>, f: (point: A) => B): Interval<B> {
  return interval(f(x.low), f(x.likely), f(x.high));
}

/** Sum of figures that err together: lows add to lows, highs to highs. */
export function addIntervals<Q extends number>(...parts: readonly Interval<Q>[]): Interval<Q> {
  let low = 0;
  let likely = 0;
  let high = 0;
  for (const part of parts) {
    low += part.low;
    likely += part.likely;
    high += part.high;
  }
  return { low: low as Q, likely: likely as Q, high: high as Q };
}

/** Widens a figure by a log-normal model error; `spread` is the relative half width of the 80 % interval (0.1 = +-10 %). */
export function widen<Q extends number>(x: Interval<Q>, spread: number): Interval<Q> {
  return widenBy(x, spread, spread);
}

/** As `widen`, with different spreads below and above; independent of the width already there (added in quadrature). */
export function widenBy<Q extends number>(x: Interval<Q>, below: number, above: number): Interval<Q> {
  if (x.likely <= 0) return x;
  const down = Math.hypot(Math.log(x.likely / Math.max(x.low, x.likely * 1e-6)), Math.log1p(below));
  const up = Math.hypot(Math.log(x.high / x.likely), Math.log1p(above));
  return interval((x.likely * Math.exp(-down)) as Q, x.likely, (x.likely * Math.exp(up)) as Q);
}
