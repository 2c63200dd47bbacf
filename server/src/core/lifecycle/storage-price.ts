import type { Catalog, StorageOffer } from '../catalog/catalog.ts';
import { formatDate } from '../catalog/price-age.ts';
import { type Money, money } from '../units/money.ts';
import { bytesPerGB } from '../units/quantity.ts';

/** Where bytes lie, in any usual spelling of the class: `STANDARD_IA`, `Standard-IA`, `gp3`. */
export interface StoragePlace {
  readonly cloud: string;
  readonly region?: string;
  readonly tier?: string;
}

/** What keeping bytes costs there. */
export interface StoragePrice {
  readonly offer: StorageOffer;
  /** "aws s3 Standard us-east-1, 2026-04-09"; says where another region's price stands in. */
  readonly words: string;
}

/** Names of classes in requests and rules, by the names of the price list. */
const classes: Readonly<Record<string, string>> = {
  glacier: 'Glacier Flexible Retrieval',
  glacierir: 'Glacier Instant Retrieval',
  deeparchive: 'Glacier Deep Archive',
  onezoneia: 'One Zone-IA',
  intelligenttiering: 'Intelligent-Tiering archive instant',
  expressonezone: 'Express One Zone',
};

/** A class without regard to case and separators, under the name of the price list. */
export function classKey(tier: string): string {
  const key = plain(tier);
  return plain(classes[key] ?? tier);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The price of a place; a reason where no list has it. Another region of the same cloud stands in, and is named. */
export function storagePriceOf(catalog: Catalog, place: StoragePlace): StoragePrice | { readonly reason: string } {
  const cloud = place.cloud.toLowerCase();
  const region = place.region?.toLowerCase();
  const all = catalog.storageOffers(cloud);
  if (all.length === 0) return { reason: `no storage price of ${place.cloud} is known` };
  const offer = place.tier === undefined ? catalog.storage(cloud, region) : nearest(all, classKey(place.tier), region);
  if (!offer) {
    const names = [...new Set(all.map(({ service, tier }) => `${service} ${tier}`))].join(', ');
    return { reason: `no class ${place.tier} of ${place.cloud} is known: one of ${names}` };
  }
  const stands = region !== undefined && offer.region !== region && offer.region !== 'all';
  const words = `${offer.cloud} ${offer.service} ${offer.tier} ${offer.region}, ${formatDate(offer)}${stands ? `, standing in for ${region}` : ''}`;
  return { offer, words };
}

/** Services whose classes are meant where a class is named by itself: a file system may call one of its own the same. */
const objectStores = new Set(['s3', 'gcs', 'blob', 'object-storage', 'hub']);

function nearest(all: readonly StorageOffer[], key: string, region: string | undefined): StorageOffer | undefined {
  const whole = all.filter((one) => classKey(`${one.service}${one.tier}`) === key);
  const alike = all.filter((one) => classKey(one.tier) === key);
  const stored = alike.filter(({ service }) => objectStores.has(service));
  const [named = []] = [whole, stored, alike].filter(({ length }) => length > 0);
  return named.find((one) => one.region === region || one.region === 'all') ?? named[0];
}

/** A month of keeping bytes, in dollars. */
export function monthlyCost(bytes: number, { offer }: StoragePrice): Money {
  return money((bytes / bytesPerGB) * offer.usdPerGBMonth);
}
