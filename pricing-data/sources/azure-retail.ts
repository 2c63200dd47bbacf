import { hoursOfYear, type SnapshotOffer, type SnapshotTerm, type SourceAnswer } from '#core/catalog/snapshot.ts';
import { jsonObject, listOf, misshapen, objectOf, priceOf, textOf, type Unknown } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = 'Azure retail prices';
const origin = 'https://prices.azure.com/';

/** Machine families with accelerators. */
const families = ['Standard_NC', 'Standard_ND', 'Standard_NV'];

/** The version of the interface whose rows name savings plans beside the list price. */
const version = '2023-01-01-preview';

/** Years by the words of a term. */
const terms: Readonly<Record<string, number>> = { '1 Year': 1, '3 Years': 3 };

function request(family: string, type: 'Consumption' | 'Reservation') {
  const filter = `serviceName eq 'Virtual Machines' and priceType eq '${type}' and startswith(armSkuName, '${family}')`;
  const url = `${origin}api/retail/prices?api-version=${version}&currencyCode=USD&$filter=${encodeURIComponent(filter)}`;
  const what = type === 'Reservation' ? 'reservations' : 'series';
  return { url, label: `Azure ${family.slice('Standard_'.length)} ${what}` };
}

/**
 * Azure's retail price list: open, paged. Linux machines by the hour; spot by the name of the meter; savings plans beside
 * the list price by the hour; reservations as the sum of their term, whatever their unit says.
 */
export const source: PriceSource = {
  id: 'azure-retail',
  title,
  requests: families.flatMap((family) => [request(family, 'Consumption'), request(family, 'Reservation')]),
  read(answer): SourceAnswer {
    const root = jsonObject(answer);
    const items = listOf(root?.['Items']);
    if (!root || !items) return misshapen(title, 'has no list of items');
    const offers = items.flatMap((item) => offerOf(objectOf(item)) ?? []);
    const promised = items.flatMap((item) => [...reservationOf(objectOf(item)), ...plansOf(objectOf(item))]);
    const wrongUnit = items.filter(
      (item) => isOurs(objectOf(item)) && objectOf(item)?.['unitOfMeasure'] !== '1 Hour',
    ).length;
    const problems =
      wrongUnit > 0
        ? [{ code: 'source-unit', message: `${wrongUnit} rows of ${title} are not by the hour and are left out.` }]
        : [];
    const next = textOf(root['NextPageLink']);
    // A link to another place is not followed.
    return {
      offers,
      ...(promised.length > 0 && { terms: promised }),
      problems,
      ...(next?.startsWith(origin) && { next }),
    };
  },
};

function isOurs(item: Unknown | undefined, type = 'Consumption'): item is Unknown {
  const product = textOf(item?.['productName']) ?? '';
  const sku = textOf(item?.['skuName']) ?? '';
  return item?.['type'] === type && !/windows|cloud ?services/i.test(product) && !/low priority/i.test(sku);
}

function isSpot(item: Unknown): boolean {
  return ['skuName', 'meterName'].some((name) => /\bspot\b/i.test(textOf(item[name]) ?? ''));
}

/** The machine and region of a row in dollars. */
function placeOf(item: Unknown): Pick<SnapshotOffer, 'cloud' | 'region' | 'instanceType'> | undefined {
  const instanceType = textOf(item['armSkuName']);
  const region = textOf(item['armRegionName']);
  if (!instanceType || !region || item['currencyCode'] !== 'USD') return undefined;
  return { cloud: 'azure', region, instanceType };
}

function offerOf(item: Unknown | undefined): SnapshotOffer | undefined {
  if (!isOurs(item) || item['unitOfMeasure'] !== '1 Hour') return undefined;
  const place = placeOf(item);
  const price = priceOf(item['retailPrice']);
  if (!place || price === undefined) return undefined;
  return { ...place, ...(isSpot(item) ? { spot: price } : { onDemand: price }) };
}

function reservationOf(item: Unknown | undefined): readonly SnapshotTerm[] {
  if (!isOurs(item, 'Reservation')) return [];
  const place = placeOf(item);
  const sum = priceOf(item['retailPrice']);
  const termYears = terms[textOf(item['reservationTerm']) ?? ''];
  if (!place || sum === undefined || termYears === undefined) return [];
  return [{ ...place, kind: 'reservation', termYears, perHour: sum / (hoursOfYear * termYears) }];
}

function plansOf(item: Unknown | undefined): readonly SnapshotTerm[] {
  if (!isOurs(item) || item['unitOfMeasure'] !== '1 Hour' || isSpot(item)) return [];
  const place = placeOf(item);
  if (!place) return [];
  return (listOf(item['savingsPlan']) ?? []).flatMap((value): readonly SnapshotTerm[] => {
    const plan = objectOf(value);
    const perHour = priceOf(plan?.['retailPrice'] ?? plan?.['unitPrice']);
    const termYears = terms[textOf(plan?.['term']) ?? ''];
    return perHour === undefined || termYears === undefined
      ? []
      : [{ ...place, kind: 'savings plan', termYears, perHour }];
  });
}
