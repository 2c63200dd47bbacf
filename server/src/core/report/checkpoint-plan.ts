import type { CheckpointPlan } from '../estimate/estimate.ts';
import { formatCount, formatDuration, formatDurationInterval, formatInterval, formatNumber } from '../units/format.ts';
import type { ReportRow } from './report.ts';

/** "every 41 min": the interval that the job states, or that it states none. */
export function phraseInterval({ stated }: CheckpointPlan): string {
  return stated ? `every ${formatDuration(stated.seconds)}` : 'interval not known';
}

/** "best every 22 min (15-33), 480 steps"; why there is none where nothing tells how often the run is interrupted. */
export function phraseBest({ best, band, steps, rate, endsSooner }: CheckpointPlan): string {
  if (!rate || !best || !band || !steps)
    return 'best unknown: how often a spot gang is interrupted follows from no single node; give a trace of it';
  if (rate.basis === 'unknown')
    return `best ${formatDuration(best.low)} to ${formatDuration(best.high)}, by how often this capacity is taken back: unknown`;
  if (endsSooner) return 'the run ends before a save would pay: its last is enough';
  const range = formatDurationInterval({ low: band.from, likely: best.likely, high: band.to });
  return `best every ${range}, ${formatCount(steps.likely)} ${steps.likely === 1 ? 'step' : 'steps'}`;
}

/** "3.1 h (0.45-8.1) between interruptions, scaled from ...". */
export function phraseRate({ rate }: CheckpointPlan): string | undefined {
  if (!rate) return undefined;
  const hours = formatDurationInterval({
    low: rate.hours.low * 3600,
    likely: rate.hours.likely * 3600,
    high: rate.hours.high * 3600,
  });
  if (rate.basis === 'unknown') {
    const { low, high } = rate.hours;
    return `time between interruptions unknown; ${formatNumber(low)} to ${formatNumber(high)} h in published traces (${rate.source})`;
  }
  return `${hours} between interruptions, ${rate.source}`;
}

/** "a save stops the run for 31 s (10-100)"; saves behind the work say so. */
export function phraseStall({ stall, write, asynchronous }: CheckpointPlan): string {
  const stop = `a save stops the run for ${formatDurationInterval(stall)}`;
  return asynchronous ? `${stop} and is written behind it in ${formatDuration(write.likely)}` : stop;
}

/** "7.3 %": a share of the paid time. */
export function formatLoss(share: number): string {
  const percent = share * 100;
  return `${percent < 0.01 ? 'under 0.01' : formatNumber(percent)} %`;
}

/** Row of the run's table. */
export function checkpointRow(plan: CheckpointPlan): ReportRow {
  const lost =
    plan.stated?.waste && plan.rate?.basis !== 'unknown' ? [`loses ${formatLoss(plan.stated.waste.likely)}`] : [];
  return { label: 'saves', value: [phraseInterval(plan), ...lost].join(', '), note: phraseBest(plan) };
}

/** Everything that the plan rests on, a sentence a line, for the hover of the interval. */
export function describeCheckpointPlan(plan: CheckpointPlan): readonly string[] {
  const { wasteAtBest, stated, rate } = plan;
  const sure = rate !== undefined && rate.basis !== 'unknown';
  const loss =
    sure && stated?.waste && wasteAtBest !== undefined
      ? [`loses ${formatInterval(stated.waste, formatLoss)} of the paid time, the best ${formatLoss(wasteAtBest)}`]
      : [];
  const interruptions = phraseRate(plan);
  return [
    `${phraseInterval(plan)}; ${phraseBest(plan)}`,
    ...loss,
    phraseStall(plan),
    ...(interruptions ? [interruptions] : []),
  ];
}
