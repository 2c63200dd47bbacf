import type { Interval } from './interval.ts';

/** ISO 4217 code. */
export type CurrencyCode = string;

/** An amount of money as an integer number of micro-units (a millionth) of its currency; never a bare float. */
export interface Money {
  readonly currency: CurrencyCode;
  readonly micros: number;
}

/** Money with its 80 % interval, all three points in one currency. */
export interface MoneyInterval {
  readonly currency: CurrencyCode;
  readonly micros: Interval;
}

/** Money from an amount in whole units ("12.5" dollars), rounded to the nearest micro-unit. */
export function money(amount: number, currency: CurrencyCode = 'USD'): Money {
  return { currency, micros: roundMicros(amount * 1e6) };
}

/** The nearest whole micro-unit; what costs something never rounds to nothing. */
export function roundMicros(micros: number): number {
  return micros > 0 ? Math.max(1, Math.round(micros)) : Math.round(micros);
}

/** The amount in whole units. */
export function amountOf(value: Money): number {
  return value.micros / 1e6;
}

/** A price rate times a quantity with a range, rounded to micro-units at each point. */
export function priceOf(rate: MoneyInterval, quantity: Interval): MoneyInterval {
  const { low, likely, high } = rate.micros;
  return {
    currency: rate.currency,
    micros: {
      low: roundMicros(low * quantity.low),
      likely: roundMicros(likely * quantity.likely),
      high: roundMicros(high * quantity.high),
    },
  };
}

/** Sum of amounts in one currency; undefined where the currencies differ or nothing is given. */
export function addMoney(parts: readonly MoneyInterval[]): MoneyInterval | undefined {
  const first = parts[0];
  if (!first || parts.some((part) => part.currency !== first.currency)) return undefined;
  const sum = { low: 0, likely: 0, high: 0 };
  for (const { micros } of parts) {
    sum.low += micros.low;
    sum.likely += micros.likely;
    sum.high += micros.high;
  }
  return { currency: first.currency, micros: sum };
}
