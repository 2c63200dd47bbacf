import type { Outcome } from '../../source/problem.ts';
import type { SpotHistory } from '../commitment.ts';
import type { Offer } from '../offer.ts';
import { compact, dateOf, decodeRows, type RowDate } from '../rows.ts';

/** The table of spot interruption bands. */
export function decodeSpotHistory(asset: unknown): Outcome<readonly SpotHistory[]> {
  return decodeRows<SpotHistory>(asset, 'spot-interruption', (cells) => {
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

/**
 * Spot offers for machines that have an on-demand price and a known mean saving in the same region and no spot price:
 * on-demand less the saving. Dated by the older of the two, with both sources.
 */
export function spotFromSavings(histories: readonly SpotHistory[], listed: readonly Offer[]): readonly Offer[] {
  const key = (cloud: string, region: string, type: string) => `${cloud} ${region} ${type}`;
  const have = new Set(
    listed.filter(({ kind }) => kind === 'spot').map((offer) => key(offer.cloud, offer.region, offer.instanceType)),
  );
  const history = new Map(histories.map((one) => [key(one.cloud, one.region, one.instanceType), one]));
  return listed.flatMap((offer) => {
    const place = key(offer.cloud, offer.region, offer.instanceType);
    const known = history.get(place);
    if (offer.kind !== 'on-demand' || !known?.savings || known.savings <= 0 || have.has(place)) return [];
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
