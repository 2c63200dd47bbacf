import type { SnapshotOffer, SourceAnswer } from '#core/catalog/snapshot.ts';
import { jsonObject, listOf, misshapen, objectOf, priceOf, textOf, type Unknown } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = 'Azure retail prices';
const origin = 'https://prices.azure.com/';

/** Machine families with accelerators. */
const families = ['Standard_NC', 'Standard_ND', 'Standard_NV'];

function request(family: string) {
  const filter = `serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and startswith(armSkuName, '${family}')`;
  const url = `${origin}api/retail/prices?currencyCode=USD&$filter=${encodeURIComponent(filter)}`;
  return { url, label: `Azure ${family.slice('Standard_'.length)} series` };
}

/** Azure's retail price list: open, paged. Linux machines by the hour; spot by the name of the meter. */
export const source: PriceSource = {
  id: 'azure-retail',
  title,
  requests: families.map(request),
  read(answer): SourceAnswer {
    const root = jsonObject(answer);
    const items = listOf(root?.['Items']);
    if (!root || !items) return misshapen(title, 'has no list of items');
    const offers = items.flatMap((item) => offerOf(objectOf(item)) ?? []);
    const wrongUnit = items.filter(
      (item) => isOurs(objectOf(item)) && objectOf(item)?.['unitOfMeasure'] !== '1 Hour',
    ).length;
    const problems =
      wrongUnit > 0
        ? [{ code: 'source-unit', message: `${wrongUnit} rows of ${title} are not by the hour and are left out.` }]
        : [];
    const next = textOf(root['NextPageLink']);
    // A link to another place is not followed.
    return { offers, problems, ...(next?.startsWith(origin) && { next }) };
  },
};

function isOurs(item: Unknown | undefined): item is Unknown {
  const product = textOf(item?.['productName']) ?? '';
  const sku = textOf(item?.['skuName']) ?? '';
  return item?.['type'] === 'Consumption' && !/windows|cloud ?services/i.test(product) && !/low priority/i.test(sku);
}

function offerOf(item: Unknown | undefined): SnapshotOffer | undefined {
  if (!isOurs(item) || item['unitOfMeasure'] !== '1 Hour' || item['currencyCode'] !== 'USD') return undefined;
  const instanceType = textOf(item['armSkuName']);
  const region = textOf(item['armRegionName']);
  const price = priceOf(item['retailPrice']);
  if (!instanceType || !region || price === undefined) return undefined;
  const spot = /\bspot\b/i.test(textOf(item['skuName']) ?? '') || /\bspot\b/i.test(textOf(item['meterName']) ?? '');
  return { cloud: 'azure', region, instanceType, ...(spot ? { spot: price } : { onDemand: price }) };
}
