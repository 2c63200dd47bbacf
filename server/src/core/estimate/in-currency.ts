import type { EgressTier } from '../catalog/catalog.ts';
import { applyExchange } from '../catalog/own-rate.ts';
import { ageInDays, ageSpread, formatDate, freshDays, widenMoney } from '../catalog/price-age.ts';
import type { RowDate } from '../catalog/rows.ts';
import type { Settings } from '../settings.ts';
import type { Interval } from '../units/interval.ts';
import { type MoneyInterval, money } from '../units/money.ts';

/** What some gigabytes of one month come to over the tiers. */
export function egressCost(gigabytes: number, tiers: readonly EgressTier[]): number {
  let sum = 0;
  for (const { fromGB, toGB = Number.POSITIVE_INFINITY, usdPerGB } of tiers)
    sum += Math.max(0, Math.min(gigabytes, toGB) - fromGB) * usdPerGB;
  return sum;
}

/** Dollars in the currency of the settings, wider where their price is old; undefined where no exchange rate is set. */
export function inCurrency(usd: Interval, dated: RowDate, settings: Settings): MoneyInterval | undefined {
  const micros = (amount: number) => money(amount).micros;
  const value = {
    currency: 'USD',
    micros: { low: micros(usd.low), likely: micros(usd.likely), high: micros(usd.high) },
  };
  const exchanged = applyExchange(widenMoney(value, ageSpread(dated, settings.today)), settings);
  return 'reason' in exchanged ? undefined : exchanged.value;
}

/** A part's date, and that it is old where it is. */
export function dateOf(dated: RowDate, { today }: Settings): string {
  const old = (ageInDays(dated.asOf, today) ?? 0) > freshDays;
  return `${formatDate(dated)}${old ? ', old' : ''}`;
}
