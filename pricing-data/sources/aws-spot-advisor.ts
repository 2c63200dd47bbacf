import type { SourceAnswer } from '#core/catalog/snapshot.ts';
import { jsonObject, listOf, misshapen, numberOf, objectOf } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = 'the AWS Spot Advisor';

/** AWS's own record of how often spot machines were reclaimed in the last month, and what they saved. No price is in it. */
export const source: PriceSource = {
  id: 'aws-spot-advisor',
  title,
  requests: [{ url: 'https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json', label: 'AWS Spot Advisor' }],
  read(answer): SourceAnswer {
    const root = jsonObject(answer);
    const regions = objectOf(root?.['spot_advisor']);
    const bands = bandsOf(root?.['ranges']);
    if (!regions || bands.length === 0) return misshapen(title, 'has no regions or bands');
    const histories = Object.entries(regions).flatMap(([region, systems]) =>
      Object.entries(objectOf(objectOf(systems)?.['Linux']) ?? {}).flatMap(([instanceType, figures]) => {
        const band = bands[numberOf(objectOf(figures)?.['r']) ?? -1];
        const savings = numberOf(objectOf(figures)?.['s']);
        if (!band) return [];
        return [
          {
            cloud: 'aws',
            region,
            instanceType,
            interruption: band,
            ...(savings !== undefined && { savings: savings / 100 }),
          },
        ];
      }),
    );
    return { offers: [], histories, problems: [] };
  },
};

/** Bands by index, as shares; each begins where the one before it ends. The data's bounds are 5, 11, 16, 22, 100. */
function bandsOf(ranges: unknown): readonly { readonly low: number; readonly high: number }[] {
  const bounds = (listOf(ranges) ?? [])
    .map((range) => ({ index: numberOf(objectOf(range)?.['index']), max: numberOf(objectOf(range)?.['max']) }))
    .sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  if (bounds.some(({ index, max }, i) => index !== i || max === undefined || max <= (bounds[i - 1]?.max ?? 0)))
    return [];
  return bounds.map(({ max }, i) => ({ low: (bounds[i - 1]?.max ?? 0) / 100, high: (max ?? 100) / 100 }));
}
