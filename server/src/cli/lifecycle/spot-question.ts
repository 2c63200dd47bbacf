import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { SpotQuestion } from '#core/lifecycle/spot-plan.ts';
import { phraseOffer } from '#core/report/phrases.ts';
import type { RuleView } from '#core/rules/rule.ts';
import { formatDuration, formatMoney } from '#core/units/format.ts';
import { likely } from '#core/workload/known.ts';

/** What a job asks of a trace, in the currency of its prices; or what is not known of it. */
export type AskedSpot =
  | { readonly question: SpotQuestion; readonly currency: string; readonly words: string }
  | { readonly reason: string };

/** The job's length, saves and both of its prices: on spot and on demand, by the same estimate with that one fact changed. */
export function questionOf(
  { spec, estimate }: AnalyzedWorkload,
  reestimate: RuleView['reestimate'],
  deadline: number,
): AskedSpot {
  const { time, checkpoints } = estimate;
  if (!time?.run || !checkpoints) return { reason: 'the length of the run or of a step is not known' };
  const [spot, onDemand] = [true, false].map((value) => reestimate([{ name: 'hardware.spot', value }]).cost);
  if (!onDemand) return { reason: 'no on-demand price is known' };
  if (spot?.kind !== 'spot') return { reason: 'no spot price of the machine is known' };
  const nodes = likely(spec.resources.nodes) ?? 1;
  const saves = estimate.storage?.saves?.likely ?? 0;
  const question = {
    work: Math.max(1, time.run.likely - saves * checkpoints.stall.likely),
    nodes,
    stall: checkpoints.stall.likely,
    write: checkpoints.write.likely,
    restart: checkpoints.restart,
    ...(checkpoints.stated ? { interval: checkpoints.stated.seconds } : {}),
    deadline,
    spotPerHour: spot.perHour.micros.likely,
    onDemandPerHour: onDemand.perHour.micros.likely,
  };
  const { currency } = onDemand.perHour;
  const prices = [onDemand, spot].map(
    (cost) => `${formatMoney({ currency, micros: cost.perHour.micros.likely })}/h ${phraseOffer(cost)}`,
  );
  return {
    question,
    currency,
    words: `${formatDuration(question.work)} of work, deadline ${formatDuration(deadline)}; ${prices.join('; ')}`,
  };
}
