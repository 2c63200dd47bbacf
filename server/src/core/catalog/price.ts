import type { Settings } from '../settings.ts';
import type { Origin } from '../source/traced.ts';
import type { MoneyInterval } from '../units/money.ts';
import type { Catalog } from './catalog.ts';
import { discountNotes, discountOf } from './discount.ts';
import type { Offer, PriceKind } from './offer.ts';
import { applyExchange, ownRate } from './own-rate.ts';
import { inPool, poolOf } from './pool.ts';
import { ageSpread, freshness, widenMoney } from './price-age.ts';
import { priceBand } from './price-band.ts';
import { chooseOffer } from './price-choice.ts';

/** What a job holds, as far as it is known. Names may be in any spelling. */
export interface PriceQuery {
  readonly accelerator?: string;
  /** Accelerators on one node; 1 where absent. */
  readonly perNode?: number;
  /** Nodes; 1 where absent. */
  readonly nodes?: number;
  readonly instanceType?: string;
  /** Slurm partition, queue, node pool or compute target that the job names. */
  readonly pool?: string;
  readonly cloud?: string;
  /** Region or zone. */
  readonly region?: string;
  readonly kind?: PriceKind;
  /** Own rate that the files state, in dollars per accelerator-hour. */
  readonly rate?: { readonly dollars: number; readonly origin: Origin };
  /** Term of reserved capacity in years; the longest discount is not assumed, the shortest term is. */
  readonly termYears?: number;
}

/** A sentence that the price rests on, shown under the figures. */
export interface PriceNote {
  readonly id: string;
  readonly text: string;
}

/** What the whole job costs an hour, and why. Every list price has its date and source. */
export type AppliedPrice =
  | {
      readonly kind: 'known';
      /** For all nodes of the job together, in the currency of the settings. */
      readonly perHour: MoneyInterval;
      /** The list price that was taken, or the user's own rate (for all nodes, before conversion). */
      readonly offer: Offer | { readonly rate: MoneyInterval; readonly origin: Origin };
      readonly priceKind: PriceKind;
      /** Machines billed; absent for an own rate by the accelerator. */
      readonly instances?: number;
      /** Accelerators billed, which may be more than the job uses. */
      readonly devices: number;
      /** Of the list price; an own rate holds today. */
      readonly asOf?: string;
      readonly source: string;
      readonly notes: readonly PriceNote[];
    }
  | { readonly kind: 'unknown'; readonly reason: string; readonly notes: readonly PriceNote[] };

/**
 * The price that applies to a job. In order: the rate that the files state; the rate of the own pool it runs in; the user's
 * own rate for the accelerator; the instance type named; the
 * cheapest machine that holds the accelerators in the cloud and region named; else the cheapest on one of the large
 * clouds, said to be assumed. Machines are billed whole. Old prices widen the range, spot is a band.
 * `settings` fills what the query leaves open. Never zero: where no price is found, the reason.
 * Remembered as long as tables and settings are: a job is asked for again and again while only its program changes.
 */
export function priceFor(query: PriceQuery, catalog: Catalog, settings: Settings): AppliedPrice {
  const bySettings = remembered.get(catalog) ?? new WeakMap<Settings, Map<string, AppliedPrice>>();
  const prices = bySettings.get(settings) ?? new Map<string, AppliedPrice>();
  remembered.set(catalog, bySettings);
  bySettings.set(settings, prices);
  const key = keyOf(query);
  const before = prices.get(key);
  if (before) return before;
  const price = freshPrice(query, catalog, settings);
  if (prices.size >= mostPrices) prices.clear();
  prices.set(key, price);
  return price;
}

/** All that a query says, as text; several times faster than JSON, and asked in every estimate. */
function keyOf(query: PriceQuery): string {
  let key = '';
  for (const name in query) {
    const value = query[name as keyof PriceQuery];
    key += `${name}=${typeof value === 'object' ? JSON.stringify(value) : value};`;
  }
  return key;
}

const remembered = new WeakMap<Catalog, WeakMap<Settings, Map<string, AppliedPrice>>>();
/** Questions remembered at most: more than a repository of jobs asks. */
const mostPrices = 500;

function freshPrice(query: PriceQuery, catalog: Catalog, settings: Settings): AppliedPrice {
  const asked = completed(query, settings);
  const unknown = (reason: string, notes: readonly PriceNote[] = []): AppliedPrice => ({
    kind: 'unknown',
    reason,
    notes,
  });
  const own = ownRate(asked, catalog, settings);
  if (own) {
    const exchanged = applyExchange(own.perHour, settings);
    if ('reason' in exchanged) return unknown(exchanged.reason);
    return {
      kind: 'known',
      perHour: exchanged.value,
      offer: { rate: own.perHour, origin: own.origin },
      priceKind: asked.kind ?? 'on-demand',
      devices: own.devices,
      source: own.source,
      notes: [...own.notes, ...exchanged.notes],
    };
  }
  const choice = chooseOffer(asked, catalog, (offer) => discountOf(offer, settings, catalog));
  if ('reason' in choice) return unknown(choice.reason, choice.notes);
  const { offer, instances } = choice;
  const band = priceBand(choice, catalog);
  const aged = widenMoney(band.perHour, ageSpread(offer, settings.today));
  const exchanged = applyExchange(aged, settings);
  if ('reason' in exchanged) return unknown(exchanged.reason, choice.notes);
  return {
    kind: 'known',
    perHour: exchanged.value,
    offer,
    priceKind: offer.kind,
    instances,
    devices: instances * offer.count,
    asOf: offer.asOf,
    source: offer.source,
    notes: [
      ...choice.notes,
      ...discountNotes(choice.discount),
      ...band.notes,
      ...freshness(offer, settings.today),
      ...exchanged.notes,
    ],
  };
}

/** The query with what it leaves open taken from the settings; a setting of another cloud never joins a named instance. */
function completed(given: PriceQuery, settings: Settings): PriceQuery {
  const query = inPool(given, poolOf(given, settings));
  const named = query.instanceType !== undefined;
  const [accelerator, count] = splitSetting(settings.accelerator);
  const fromSetting = query.accelerator === undefined && !named;
  const cloud = query.cloud ?? (named ? undefined : settings.cloud);
  const region =
    query.region ?? (query.cloud === undefined || query.cloud === settings.cloud ? settings.region : undefined);
  const kind = query.kind ?? settings.priceKind;
  const termYears = query.termYears ?? settings.termYears;
  return {
    ...query,
    ...(fromSetting && accelerator !== undefined && { accelerator }),
    ...(fromSetting && query.perNode === undefined && count !== undefined && { perNode: count }),
    ...(cloud !== undefined && { cloud }),
    ...(region !== undefined && { region }),
    ...(kind !== undefined && { kind }),
    ...(termYears !== undefined && { termYears }),
  };
}

/** "H100:8" is eight H100 a node. */
function splitSetting(setting: string | undefined): readonly [string | undefined, number | undefined] {
  const match = /^(.+):(\d{1,4})$/.exec(setting?.trim() ?? '');
  return match ? [match[1], Number(match[2])] : [setting, undefined];
}
