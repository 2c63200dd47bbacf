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
  const downs = new Map<string, number>();
  const ups = new Map<string, number>();
  for (const { field, plan } of points.variants) {
    const moved = figure(plan);
    if (moved === undefined || moved <= 0) continue;
    const log = Math.log(moved / likely);
    const side = log < 0 ? downs : ups;
    side.set(field, Math.max(side.get(field) ?? 0, Math.abs(log)));
  }
  const length = (logs: Map<string, number>) => Math.hypot(...logs.values());
  return interval((likely * Math.exp(-length(downs))) as Q, likely, (likely * Math.exp(length(ups))) as Q);
}
