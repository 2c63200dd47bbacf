import type { Problem } from '../source/problem.ts';
import { numberIn, type RawTable, type TableRow } from './raw-table.ts';
import type { Snapshot, SnapshotTerm } from './snapshot.ts';

/** What the terms of a snapshot are held against. */
export interface TermsInput {
  readonly commitments: RawTable;
  readonly snapshot: Snapshot;
  /** Accelerators of a machine that the tables know. */
  countOf(cloud: string, instanceType: string): number | undefined;
  /** The list price of a machine in a region after the snapshot, dollars an hour. */
  listPrice(cloud: string, instanceType: string, region: string): number | undefined;
  /** Why a price of so many accelerators cannot be, with the one before it. */
  refusal(price: number, count: number, before: number | undefined): string | undefined;
}

/** The table of commitments after a snapshot. */
export interface MergedTerms {
  readonly rows: readonly TableRow[];
  readonly updated: number;
  readonly added: number;
  readonly problems: readonly Problem[];
}

/** A promise saves something, and never more than this share: another figure is of another unit or another machine. */
const mostSaved = 0.9;

/**
 * Puts prices under a promise into the table of commitments, each for its own machine, region, term and payment. The share
 * saved is kept beside the rate, so that the rate falls out of use when the list price behind it moves.
 */
export function mergeTerms({ commitments, snapshot, countOf, listPrice, refusal }: TermsInput): MergedTerms {
  const rows = new Map(commitments.rows.map((row) => [keyOf(row), row]));
  const problems: Problem[] = [];
  let updated = 0;
  let added = 0;
  for (const term of snapshot.terms ?? []) {
    const { cloud, instanceType, region, perHour } = term;
    const count = countOf(cloud, instanceType);
    if (count === undefined) continue;
    const list = listPrice(cloud, instanceType, region);
    const row = rowOf(term, list, snapshot);
    const key = keyOf(row);
    const before = rows.get(key);
    const reason = refusal(perHour, count, numberIn(before?.['perHour'])) ?? unlikely(perHour, list);
    if (reason) {
      problems.push({
        code: 'price-refused',
        message: `${cloud} ${instanceType} in ${region} for ${term.termYears} y: ${reason}; the price before it stays.`,
      });
      continue;
    }
    rows.set(key, row);
    if (before) updated += 1;
    else added += 1;
  }
  return {
    rows: [...rows].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row),
    updated,
    added,
    problems,
  };
}

function rowOf(term: SnapshotTerm, list: number | undefined, { asOf, source }: Snapshot): TableRow {
  const saved = list === undefined ? 0 : Math.round(1000 * (1 - term.perHour / list)) / 10;
  return {
    cloud: term.cloud,
    scope: term.instanceType,
    region: term.region,
    kind: term.kind,
    termYears: term.termYears,
    upfront: term.upfront,
    discountPercent: saved > 0 ? saved : undefined,
    perHour: Math.round(term.perHour * 1e6) / 1e6,
    asOf,
    source,
  };
}

/** A rate of one promise has one row; words without a rate are apart from it. */
function keyOf(row: TableRow): string {
  const cells = ['cloud', 'scope', 'region', 'kind', 'termYears', 'upfront'].map((column) => row[column] ?? '');
  return `${cells.join(' ')} ${row['perHour'] === undefined ? 'share' : 'rate'}`;
}

function unlikely(price: number, list: number | undefined): string | undefined {
  if (list === undefined) return undefined;
  if (price > list * 1.001) return `the promised price of ${price} is above the list price of ${list}`;
  return price < list * (1 - mostSaved)
    ? `the promised price of ${price} is below a tenth of the list price`
    : undefined;
}
