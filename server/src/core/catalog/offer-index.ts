import type { Accelerator } from './accelerator.ts';
import type { Catalog } from './catalog.ts';
import type { Instance, Offer } from './offer.ts';

/** Where the offers of an accelerator come from. */
export interface OfferSource {
  /** All offers of an accelerator by its name in the tables, in any order. */
  of(accelerator: string): readonly Offer[];
  accelerators(): readonly string[];
}

/**
 * Offers by accelerator, each list made and sorted when it is first asked for: cheapest per accelerator-hour first, then
 * by cloud, region and type. A query walks one short list. A region asked for also takes offers whose price holds everywhere.
 */
export function indexOffers(
  source: OfferSource,
  accelerator: (name: string) => Accelerator | undefined,
  instance: (type: string, cloud?: string) => Instance | undefined,
): Catalog['offers'] {
  const lists = new Map<string, readonly Offer[]>();
  const listOf = (name: string): readonly Offer[] => {
    const before = lists.get(name);
    if (before) return before;
    const list = [...source.of(name)].sort(byPrice);
    lists.set(name, list);
    return list;
  };
  let everything: readonly Offer[] | undefined;
  const search: Catalog['offers'] = (query) => {
    const { cloud, count, kind } = query;
    const region = query.region === undefined ? undefined : regionOfZone(query.region);
    const chip = query.accelerator === undefined ? undefined : accelerator(query.accelerator);
    if (query.accelerator !== undefined && !chip) return [];
    const named = query.instanceType === undefined ? undefined : instance(query.instanceType, cloud);
    if (query.instanceType !== undefined && named === undefined) return [];
    const type = named?.type.toLowerCase();
    const name = named?.accelerator ?? chip?.name;
    if (name === undefined) everything ??= source.accelerators().flatMap(listOf).sort(byPrice);
    const list = name === undefined ? (everything ?? []) : listOf(name);
    return list.filter(
      (offer) =>
        (chip === undefined || offer.accelerator === chip.name) &&
        (type === undefined || offer.instanceType.toLowerCase() === type) &&
        (cloud === undefined || offer.cloud === cloud.toLowerCase()) &&
        (count === undefined || offer.count === count) &&
        (kind === undefined || offer.kind === kind) &&
        (region === undefined || offer.region === region || isEverywhere(offer)),
    );
  };
  // Every "what if" of a job asks the same. Words come from files, so what is kept is bounded.
  const known = new Map<string, readonly Offer[]>();
  return (query) => {
    const { accelerator: chip, count, instanceType, cloud, region, kind } = query;
    const key = JSON.stringify([chip, count, instanceType, cloud, region, kind]);
    const before = known.get(key);
    if (before) return before;
    const found = search(query);
    if (known.size < maximumKept && key.length <= longestKept) known.set(key, found);
    return found;
  };
}

/** Queries whose answers are kept, and the longest of them as text. */
const maximumKept = 256;
const longestKept = 300;

/** True where the provider has one price for all its regions. */
export function isEverywhere(offer: Pick<Offer, 'region'>): boolean {
  return offer.region === 'all' || offer.region === 'all-commercial';
}

/** Region of a zone: `us-east-1a` is in us-east-1, `us-central1-b` in us-central1. Regions stay as they are. */
export function regionOfZone(name: string): string {
  const lower = name.toLowerCase();
  return /^[a-z]+(?:-gov)?-[a-z]+-\d[a-f]$/.test(lower)
    ? lower.slice(0, -1)
    : lower.replace(/^([a-z]+-[a-z]+\d+)-[a-f]$/, '$1');
}

function byPrice(a: Offer, b: Offer): number {
  return (
    a.perHour.micros / a.count - b.perHour.micros / b.count ||
    order(a.cloud, b.cloud) ||
    order(a.region, b.region) ||
    order(a.instanceType, b.instanceType)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
