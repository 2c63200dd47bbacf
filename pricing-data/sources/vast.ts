import type { SnapshotOffer, SourceAnswer } from '#core/catalog/snapshot.ts';
import { jsonObject, listOf, misshapen, numberOf, objectOf, priceOf, textOf } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = "Vast.ai's market";

const filter = { verified: { eq: true }, rentable: { eq: true }, type: 'on-demand', order: [['dph_total', 'asc']] };

/** Offers of one kind that a market price needs; fewer say little. */
const fewest = 3;

/** Vast's market of single machines: the median of the verified offers of a device and count; the median lowest bid is its spot price. */
export const source: PriceSource = {
  id: 'vast',
  title,
  requests: [
    { url: `https://console.vast.ai/api/v0/bundles?q=${encodeURIComponent(JSON.stringify(filter))}`, label: 'Vast.ai' },
  ],
  read(answer): SourceAnswer {
    const machines = listOf(jsonObject(answer)?.['offers']);
    if (!machines) return misshapen(title, 'has no offers');
    const groups = new Map<
      string,
      { readonly accelerator: string; readonly count: number; readonly prices: number[]; readonly bids: number[] }
    >();
    for (const one of machines) {
      const machine = objectOf(one);
      const accelerator = textOf(machine?.['gpu_name']);
      const count = numberOf(machine?.['num_gpus']);
      const price = priceOf(machine?.['dph_total']);
      if (!accelerator || !count || price === undefined || machine?.['rentable'] === false) continue;
      const name = `${count}x_${accelerator.replace(/\s+/g, '-')}`;
      const group = groups.get(name) ?? { accelerator, count, prices: [], bids: [] };
      group.prices.push(price);
      const bid = priceOf(machine?.['min_bid']);
      if (bid !== undefined) group.bids.push(bid);
      groups.set(name, group);
    }
    const offers = [...groups].flatMap(
      ([instanceType, { accelerator, count, prices, bids }]): readonly SnapshotOffer[] => {
        if (prices.length < fewest) return [];
        const onDemand = median(prices);
        const spot = bids.length >= fewest ? median(bids) : undefined;
        return [
          {
            cloud: 'vast',
            region: 'all',
            instanceType,
            accelerator,
            count,
            onDemand,
            ...(spot !== undefined && spot < onDemand && { spot }),
          },
        ];
      },
    );
    return { offers, problems: [] };
  },
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
