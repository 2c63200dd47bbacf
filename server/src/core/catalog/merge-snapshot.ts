import type { Outcome, Problem } from '../source/problem.ts';
import type { Catalog } from './catalog.ts';
import { mergeTerms } from './merge-terms.ts';
import { numberIn, readTable, type TableRow, writeTable } from './raw-table.ts';
import type { Snapshot, SnapshotOffer } from './snapshot.ts';

/** The tables that prices are kept in, as text. */
export interface PriceTables {
  readonly instances: string;
  readonly offers: string;
  readonly commitments: string;
  readonly 'spot-interruption': string;
}

/** What a refresh did, for the one who asked. */
export interface Merged {
  readonly tables: PriceTables;
  /** Prices taken: changed or confirmed ones, and new ones. */
  readonly updated: number;
  readonly added: number;
}

/** By how much a price may move at once; more is taken for another unit or another machine. */
export const mostMove = 3;
/** Dollars an accelerator-hour outside of which no list price lies. */
const plausible = { low: 0.02, high: 100 };

/**
 * Puts a snapshot's prices into the tables. Each is held against the price before it; what is not plausible is refused
 * and named, and the price before it stays with its own date. What the snapshot does not mention stays too.
 * Tables that cannot be read are given back as they were.
 */
export function mergeSnapshot(tables: PriceTables, snapshot: Snapshot, catalog: Catalog): Outcome<Merged> {
  const instances = readTable(tables.instances);
  const offers = readTable(tables.offers);
  const commitments = readTable(tables.commitments);
  const histories = readTable(tables['spot-interruption']);
  if (!instances || !offers || !commitments || !histories)
    return {
      value: { tables, updated: 0, added: 0 },
      problems: [{ code: 'bad-table', message: 'The price tables cannot be read; nothing is refreshed.' }],
    };
  const keyOf = (cloud: unknown, type: unknown, region: unknown) => `${cloud} ${type} ${region}`.toLowerCase();
  const rows = new Map(offers.rows.map((row) => [keyOf(row['cloud'], row['type'], row['region']), row]));
  const machines = new Map(instances.rows.map((row) => [`${row['cloud']} ${row['type']}`.toLowerCase(), row]));
  const problems: Problem[] = [];
  const unknown = new Map<string, number>();
  let updated = 0;
  let added = 0;
  for (const listed of joined(snapshot.offers)) {
    const known = machines.get(`${listed.cloud} ${listed.instanceType}`.toLowerCase());
    const offer = orderable(listed, known);
    if (!offer) continue;
    const machine = known ?? machineOf(offer, catalog, snapshot.source);
    if (!machine) {
      const name = offer.accelerator ?? 'machines of no known accelerator';
      unknown.set(name, (unknown.get(name) ?? 0) + 1);
      continue;
    }
    const key = keyOf(offer.cloud, machine['type'], offer.region);
    const before = rows.get(key);
    const reason = refusal(offer, Number(machine['count']), before);
    if (reason) {
      problems.push({
        code: 'price-refused',
        message: `${offer.cloud} ${offer.instanceType} in ${offer.region}: ${reason}; the price before it stays.`,
      });
      continue;
    }
    machines.set(`${offer.cloud} ${offer.instanceType}`.toLowerCase(), machine);
    rows.set(key, {
      cloud: offer.cloud,
      region: offer.region,
      type: machine['type'],
      onDemand: offer.onDemand ?? before?.['onDemand'],
      spot: offer.spot ?? (offer.onDemand === undefined ? undefined : before?.['spot']),
      asOf: snapshot.asOf,
      source: snapshot.source,
    });
    if (before) updated += 1;
    else added += 1;
  }
  for (const [name, count] of unknown)
    problems.push({
      code: 'source-unknown',
      message: `${name} is in no table: ${count} prices of ${snapshot.source} are left out.`,
    });
  problems.push(...missingRegions(snapshot, offers.rows));
  const terms = mergeTerms({
    commitments,
    snapshot,
    countOf: (cloud, type) => numberIn(machines.get(`${cloud} ${type}`.toLowerCase())?.['count']),
    listPrice: (cloud, type, region) => numberIn(rows.get(keyOf(cloud, type, region))?.['onDemand']),
    refusal: (price, count, before) =>
      implausible('the promised price', price, count) ?? moved('the promised price', price, before),
  });
  problems.push(...terms.problems);
  const value: Merged = {
    tables: {
      instances: writeTable({ ...instances, rows: sorted([...machines.values()], ['cloud', 'type']) }),
      offers: writeTable({ ...offers, rows: sorted([...rows.values()], ['cloud', 'type', 'region']) }),
      commitments: snapshot.terms ? writeTable({ ...commitments, rows: terms.rows }) : tables.commitments,
      'spot-interruption': writeTable({ ...histories, rows: mergedHistories(histories.rows, snapshot, machines) }),
    },
    updated: updated + terms.updated,
    added: added + terms.added,
  };
  return { value, problems };
}

