import { type catalogTables, createCatalog } from '#core/catalog/decode.ts';
import { usablePrices, writeKeptPrices } from '#core/catalog/kept-prices.ts';
import type { PriceTables } from '#core/catalog/merge-snapshot.ts';
import type { Problem } from '#core/source/problem.ts';
import { type Refreshed, type RefreshInput, refreshPrices } from './refresh.ts';
import { sources } from './sources/index.ts';
import type { PriceSource } from './sources/source.ts';

/** The tables that ship with the product, as text. */
export type ShippedTables = Readonly<Record<(typeof catalogTables)[number], string>>;

/** What a refresh for one user starts from. */
export interface KeptRefreshInput
  extends Pick<RefreshInput, 'sources' | 'today' | 'wire' | 'keys' | 'progress' | 'cancelled'> {
  readonly shipped: ShippedTables;
  /** Text of the prices that an earlier refresh kept. */
  readonly kept: string | undefined;
}

/** What a refresh for one user came to. Without `text` nothing is to be kept, and `failure` says why. */
export interface KeptRefresh {
  readonly text?: string;
  readonly failure?: string;
  /** What each source brought, a line each. */
  readonly lines: readonly string[];
  readonly problems: readonly Problem[];
}

/** Asks the sources from where the user's prices stand, and says what is to be kept; nothing where anything in it does not hold. */
export async function refreshKept(input: KeptRefreshInput): Promise<KeptRefresh> {
  const { shipped, kept, today } = input;
  const { instances, offers, commitments, 'spot-interruption': spot } = shipped;
  const usable = kept === undefined ? undefined : usablePrices(kept, shipped).value;
  const tables = usable ?? { instances, offers, commitments, 'spot-interruption': spot };
  const catalog = createCatalog({ ...shipped, ...tables }).value;
  const { value, problems } = await refreshPrices({ ...input, tables, catalog });
  if (value.cancelled || input.cancelled?.())
    return { failure: 'stopped; the prices stay as they were', lines: [], problems: [] };
  const lines = value.sources.map(lineOf);
  if (value.sources.every((one) => one.updated + one.added + one.histories === 0))
    return { failure: 'no list brought a price; the prices stay as they were', lines, problems };
  const text = writeKeptPrices({ asOf: today, tables: value.tables });
  const faults = [...usablePrices(text, shipped).problems, ...newFaults(shipped, tables, value.tables)];
  if (faults[0]) return { failure: `what came does not hold and is not kept: ${faults[0].message}`, lines, problems };
  return { text, lines, problems };
}

/** The sources of some ids; those that load little where none is named. An unknown id is given back as it is. */
export function chosenSources(asked: readonly string[] | undefined): readonly PriceSource[] | string {
  if (asked === undefined) return sources.filter(({ large }) => large === undefined);
  const strange = asked.find((id) => !sources.some((one) => one.id === id));
  return strange ?? sources.filter(({ id }) => asked.includes(id));
}

/** What is wrong in the new tables and was not in the old ones. */
function newFaults(shipped: ShippedTables, before: PriceTables, after: PriceTables): readonly Problem[] {
  const known = new Set(createCatalog({ ...shipped, ...before }).problems.map(({ message }) => message));
  return createCatalog({ ...shipped, ...after }).problems.filter(({ message }) => !known.has(message));
}

function lineOf({ id, updated, added, histories }: Refreshed['sources'][number]): string {
  const parts = [
    [updated, 'confirmed or changed'],
    [added, 'new'],
    [histories, 'spot histories'],
  ].filter(([count]) => Number(count) > 0);
  return `${id}: ${parts.map(([count, what]) => `${count} ${what}`).join(', ') || 'nothing'}`;
}
