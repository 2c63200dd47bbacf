import type { SnapshotOffer, SourceAnswer } from '#core/catalog/snapshot.ts';
import { jsonObject, listOf, misshapen, objectOf, priceOf, textOf } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = "RunPod's GPU types";

const query =
  '{ gpuTypes { id displayName memoryInGb secureCloud securePrice communityPrice lowestPrice(input: { gpuCount: 1 }) { minimumBidPrice } } }';

/** RunPod's own list: dollars an hour for one device in the secure cloud; the lowest bid is its spot price. */
export const source: PriceSource = {
  id: 'runpod',
  title,
  requests: [{ url: 'https://api.runpod.io/graphql', body: JSON.stringify({ query }), label: 'RunPod' }],
  read(answer): SourceAnswer {
    const types = listOf(objectOf(jsonObject(answer)?.['data'])?.['gpuTypes']);
    if (!types) return misshapen(title, 'has no GPU types');
    const offers = types.flatMap((entry): readonly SnapshotOffer[] => {
      const type = objectOf(entry);
      const accelerator = textOf(type?.['id']);
      const onDemand = priceOf(type?.['securePrice']);
      if (!accelerator || onDemand === undefined || type?.['secureCloud'] === false) return [];
      const spot = priceOf(objectOf(type?.['lowestPrice'])?.['minimumBidPrice']);
      const instanceType = `1x_${(textOf(type?.['displayName']) ?? accelerator).replace(/\s+/g, '-')}_SECURE`;
      return [
        {
          cloud: 'runpod',
          region: 'all',
          instanceType,
          accelerator,
          count: 1,
          onDemand,
          ...(spot !== undefined && spot < onDemand && { spot }),
        },
      ];
    });
    return offers.length > 0 ? { offers, problems: [] } : misshapen(title, 'has no priced type');
  },
};
