import { bytesPerGB, bytesPerGiB } from '../../units/quantity.ts';
import type { StorageOffer } from '../catalog.ts';
import { compact, dateOf, openRows, type Rows } from '../rows.ts';

/** Decimal GB that the units of the table buy; prices of requests and retrievals are no price of keeping. */
const gigabytes: Readonly<Record<string, number>> = {
  'USD per GiB-month': bytesPerGiB / bytesPerGB,
  'USD per GB-month': 1,
  'USD per TB-month': 1000,
};

/** The table of storage prices: what a GB costs that lies for a month. Rows of other items are passed over. */
export function openStorage(asset: unknown): Rows<{ readonly offer?: StorageOffer }> {
  return openRows<{ readonly offer?: StorageOffer }>(asset, 'storage', (cells) => {
    const cloud = cells.text('cloud');
    const service = cells.text('service');
    const tier = cells.text('tier');
    const region = cells.text('region');
    const item = cells.text('item');
    const usd = cells.number('usd');
    const source = cells.text('source');
    if (!cloud || !service || !tier || !region || !item || !source)
      return { bad: 'lacks a name, region, item or source' };
    if (usd === undefined || usd <= 0) return { bad: `(${service} ${tier}) has a price that is not positive` };
    const each = gigabytes[cells.text('unit') ?? ''];
    if (item !== 'storage' || each === undefined) return {};
    const usdPerGBMonth = usd / each;
    if (usdPerGBMonth > 1) return { bad: `(${service} ${tier}) has an implausible price` };
    const dated = dateOf(cells);
    if (!dated) return { bad: `(${service} ${tier}) has no date` };
    const minimumDays = cells.number('minimumDays');
    return { offer: compact({ cloud, service, tier, region, usdPerGBMonth, minimumDays, ...dated, source }) };
  });
}
