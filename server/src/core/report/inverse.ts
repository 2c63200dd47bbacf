import type { FittingCard, Inverse, Limit } from '../search/inverse.ts';
import { formatGiB, formatMoneyInterval, formatWhole } from '../units/format.ts';
import type { ReportRow } from './report.ts';

const labels: Readonly<Record<Limit['id'], string>> = {
  'micro-batch': 'largest micro batch',
  'sequence-length': 'longest sequence',
  'lora-rank': 'largest LoRA rank',
  'context-length': 'longest context',
  'sequences-at-once': 'full-length sequences at once',
};

/** Limits that a pool of cache blocks sets: it is filled by the engine itself, so there is no surer value. */
function isPool(id: Limit['id']): boolean {
  return id === 'context-length' || id === 'sequences-at-once';
}

/** What fits, as rows: label, value, and how it stands to the present one. */
export function describeInverse({ limits, smallest, cheapest }: Inverse): readonly ReportRow[] {
  const rows = limits.map(limitRow);
  if (smallest) rows.push({ label: 'smallest card', ...phraseCard(smallest) });
  if (cheapest) rows.push({ label: 'cheapest card', ...phraseCard(cheapest) });
  return rows;
}

/** "12 surely, 16 likely", "none fits": the sure one leaves room for the whole range of the estimate. */
function limitRow({ id, now, sure, likely, bounded }: Limit): ReportRow {
  const say = (value: number) => `${formatWhole(value)}${bounded !== undefined && value >= bounded ? ' or more' : ''}`;
  const value =
    likely === undefined
      ? 'none fits'
      : sure === undefined
        ? isPool(id)
          ? say(likely)
          : `${say(likely)} likely, none surely`
        : sure === likely
          ? say(sure)
          : `${say(sure)} surely, ${say(likely)} likely`;
  return { label: labels[id], value, ...(now === undefined ? {} : { note: `now ${formatWhole(now)}` }) };
}

function phraseCard({ accelerator, deviceBytes, perHour }: FittingCard): {
  readonly value: string;
  readonly note: string;
} {
  const price = perHour ? `${formatMoneyInterval(perHour)}/h for the job` : 'price unknown';
  return {
    value: accelerator.name,
    note: `${formatGiB(deviceBytes)} of ${formatGiB(accelerator.memory)} GiB, ${price}`,
  };
}

const short: Readonly<Record<Limit['id'], string>> = {
  'micro-batch': 'micro batch',
  'sequence-length': 'sequence',
  'lora-rank': 'LoRA rank',
  'context-length': 'context',
  'sequences-at-once': 'full-length sequences',
};

/** "Fits up to micro batch 13, sequence 6,656": each by itself, all else as it is; empty where nothing is known to fit. */
export function phraseLimits(limits: readonly Limit[]): string {
  const words = limits.flatMap(({ id, sure, likely, bounded }) => {
    const value = sure ?? (isPool(id) ? likely : undefined);
    if (value === undefined) return [];
    return [`${short[id]} ${formatWhole(value)}${bounded !== undefined && value >= bounded ? ' or more' : ''}`];
  });
  return words.length === 0 ? '' : `Fits up to ${words.join(', ')}`;
}
