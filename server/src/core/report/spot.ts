import type { SpotEstimate } from '../estimate/estimate.ts';
import type { SpotAnswer } from '../lifecycle/spot-plan.ts';
import type { PolicySummary } from '../lifecycle/spot-policy.ts';
import {
  formatDuration,
  formatDurationInterval,
  formatInterval,
  formatMoney,
  formatMoneyInterval,
  formatNumber,
} from '../units/format.ts';
import type { CurrencyCode } from '../units/money.ts';
import type { ReportRow } from './report.ts';

/** Names of the policies as they are told. */
const names = { 'on-demand': 'on demand', greedy: 'greedy spot', 'uniform-progress': 'uniform progress' } as const;

/** One row of the comparison: policy, cost with its range over the starts, time, misses, how it went. */
export function policyCells(one: PolicySummary, currency: CurrencyCode): readonly string[] {
  const { cost, seconds, missed, runs, preemptions, onDemandShare, policy } = one;
  const share = policy === 'on-demand' ? '' : `${Math.round(onDemandShare * 100)} % on demand`;
  return [
    names[policy],
    formatMoneyInterval({ currency, micros: { low: cost.low, likely: cost.likely, high: cost.high } }),
    formatDurationInterval(seconds),
    `${missed} of ${runs} late`,
    policy === 'on-demand' ? '' : `${formatNumber(preemptions)} preemptions`,
    share,
  ];
}

/** Row of a job on spot: what an hour that stays done costs, over the share that stays. */
export function spotRow({ useful, perUsefulHour, basis }: SpotEstimate): ReportRow {
  const share = `useful ${formatInterval(useful, (part) => `${Math.round(part * 100)} %`)}`;
  const note = basis === 'unknown' ? `${share}, by published traces; yours are unknown` : share;
  const value = perUsefulHour ? `${formatMoneyInterval(perUsefulHour)} an hour that stays done` : 'may never end';
  return { label: 'spot', value, note };
}

/** What the trace says of the job before the policies: how it was at hand, what an hour that stays costs. */
export function describeSpot(answer: SpotAnswer, currency: CurrencyCode): readonly string[] {
  const { trace, effective, interval, replayedUseful, breakEvenHours, leastKnownMiss, policies, atBest } = answer;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const mean =
    trace.meanHours === undefined
      ? 'no preemption'
      : `${trace.preemptions} ${trace.preemptions === 1 ? 'preemption' : 'preemptions'}, mean ${formatNumber(trace.meanHours)} h`;
  const median = trace.medianHours === undefined ? '' : `, median ${formatNumber(trace.medianHours)} h`;
  const price = effective
    ? [
        `an hour that stays done: ${formatMoney({ currency, micros: effective.perUsefulHour })} (useful ${percent(effective.useful)} by Daly's model, ${percent(replayedUseful)} replayed)`,
      ]
    : [];
  const even =
    breakEvenHours === undefined
      ? []
      : [`dearer than on-demand below ${formatDuration(breakEvenHours * 3600)} between preemptions`];
  const none = policies.every(({ missed }) => missed === 0)
    ? [`no start was late; ${policies[0]?.runs ?? 0} starts cannot tell a chance below ${percent(leastKnownMiss)}`]
    : [];
  return [
    `at hand ${percent(trace.upShare)} of the time: ${mean}${median}`,
    `saved every ${formatDuration(interval)}`,
    ...price,
    ...even,
    ...none,
    ...(atBest
      ? [`saved every ${formatDuration(atBest.interval)} instead: ${costsOf(atBest.policies, currency)}`]
      : []),
  ];
}

function costsOf(policies: readonly PolicySummary[], currency: CurrencyCode): string {
  const spot = policies.filter(({ policy }) => policy !== 'on-demand');
  return spot
    .map(({ policy, cost }) => `${names[policy]} ${formatMoneyInterval({ currency, micros: cost })}`)
    .join(', ');
}
