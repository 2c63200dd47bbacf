import type { Settings } from '../settings.ts';
import type { Origin } from '../source/traced.ts';
import { type MoneyInterval, money, roundMicros } from '../units/money.ts';
import type { Catalog } from './catalog.ts';
import { poolOf } from './pool.ts';
import type { PriceNote, PriceQuery } from './price.ts';

/** What the user's own rate comes to for the whole job. */
export interface OwnRate {
  readonly perHour: MoneyInterval;
  readonly devices: number;
  readonly origin: Origin;
  readonly source: string;
  readonly notes: readonly PriceNote[];
}

/** The user's rate for the job, in dollars: the one that the files state, else its pool's, else that of the accelerator by any spelling, else that for all (`*`). */
export function ownRate(query: PriceQuery, catalog: Catalog, settings: Settings): OwnRate | undefined {
  const instance = query.instanceType === undefined ? undefined : catalog.instance(query.instanceType, query.cloud);
  const found = rateOf(query, query.accelerator ?? instance?.accelerator, catalog, settings);
  if (!found) return undefined;
  const { rate, of, origin } = found;
  const devices = (query.perNode ?? instance?.count ?? 1) * (query.nodes ?? 1);
  const { currency, micros } = money(rate * devices);
  const foreign = settings.currency.toUpperCase() !== currency && (settings.exchangeRate ?? 0) > 0;
  const text = foreign ? amountIn(rate * (settings.exchangeRate ?? 1), settings.currency) : amountIn(rate, currency);
  return {
    perHour: { currency, micros: { low: micros, likely: micros, high: micros } },
    devices,
    origin,
    source: 'own rate',
    notes: [{ id: 'own-rate', text: `own rate of ${text} per accelerator-hour${of}` }],
  };
}

interface FoundRate {
  readonly rate: number;
  readonly of: string;
  readonly origin: Origin;
}

function rateOf(
  query: PriceQuery,
  written: string | undefined,
  catalog: Catalog,
  settings: Settings,
): FoundRate | undefined {
  if (query.rate && query.rate.dollars > 0 && Number.isFinite(query.rate.dollars))
    return { rate: query.rate.dollars, of: ' stated in the files', origin: query.rate.origin };
  const pool = poolOf(query, settings);
  if (pool?.rate !== undefined && pool.rate > 0)
    return { rate: pool.rate, of: ` in ${query.pool ?? query.instanceType}`, origin: pool.origin };
  const entries = Object.entries(settings.rates).filter(([, rate]) => Number.isFinite(rate) && rate > 0);
  if (entries.length === 0) return undefined;
  const chip = written === undefined ? undefined : catalog.accelerator(written);
  const named = chip && entries.find(([name]) => name !== '*' && catalog.accelerator(name)?.name === chip.name);
  const found = named ?? entries.find(([name]) => name === '*');
  if (!found) return undefined;
  const [key, rate] = found;
  const origin = settings.rateOrigins?.[key] ?? { kind: 'setting' as const, key: `flopwise.prices.rates ${key}` };
  return { rate, of: key === '*' ? '' : ` for ${key}`, origin };
}

/** An amount as a person wrote it: exchanges back and forth leave dust in the last digits. */
function amountIn(amount: number, currency: string): string {
  return `${Number(amount.toPrecision(6))} ${currency}`;
}

/** Money in the currency of the settings, with the rate stated; a reason where no rate is given for it. */
export function applyExchange(
  value: MoneyInterval,
  settings: Settings,
): { readonly value: MoneyInterval; readonly notes: readonly PriceNote[] } | { readonly reason: string } {
  const currency = settings.currency.toUpperCase();
  if (value.currency === currency) return { value, notes: [] };
  const rate = settings.exchangeRate;
  if (rate === undefined || !Number.isFinite(rate) || rate <= 0)
    return { reason: `prices are in ${value.currency} and no exchange rate to ${currency} is set` };
  const { low, likely, high } = value.micros;
  const [a, b, c] = [low, likely, high].map((point) => roundMicros(point * rate));
  return {
    value: { currency, micros: { low: a ?? 0, likely: b ?? 0, high: c ?? 0 } },
    notes: [{ id: 'exchange-rate', text: `converted at ${rate} ${currency} to the ${value.currency}` }],
  };
}
