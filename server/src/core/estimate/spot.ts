import { usefulShare } from '../lifecycle/interval.ts';
import { interval } from '../units/interval.ts';
import { roundMicros } from '../units/money.ts';
import type { CheckpointPlan, CostEstimate, SpotEstimate, TimeEstimate } from './estimate.ts';

/** A share below this makes no price: the run would never end. */
const leastUseful = 0.01;

/**
 * What an hour that stays done costs on spot: the price over what interruptions and saves leave of the hours, at the interval
 * that the job states, else at the best. Undefined off spot, and where nothing bounds how often the capacity is taken back.
 */
export function estimateSpot(
  cost: CostEstimate | undefined,
  plan: CheckpointPlan | undefined,
  time: TimeEstimate | undefined,
): SpotEstimate | undefined {
  if (cost?.kind !== 'spot' || !plan?.rate || !plan.best) return undefined;
  const run = time?.run?.likely ?? Number.POSITIVE_INFINITY;
  const work = Math.min(plan.stated?.seconds ?? plan.best.likely, run);
  const { stall, write, restart, rate } = plan;
  const useful = (hours: number) =>
    usefulShare(work, { stall: stall.likely, write: write.likely, restart, mean: hours * 3600 });
  const share = interval(useful(rate.hours.low), useful(rate.hours.likely), useful(rate.hours.high));
  if (share.low < leastUseful) return { useful: share, basis: rate.basis };
  const { currency, micros } = cost.perHour;
  return {
    useful: share,
    basis: rate.basis,
    perUsefulHour: {
      currency,
      micros: interval(
        roundMicros(micros.low / share.high),
        roundMicros(micros.likely / share.likely),
        roundMicros(micros.high / share.low),
      ),
    },
  };
}
