import { type MoneyInterval, roundMicros } from '../units/money.ts';
import type { Offer } from './offer.ts';
import type { PriceNote } from './price.ts';
import type { RowDate } from './rows.ts';

/** Days after which a price counts as old. */
export const freshDays = 90;

/**
 * Relative half width by which a price is widened at the end of each year past its freshness. AWS's list price of an
 * 8 x H100 node fell by 44 % (98.32 to 55.04) and of 8 x A100 by 33 % (32.77 to 21.96) from 2024 to 2026: about a quarter a year.
 */
const driftPerYear = 0.25;
/** Spread of a price that its source does not date: its age is unknown and taken for a year. */
const undatedSpread = driftPerYear;
/** The widest spread that age alone gives. */
const mostSpread = 0.6;

/** Spread below and above that the age of a price asks for; none within 90 days, or where no date to judge by is given. */
export function ageSpread({ asOf, retrieved }: RowDate, today: string | undefined): number {
  const least = retrieved ? undatedSpread : 0;
  const days = ageInDays(asOf, today);
  if (days === undefined || days <= freshDays) return least;
  return Math.min(mostSpread, Math.max(least, (driftPerYear * days) / 365));
}

/** A price's date for people: "2026-07-30", or "retrieved 2026-08-19" where its source gives none. */
export function formatDate({ asOf, retrieved }: RowDate): string {
  return retrieved ? `retrieved ${asOf}` : asOf;
}

/** Days between a price's date and today. A bare month or year counts from its end, so that it is never taken for older than it is. */
export function ageInDays(asOf: string, today: string | undefined): number | undefined {
  const now = today === undefined ? Number.NaN : Date.parse(today.slice(0, 10));
  const [year = '', month, day] = asOf.split('-');
  const end = day ? Date.parse(asOf) : month ? Date.UTC(Number(year), Number(month), 0) : Date.UTC(Number(year), 12, 0);
  const days = Math.round((now - end) / 86_400_000);
  return Number.isFinite(days) ? Math.max(0, days) : undefined;
}

/** What is to be said of a price's date: that its source has none, or that it is old. */
export function freshness(offer: Offer, today: string | undefined): readonly PriceNote[] {
  if (offer.retrieved)
    return [
      {
        id: 'price-retrieved',
        text: `the price of ${offer.instanceType} was ${formatDate(offer)} from a source without a date; the range is wider for it`,
      },
    ];
  const days = ageInDays(offer.asOf, today);
  if (days === undefined || days <= freshDays) return [];
  return [{ id: 'price-old', text: `the price is of ${offer.asOf}, ${days} days old; the range is wider for it` }];
}

/** Both ends of a price moved out by a relative spread, rounded to micro-units. */
export function widenMoney(value: MoneyInterval, spread: number): MoneyInterval {
  if (spread === 0) return value;
  const { low, likely, high } = value.micros;
  return {
    currency: value.currency,
    micros: { low: roundMicros(low / (1 + spread)), likely, high: roundMicros(high * (1 + spread)) },
  };
}
