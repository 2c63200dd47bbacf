import type { Discount, Settings } from '../settings.ts';
import type { Catalog } from './catalog.ts';
import type { Offer } from './offer.ts';
import type { PriceNote } from './price.ts';

/** The negotiated discount on an offer: of those that fit it, the one that says most; the larger where two say as much. */
export function discountOf(offer: Offer, settings: Settings, catalog: Catalog): Discount | undefined {
  let best: Discount | undefined;
  for (const one of settings.discounts ?? []) {
    if (!fits(one, offer, catalog)) continue;
    if (!best || said(one) > said(best) || (said(one) === said(best) && one.share > best.share)) best = one;
  }
  return best;
}

/** The sentence for a discount that was taken off. */
export function discountNotes(discount: Discount | undefined): readonly PriceNote[] {
  if (!discount) return [];
  const of = [discount.cloud, discount.family, discount.accelerator].filter(Boolean).join(' ');
  return [
    {
      id: 'discount',
      text: `own discount of ${Math.round(discount.share * 1000) / 10} %${of ? ` on ${of}` : ''} taken off`,
    },
  ];
}

function fits(discount: Discount, offer: Offer, catalog: Catalog): boolean {
  const { cloud, family, accelerator } = discount;
  return (
    offer.kind === (discount.kind ?? 'on-demand') &&
    (cloud === undefined || cloud.toLowerCase() === offer.cloud) &&
    (family === undefined || inFamily(offer.instanceType.toLowerCase(), family.toLowerCase())) &&
    (accelerator === undefined || catalog.accelerator(accelerator)?.name === offer.accelerator)
  );
}

/** `p5` has p5.48xlarge and not p5e.48xlarge; `a3` has a3-highgpu-8g; `Standard_ND` is a plain beginning. */
function inFamily(type: string, family: string): boolean {
  if (!type.startsWith(family)) return false;
  return family.includes('_') || !/[a-z0-9]/.test(type[family.length] ?? '');
}

function said({ cloud, family, accelerator, kind }: Discount): number {
  return [cloud, family, accelerator, kind].filter((one) => one !== undefined).length;
}
