import type { MoneyInterval } from '../units/money.ts';
import type { Catalog } from './catalog.ts';
import type { Offer } from './offer.ts';
import type { PriceNote } from './price.ts';
import { formatDate } from './price-age.ts';
import type { OfferChoice } from './price-choice.ts';

/**
 * By how much SageMaker's `ml.` rates lie over EC2's in AWS's price lists of 2023-24 (us-east-1, training):
 * p4d.24xlarge 37.69 to 32.77 (1.15), g5.2xlarge 1.52 to 1.21 (1.25), g4dn.xlarge 0.736 to 0.526 (1.40).
 */
const sagemakerSurcharge = { likely: 1.15, high: 1.4 };

/** The whole job's price an hour as a range: a point for a list price, a band for spot, the clouds' spread where one was assumed. */
export function priceBand(
  choice: OfferChoice,
  catalog: Catalog,
): { readonly perHour: MoneyInterval; readonly notes: readonly PriceNote[] } {
  const { offer, alternatives } = choice;
  const instances = choice.instances * (1 - (choice.discount?.share ?? 0));
  const each =
    offer.kind === 'spot'
      ? spotBand(offer, catalog)
      : { low: offer.perHour.micros, likely: offer.perHour.micros, high: offer.perHour.micros };
  const micros = { low: each.low * instances, likely: each.likely * instances, high: each.high * instances };
  if (alternatives.length > 0) {
    micros.low = Math.min(micros.low, quantile(alternatives, 0.1));
    micros.high = Math.max(micros.high, quantile(alternatives, 0.9));
  }
  if (choice.notes.some(({ id }) => id === 'sagemaker-rate')) {
    micros.likely = micros.likely * sagemakerSurcharge.likely;
    micros.high = Math.max(micros.high, micros.low * sagemakerSurcharge.high);
  }
  const notes: PriceNote[] = offer.kind === 'spot' ? [spotNote(offer, catalog)] : [];
  return {
    perHour: {
      currency: offer.perHour.currency,
      micros: { low: Math.round(micros.low), likely: Math.round(micros.likely), high: Math.round(micros.high) },
    },
    notes,
  };
}

/**
 * Spot as a band for one machine, from the lowest zone's price to the on-demand price. In the middle: what the region's
 * mean saving over a month came to where it is known (AWS); the lowest price itself where the provider sets one price
 * (GCP and small clouds); else the geometric mean of both ends.
 */
function spotBand(offer: Offer, catalog: Catalog): { low: number; likely: number; high: number } {
  const low = offer.perHour.micros;
  const { cloud, region, instanceType } = offer;
  const onDemand =
    catalog.offers({ cloud, region, instanceType, kind: 'on-demand' })[0]?.perHour.micros ??
    shareOfLarger(offer, catalog);
  if (onDemand === undefined || onDemand <= low) return { low, likely: low, high: low };
  if (cloud !== 'aws') return { low, likely: low, high: onDemand };
  const savings = catalog.spotHistory(cloud, region, instanceType)?.savings;
  const middle = savings === undefined ? Math.sqrt(low * onDemand) : onDemand * (1 - savings);
  return { low, likely: Math.min(Math.max(middle, low), onDemand), high: onDemand };
}

/** What the accelerators of a machine cost in a larger one on demand, where the machine itself is sold as spot only. */
function shareOfLarger(
  { cloud, region, instanceType, accelerator, count }: Offer,
  catalog: Catalog,
): number | undefined {
  if (catalog.instance(instanceType, cloud)?.soldAs !== 'spot') return undefined;
  const [larger] = catalog.offers({ cloud, region, accelerator, kind: 'on-demand' });
  return larger && (larger.perHour.micros / larger.count) * count;
}

function spotNote(offer: Offer, catalog: Catalog): PriceNote {
  const history = catalog.spotHistory(offer.cloud, offer.region, offer.instanceType);
  const band = 'spot: from the lowest zone to the on-demand price';
  if (!history) return { id: 'spot-band', text: band };
  const { low, high } = history.interruption;
  const share = high >= 1 ? `over ${Math.round(low * 100)} %` : `${Math.round(low * 100)}-${Math.round(high * 100)} %`;
  return { id: 'spot-band', text: `${band}; ${share} of machines were reclaimed in a month (${formatDate(history)})` };
}

/** A quantile between the sorted values, linear in between. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
