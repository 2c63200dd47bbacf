import type { SourceAnswer } from '#core/catalog/snapshot.ts';
import { jsonObject, misshapen, numberOf, objectOf, priceOf, textOf } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = "Lambda's instance types";

/** Lambda's own list: one price for every region, in cents an hour. Needs a key. */
export const source: PriceSource = {
  id: 'lambda',
  title,
  key: 'LAMBDA_API_KEY',
  requests: [{ url: 'https://cloud.lambda.ai/api/v1/instance-types', label: 'Lambda' }],
  read(answer): SourceAnswer {
    const types = objectOf(jsonObject(answer)?.['data']);
    if (!types) return misshapen(title, 'has no data');
    const offers = Object.values(types).flatMap((entry) => {
      const type = objectOf(objectOf(entry)?.['instance_type']);
      const specs = objectOf(type?.['specs']);
      const instanceType = textOf(type?.['name']);
      const cents = priceOf(type?.['price_cents_per_hour']);
      const count = numberOf(specs?.['gpus']);
      const accelerator = textOf(type?.['gpu_description']);
      if (!instanceType || cents === undefined || !count || !accelerator) return [];
      const vcpus = numberOf(specs?.['vcpus']);
      const memoryGiB = numberOf(specs?.['memory_gib']);
      return [
        {
          cloud: 'lambda',
          region: 'all',
          instanceType,
          accelerator: accelerator.replace(/[()]/g, ' '),
          count,
          onDemand: cents / 100,
          ...(vcpus !== undefined && { vcpus }),
          ...(memoryGiB !== undefined && { memoryGiB }),
        },
      ];
    });
    return offers.length > 0 ? { offers, problems: [] } : misshapen(title, 'has no priced type');
  },
};