/** On-demand and spot of one machine and region may come as two rows: one offer of both. */
function joined(offers: readonly SnapshotOffer[]): readonly SnapshotOffer[] {
  const byPlace = new Map<string, SnapshotOffer>();
  for (const offer of offers) {
    const key = `${offer.cloud} ${offer.instanceType} ${offer.region}`.toLowerCase();
    byPlace.set(key, { ...byPlace.get(key), ...offer });
  }
  return [...byPlace.values()];
}

/** The offer without an on-demand price that nobody can order; nothing where it has no other. */
function orderable(offer: SnapshotOffer, machine: TableRow | undefined): SnapshotOffer | undefined {
  if (machine?.['soldAs'] !== 'spot') return offer;
  const { onDemand: _, ...rest } = offer;
  return rest.spot === undefined ? undefined : rest;
}

/** A machine that the tables lack, where the snapshot says enough of it. */
function machineOf(offer: SnapshotOffer, catalog: Catalog, source: string): TableRow | undefined {
  const chip = offer.accelerator === undefined ? undefined : catalog.accelerator(offer.accelerator);
  if (!chip || !offer.count || offer.count <= 0) return undefined;
  return {
    cloud: offer.cloud,
    type: offer.instanceType,
    accelerator: chip.name,
    count: offer.count,
    vcpus: offer.vcpus,
    memoryGiB: offer.memoryGiB,
    source,
  };
}

/** Why a price cannot be; undefined where it can. */
function refusal(offer: SnapshotOffer, count: number, before: TableRow | undefined): string | undefined {
  for (const kind of ['onDemand', 'spot'] as const) {
    const price = offer[kind];
    if (price === undefined) continue;
    const name = kind === 'spot' ? 'the spot price' : 'the price';
    const reason =
      implausible(name, price, count) ??
      (kind === 'onDemand' ? moved(name, price, numberIn(before?.[kind])) : undefined);
    if (reason) return reason;
  }
  const list = offer.onDemand ?? before?.['onDemand'];
  if (offer.spot !== undefined && typeof list === 'number' && offer.spot > list * 1.001)
    return `the spot price of ${offer.spot} is above the list price of ${list}`;
  return undefined;
}

function implausible(name: string, price: number, count: number): string | undefined {
  const each = price / count;
  return each >= plausible.low && each <= plausible.high
    ? undefined
    : `${name} of ${price} an hour is not plausible for ${count} accelerators`;
}

function moved(name: string, price: number, before: number | undefined): string | undefined {
  return before !== undefined && (price > before * mostMove || price < before / mostMove)
    ? `${name} moved from ${before} to ${price}`
    : undefined;
}

/** Regions that a cloud had prices for and the snapshot, which has others of that cloud, does not mention. */
function missingRegions(snapshot: Snapshot, before: readonly TableRow[]): readonly Problem[] {
  const clouds = new Set(snapshot.offers.map(({ cloud }) => cloud));
  const now = new Set(snapshot.offers.map(({ cloud, region }) => `${cloud} ${region}`));
  const problems: Problem[] = [];
  for (const cloud of clouds) {
    if (now.has(`${cloud} all`)) continue;
    const had = before
      .filter((row) => row['cloud'] === cloud && row['region'] !== 'all')
      .map((row) => `${row['region']}`);
    const gone = [...new Set(had)].filter((region) => !now.has(`${cloud} ${region}`));
    if (gone.length > 0)
      problems.push({
        code: 'region-missing',
        message: `${snapshot.source} has no price for ${cloud} ${gone.sort().join(', ')}; the prices before it stay.`,
      });
  }
  return problems;
}

function mergedHistories(
  before: readonly TableRow[],
  snapshot: Snapshot,
  machines: ReadonlyMap<string, TableRow>,
): readonly TableRow[] {
  const rows = new Map(before.map((row) => [`${row['cloud']} ${row['type']} ${row['region']}`, row]));
  for (const { cloud, region, instanceType, interruption, savings } of snapshot.histories ?? []) {
    if (!machines.has(`${cloud} ${instanceType}`.toLowerCase())) continue;
    rows.set(`${cloud} ${instanceType} ${region}`, {
      cloud,
      region,
      type: instanceType,
      minPercent: Math.round(interruption.low * 100),
      maxPercent: Math.round(interruption.high * 100),
      savingsPercent: savings === undefined ? undefined : Math.round(savings * 100),
      asOf: snapshot.asOf,
      source: snapshot.source,
    });
  }
  return sorted([...rows.values()], ['cloud', 'type', 'region']);
}

function sorted(rows: readonly TableRow[], by: readonly string[]): readonly TableRow[] {
  return rows.toSorted((a, b) => {
    for (const column of by) {
      const [left, right] = [`${a[column]}`, `${b[column]}`];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  });
}
