import { type Interval, interval } from '../units/interval.ts';
import type { Plan, Points } from './plan.ts';

/**
 * A figure over the points of a spec: likely at the likely plan; low and high where the fields that are
 * not known exactly move it, each field by itself, added in quadrature in log space.
 * Undefined where the likely plan has no such figure.
 */
export function spread<Q extends number>(
  points: Points,
  figure: (plan: Plan) => Q | undefined,
): Interval<Q> | undefined {
  const likely = figure(points.likely);
  if (likely === undefined) return undefined;
  if (likely <= 0 || points.variants.length === 0) return interval(likely, likely, likely);
  // Plain arrays, one place for each field: this runs a dozen times in an estimate, and most figures do not move at all.
  const fields: string[] = [];
  const downs: number[] = [];
  const ups: number[] = [];
  for (const { field, plan } of points.variants) {
    const moved = figure(plan);
    if (moved === undefined || moved <= 0 || moved === likely) continue;
    let at = fields.indexOf(field);
    if (at < 0) at = fields.push(field) - 1;
    const log = Math.log(moved / likely);
    downs[at] = Math.max(downs[at] ?? 0, -log);
    ups[at] = Math.max(ups[at] ?? 0, log);
  }
  if (fields.length === 0) return interval(likely, likely, likely);
  return interval((likely * Math.exp(-length(downs))) as Q, likely, (likely * Math.exp(length(ups))) as Q);
}

/** Length of a vector; `Math.hypot` takes some ten times as long and guards against sizes that no logarithm has. */
function length(logs: readonly number[]): number {
  let squares = 0;
  for (const log of logs) squares += log * log;
  return Math.sqrt(squares);
}
