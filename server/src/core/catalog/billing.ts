import type { Offer } from './offer.ts';

/** How a seller counts the time of a machine. */
export interface Billing {
  /** Seconds that are billed at least. */
  readonly least: number;
  /** Seconds that are billed as a whole: a begun one counts. */
  readonly step: number;
  /** Words for both, for the note beside the figure. */
  readonly words: string;
}

/**
 * Clouds that bill by the second, and not less than a minute: AWS's page on EC2 billing, Google's on Compute Engine
 * pricing. The others' lists name the hour and count seconds or minutes without a minimum.
 */
const aMinute = new Set(['aws', 'gcp']);

/** AWS sells Capacity Blocks by whole days, paid before they begin. */
const aDay = 86_400;

/** How the time of a machine is billed at an offer; undefined where every second counts alike. */
export function billingOf(offer: Offer): Billing | undefined {
  if (offer.kind === 'reserved' && offer.termYears === 0)
    return { least: aDay, step: aDay, words: 'a capacity block is sold by whole days' };
  if (aMinute.has(offer.cloud)) return { least: 60, step: 1, words: `${offer.cloud} bills a minute at least` };
  return undefined;
}

/** Seconds that are billed for a run of some seconds. */
export function billedSeconds(seconds: number, billing: Billing | undefined): number {
  if (!billing) return seconds;
  return Math.max(billing.least, billing.step > 1 ? Math.ceil(seconds / billing.step) * billing.step : seconds);
}
