import type { Outcome } from '../../source/problem.ts';
import { money } from '../../units/money.ts';
import type { Instance, Offer, PriceKind } from '../offer.ts';
import { compact, dateOf, decodeRows } from '../rows.ts';

/** Dollars an accelerator-hour outside of which a list price is taken for a mistake (an eighth of a T4 to a GB300). */
const plausible = { low: 0.02, high: 100 };

/** The key under which an instance is found: a type's name alone is not unique over clouds. */
export function instanceKey(cloud: string, type: string): string {
  return `${cloud} ${type}`.toLowerCase();
}

/**
 * The price list: one row gives an on-demand offer, a spot offer or both.
 * Rows without a known instance, without a source, of a price that is not positive or not plausible are left out; so is
 * an on-demand price of a machine that is sold as spot only: lists that add up parts name one that nobody can order.
 */
export function decodeOffers(asset: unknown, instances: ReadonlyMap<string, Instance>): Outcome<readonly Offer[]> {
  const rows = decodeRows<{ offers: readonly Offer[] }>(asset, 'offers', (cells) => {
    const cloud = cells.text('cloud');
    const region = cells.text('region');
    const type = cells.text('type');
    const source = cells.text('source');
    if (!cloud || !region || !type || !source) return { bad: 'lacks its cloud, region, type or source' };
    const instance = instances.get(instanceKey(cloud, type));
    if (!instance) return { bad: `prices the unknown instance ${cloud} ${type}` };
    const dated = dateOf(cells);
    if (!dated) return { bad: `(${type}) has no date` };
    const offers: Offer[] = [];
    for (const [column, kind] of kinds) {
      const price = cells.number(column);
      if (price === undefined || (kind === 'on-demand' && instance.soldAs === 'spot')) continue;
      const each = price / instance.count;
      if (each < plausible.low || each > plausible.high)
        return { bad: `(${type}, ${region}) has an implausible price` };
      const { accelerator, count } = instance;
      offers.push(
        compact({
          cloud,
          region,
          instanceType: type,
          accelerator,
          count,
          kind,
          perHour: money(price),
          ...dated,
          source,
        }),
      );
    }
    return offers.length > 0 ? { offers } : { bad: `(${type}, ${region}) has no price` };
  });
  return { value: rows.value.flatMap((row) => row.offers), problems: rows.problems };
}

const kinds: readonly (readonly [string, PriceKind])[] = [
  ['onDemand', 'on-demand'],
  ['spot', 'spot'],
];
