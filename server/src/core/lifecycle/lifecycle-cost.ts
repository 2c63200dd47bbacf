import type { StorageFee } from '../catalog/catalog.ts';
import { bytesPerGB } from '../units/quantity.ts';
import type { LifecycleRule } from './lifecycle-rule.ts';
import { classKey, type StoragePrice } from './storage-price.ts';

/** Days of a month in storage bills. */
const monthDays = 30.4;

/** What is kept: bytes in some objects, written on one day. */
export interface KeptObjects {
  readonly bytes: number;
  readonly objects: number;
}

/** Prices of a store: of keeping by class, and of moving an object into one. */
export interface StorePrices {
  readonly standard: StoragePrice;
  keeping(tier: string): StoragePrice | undefined;
  readonly fees: readonly StorageFee[];
}

/** What keeping them comes to over some days, in dollars. */
export interface LifecycleCost {
  readonly dollars: number;
  /** Dollars by class, those of minimum durations and of requests apart. */
  readonly parts: readonly { readonly label: string; readonly dollars: number }[];
  /** What has no price and is left out. */
  readonly unpriced: readonly string[];
}

/**
 * Cost of objects over `days` under rules that all hold for them: each class from its day on, days that a class bills after
 * an object has left it, and one request for each object moved. Reading them back is not in it.
 */
export function costUnder(
  rules: readonly LifecycleRule[],
  kept: KeptObjects,
  days: number,
  prices: StorePrices,
): LifecycleCost {
  const active = rules.filter(({ enabled }) => enabled);
  const end = Math.min(days, ...active.flatMap(({ expireAfterDays }) => expireAfterDays ?? []));
  const moves = active
    .flatMap((rule) => rule.moves)
    .filter(({ afterDays }) => afterDays < end)
    .sort((a, b) => a.afterDays - b.afterDays);
  const parts = new Map<string, number>();
  const unpriced = new Set<string>();
  const add = (label: string, dollars: number) => {
    if (dollars > 0) parts.set(label, (parts.get(label) ?? 0) + dollars);
  };
  const gigabytes = kept.bytes / bytesPerGB;
  const stays = [
    { afterDays: 0, price: prices.standard as StoragePrice | undefined, tier: prices.standard.offer.tier },
    ...moves.map((move) => ({ ...move, price: prices.keeping(move.tier) })),
  ];
  stays.forEach(({ afterDays, price, tier }, at) => {
    const until = stays[at + 1]?.afterDays ?? end;
    const held = until - afterDays;
    if (!price) unpriced.add(`keeping in ${tier}`);
    else {
      const { usdPerGBMonth, minimumDays = 0, tier: name } = price.offer;
      add(name, (gigabytes * usdPerGBMonth * held) / monthDays);
      // A class bills its minimum even where the object leaves it sooner; what outlives the days asked for owes nothing yet.
      // On GCS a rule's move costs none, and the days in the classes before count (Cloud Storage, lifecycle, SetStorageClass).
      const google = price.offer.cloud === 'gcp';
      const leaves = until < days && !(google && at < stays.length - 1);
      const short = Math.max(0, minimumDays - (google ? until : held));
      if (leaves) add('minimum durations', (gigabytes * usdPerGBMonth * short) / monthDays);
    }
    if (at === 0) return;
    const fee = requestFee(prices.fees, tier);
    if (fee === undefined) unpriced.add(`the requests that move ${kept.objects} objects to ${tier}`);
    else add('requests', kept.objects * fee);
  });
  return {
    dollars: [...parts.values()].reduce((sum, one) => sum + one, 0),
    parts: [...parts].map(([label, dollars]) => ({ label, dollars })),
    unpriced: [...unpriced],
  };
}

/** Dollars of writing one object into a class. */
function requestFee(fees: readonly StorageFee[], tier: string): number | undefined {
  const key = classKey(tier);
  return fees.find((fee) => classKey(fee.tier) === key && /^(?:PUT requests|write operations)$/.test(fee.item))
    ?.usdEach;
}

/** Dollars of reading all objects back from a class: bytes and requests; undefined where no list has it. */
export function retrievalCost(kept: KeptObjects, tier: string, fees: readonly StorageFee[]): number | undefined {
  const key = classKey(tier);
  const own = fees.filter((fee) => classKey(fee.tier) === key);
  const perGB = own.find((fee) => /^retrieval(?: standard)?$/.test(fee.item))?.usdPerGB;
  if (perGB === undefined) return undefined;
  const request =
    own.find((fee) => /^(?:retrieval request standard|GET requests|read operations)$/.test(fee.item))?.usdEach ?? 0;
  return (kept.bytes / bytesPerGB) * perGB + kept.objects * request;
}
