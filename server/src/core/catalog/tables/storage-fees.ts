import type { Outcome } from '../../source/problem.ts';
import { bytesPerGB, bytesPerGiB } from '../../units/quantity.ts';
import type { StorageFee } from '../catalog.ts';
import { compact, dateOf, decodeRows } from '../rows.ts';

/** What one unit of the table buys: so many requests, or so many decimal GB moved. */
const units: Readonly<Record<string, { readonly requests: number } | { readonly gigabytes: number }>> = {
  'USD per 1000 requests': { requests: 1000 },
  'USD per 10000 requests': { requests: 10_000 },
  'USD per 10000 operations': { requests: 10_000 },
  'USD per GB': { gigabytes: 1 },
  'USD per GiB': { gigabytes: bytesPerGiB / bytesPerGB },
};

/** What stores charge besides keeping: requests and bytes read back. Rows of keeping are passed over. */
export function decodeStorageFees(asset: unknown): Outcome<readonly StorageFee[]> {
  const rows = decodeRows<{ fee?: StorageFee }>(asset, 'storage', (cells) => {
    const item = cells.text('item');
    const unit = units[cells.text('unit') ?? ''];
    const usd = cells.number('usd');
    if (item === undefined || item === 'storage' || !unit || usd === undefined || usd <= 0) return {};
    const [cloud, service, tier, region] = (['cloud', 'service', 'tier', 'region'] as const).map((one) =>
      cells.text(one),
    );
    const source = cells.text('source');
    const dated = dateOf(cells);
    if (!cloud || !service || !tier || !region || !source || !dated) return {};
    const price = 'requests' in unit ? { usdEach: usd / unit.requests } : { usdPerGB: usd / unit.gigabytes };
    return { fee: compact({ cloud, service, tier, region, item, ...price, ...dated, source }) };
  });
  return { value: rows.value.flatMap(({ fee }) => (fee ? [fee] : [])), problems: [] };
}
