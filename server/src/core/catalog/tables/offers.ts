import type { Outcome } from '../../source/problem.ts';
import { money } from '../../units/money.ts';
import type { Instance, Offer, PriceKind } from '../offer.ts';
import { dateOf, isDate, openRows } from '../rows.ts';
import type { InstanceTable } from './instances.ts';

/** Dollars an accelerator-hour outside of which a list price is taken for a mistake (an eighth of a T4 to a GB300). */
const plausible = { low: 0.02, high: 100 };

/** The price list, decoded by accelerator: a job asks for the prices of one or two. */
export interface OfferTable {
  /** Offers of the machines that carry an accelerator, in the order of the table. */
  of(accelerator: string): readonly Offer[];
  /** The place of each row. */
  places(): readonly (readonly [cloud: string, region: string])[];
  /** The newest day among the rows; dates of months and years do not name one. */
  newest(): string;
  all(): Outcome<readonly Offer[]>;
}

/**
 * The price list: one row gives an on-demand offer, a spot offer or both.
 * Rows without a known instance, without a source, of a price that is not positive or not plausible are left out; so is
 * an on-demand price of a machine that is sold as spot only: lists that add up parts name one that nobody can order.
 */
export function openOffers(asset: unknown, instances: InstanceTable): OfferTable {
  // Rows are sorted by machine: the one before is mostly of the same.
  let last: Instance | undefined;
  const rows = openRows<{ offers: readonly Offer[] }>(asset, 'offers', (cells) => {
    const cloud = cells.text('cloud');
    const region = cells.text('region');
    const type = cells.text('type');
    const source = cells.text('source');
    if (!cloud || !region || !type || !source) return { bad: 'lacks its cloud, region, type or source' };
    const instance = last?.type === type && last.cloud === cloud ? last : instances.find(type, cloud);
    last = instance;
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
      const perHour = money(price);
      offers.push({ cloud, region, instanceType: type, accelerator, count, kind, perHour, ...dated, source });
    }
    return offers.length > 0 ? { offers } : { bad: `(${type}, ${region}) has no price` };
  });
  let index: ReadonlyMap<string, readonly (readonly [from: number, to: number])[]> | undefined;
  const indexed = () => {
    const byAccelerator = new Map<string, (readonly [number, number])[]>();
    for (const stretch of rows.stretches(['cloud', 'type'])) {
      const [i] = stretch;
      const accelerator = instances.acceleratorOf(rows.text(i, 'type') ?? '', rows.text(i, 'cloud') ?? '');
      if (accelerator === undefined) continue;
      const list = byAccelerator.get(accelerator);
      if (list) list.push(stretch);
      else byAccelerator.set(accelerator, [stretch]);
    }
    return byAccelerator;
  };
  const each = <T>(read: (row: number) => T): readonly T[] => Array.from({ length: rows.size }, (_, i) => read(i));
  return {
    of(accelerator) {
      index ??= indexed();
      const found: Offer[] = [];
      for (const [from, to] of index.get(accelerator) ?? [])
        for (let i = from; i < to; i++) found.push(...(rows.at(i)?.offers ?? []));
      return found;
    },
    places: () => each((i) => [rows.text(i, 'cloud') ?? '', rows.text(i, 'region') ?? ''] as const),
    newest: () =>
      each((i) => rows.text(i, 'asOf') ?? '').reduce(
        (best, one) => (one.length === 10 && one > best && isDate(one) ? one : best),
        '',
      ),
    all() {
      const { value, problems } = rows.all();
      return { value: value.flatMap(({ offers }) => offers), problems };
    },
  };
}

const kinds: readonly (readonly [string, PriceKind])[] = [
  ['onDemand', 'on-demand'],
  ['spot', 'spot'],
];
