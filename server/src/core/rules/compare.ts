import type { Estimate } from '../estimate/estimate.ts';
import { formatDisk, formatGiB, formatShare } from '../units/format.ts';
import type { Interval } from '../units/interval.ts';
import type { Saving } from './rule.ts';

/** Changes smaller than this (relative) lie within what the model cannot tell apart, and are not claimed. */
const negligibleShare = 0.03;

/** What a change brings: the second estimate against the first, likely figures; negative is less. */
export function compareEstimates(before: Estimate, after: Estimate): Saving {
  const share = (a: number | undefined, b: number | undefined) =>
    a !== undefined && b !== undefined && a > 0 ? b / a - 1 : undefined;
  const costShare = firstShare(before, after, costs, share);
  const timeShare = firstShare(before, after, times, share);
  const [memory, memoryAfter] = [before.memory?.device, after.memory?.device];
  const [kept, keptAfter] = [before.storage?.kept, after.storage?.kept];
  return {
    ...(costShare === undefined ? {} : { costShare }),
    ...(timeShare === undefined ? {} : { timeShare }),
    ...(memory && memoryAfter ? { memoryBytes: difference(memory, memoryAfter) } : {}),
    ...(kept && keptAfter ? { storageBytes: difference(kept, keptAfter) } : {}),
    ...moneySaved(before, after),
  };
}

function difference(before: { readonly likely: number }, after: { readonly likely: number }) {
  const value = after.likely - before.likely;
  return { low: value, likely: value, high: value };
}

type Measure = (estimate: Estimate) => number | undefined;

/** Seconds that one sample takes: what runs of unknown length are compared by, since a change may make its steps larger. */
const perSample: Measure = ({ time }) => {
  const rate = time?.samplesPerSecond?.likely;
  return rate ? 1 / rate : undefined;
};

/** What a job costs, the sum first; and how long it takes. */
const costs: readonly Measure[] = [
  ({ cost }) => cost?.total?.micros.likely,
  ({ cost, serving }) => (serving ? cost?.perMillionTokens?.micros.likely : undefined),
  (estimate) => {
    const seconds = perSample(estimate);
    return estimate.cost && seconds && estimate.cost.perHour.micros.likely * seconds;
  },
  ({ cost }) => cost?.perThousandSteps?.micros.likely,
  ({ cost }) => cost?.perHour.micros.likely,
];
const times: readonly Measure[] = [
  ({ time }) => time?.run?.likely,
  ({ serving }) => serving?.requestSeconds?.likely,
  perSample,
  ({ time }) => time?.step.likely,
];

/** The change of the first measure that the job has; a sum is never held against a rate. */
function firstShare(
  before: Estimate,
  after: Estimate,
  measures: readonly Measure[],
  share: (a: number | undefined, b: number | undefined) => number | undefined,
): number | undefined {
  const measure = measures.find((one) => one(before) !== undefined);
  return measure && share(measure(before), measure(after));
}

function moneySaved(before: Estimate, after: Estimate): Pick<Saving, 'cost'> {
  const [a, b] = [before.cost?.total, after.cost?.total];
  if (!a || !b || a.currency !== b.currency) return {};
  return { cost: { currency: a.currency, micros: byPoint(a.micros, b.micros) } };
}

/** The difference at each point of the two ranges: their errors are the same model's, so they move together. */
function byPoint(before: Interval, after: Interval): Interval {
  const likely = after.likely - before.likely;
  const ends = [after.low - before.low, likely, after.high - before.high];
  return { low: Math.min(...ends), likely, high: Math.max(...ends) };
}

/** The saving in the words of an action's title: "-49 % cost, -31 GiB"; empty where nothing moves noticeably. */
export function phraseSaving(saving: Saving): string {
  const words: string[] = [];
  const { costShare, timeShare, memoryBytes, storageBytes } = saving;
  const costs = costShare !== undefined && Math.abs(costShare) >= negligibleShare;
  if (costs) words.push(`${formatShare(costShare)} cost`);
  // Time is said beside the cost only where it goes another way: slower and cheaper.
  const apart = timeShare !== undefined && Math.abs(timeShare) >= negligibleShare;
  if (apart && (!costs || Math.abs(timeShare - (costShare ?? 0)) >= 0.1)) words.push(`${formatShare(timeShare)} time`);
  if (memoryBytes && Math.abs(memoryBytes.likely) >= 2 ** 29) {
    words.push(`${memoryBytes.likely > 0 ? '+' : '-'}${formatGiB(Math.abs(memoryBytes.likely))} GiB`);
  }
  if (storageBytes && Math.abs(storageBytes.likely) >= 1e9) {
    words.push(`${storageBytes.likely > 0 ? '+' : '-'}${formatDisk(Math.abs(storageBytes.likely))}`);
  }
  return words.join(', ');
}
