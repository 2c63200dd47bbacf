import type { Catalog } from '../catalog.ts';
import type { SpotHistory } from '../commitment.ts';
import type { Offer } from '../offer.ts';
import { compact, dateOf, openRows, type RowDate, type Rows } from '../rows.ts';
import { instanceKey } from './instances.ts';

/** The table of spot interruption bands. */
export function openSpotHistory(asset: unknown): Rows<SpotHistory> {
  return openRows<SpotHistory>(asset, 'spot-interruption', (cells) => {
    const cloud = cells.text('cloud');
    const region = cells.text('region');
    const instanceType = cells.text('type');
    const low = cells.number('minPercent');
    const high = cells.number('maxPercent');
    const source = cells.text('source');
    if (!cloud || !region || !instanceType || !source) return { bad: 'lacks its cloud, region, type or source' };
    if (low === undefined || high === undefined || low < 0 || high > 100 || low >= high)
      return { bad: 'has no proper band' };
    const savings = cells.number('savingsPercent');
    if (savings !== undefined && savings > 95) return { bad: `(${instanceType}) saves an implausible share` };
    const dated = dateOf(cells);
    if (!dated) return { bad: `(${instanceType}) has no date` };
    return compact({
      cloud,
      region,
      instanceType,
      interruption: { low: low / 100, high: high / 100 },
      savings: savings === undefined ? undefined : savings / 100,
      ...dated,
      source,
    });
  });
}

/** Finds how spot capacity of a type has fared in a region: among the rows of the type, which are few. */
export function findHistory(rows: Rows<SpotHistory>): Catalog['spotHistory'] {
  let index: ReadonlyMap<string, readonly (readonly [from: number, to: number])[]> | undefined;
  const indexed = () => {
    const places = new Map<string, (readonly [number, number])[]>();
    for (const stretch of rows.stretches(['cloud', 'type'])) {
      const key = instanceKey(rows.text(stretch[0], 'cloud') ?? '', rows.text(stretch[0], 'type') ?? '');
      const list = places.get(key);
      if (list) list.push(stretch);
      else places.set(key, [stretch]);
    }
    return places;
  };
  return (cloud, region, type) => {
    index ??= indexed();
    for (const [from, to] of index.get(instanceKey(cloud, type)) ?? [])
      for (let i = from; i < to; i++) if (rows.text(i, 'region') === region) return rows.at(i);
    return undefined;
  };
}

/**
 * Spot offers for machines that have an on-demand price and a known mean saving in the same region and no spot price:
 * on-demand less the saving. Dated by the older of the two, with both sources.
 */
export function spotFromSavings(history: Catalog['spotHistory'], listed: readonly Offer[]): readonly Offer[] {
  const key = ({ cloud, region, instanceType }: Offer) => `${cloud} ${region} ${instanceType}`;
  const have = new Set(listed.filter(({ kind }) => kind === 'spot').map(key));
  return listed.flatMap((offer) => {
    if (offer.kind !== 'on-demand' || have.has(key(offer))) return [];
    const known = history(offer.cloud, offer.region, offer.instanceType);
    if (!known?.savings || known.savings <= 0) return [];
    const micros = Math.round(offer.perHour.micros * (1 - known.savings));
    const source = `${offer.source}; mean spot saving: ${known.source}`;
    const { asOf: _, retrieved: __, ...rest } = offer;
    const spot = { ...rest, kind: 'spot' as const, perHour: { ...offer.perHour, micros }, source };
    return [{ ...spot, ...olderDate(offer, known) }];
  });
}

function olderDate(a: RowDate, b: RowDate): RowDate {
  const { asOf, retrieved } = a.asOf < b.asOf ? a : b;
  return { asOf, ...(retrieved && { retrieved }) };
}
