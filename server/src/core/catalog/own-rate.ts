import type { Settings } from '../settings.ts';
import type { Origin } from '../source/traced.ts';
import { type MoneyInterval, money } from '../units/money.ts';
import type { Catalog } from './catalog.ts';
import type { PriceNote, PriceQuery } from './price.ts';

/** What the user's own rate comes to for the whole job. */
export interface OwnRate {
  readonly perHour: MoneyInterval;
  readonly devices: number;
  readonly origin: Origin;
  readonly source: string;
  readonly notes: readonly PriceNote[];
}

/** The user's rate for the job's accelerators, in dollars: that of the accelerator by any spelling, else that for all (`*`). */
export function ownRate(query: PriceQuery, catalog: Catalog, settings: Settings): OwnRate | undefined {
  const entries = Object.entries(settings.rates).filter(([, rate]) => Number.isFinite(rate) && rate > 0);
  if (entries.length === 0) return undefined;
  const instance = query.instanceType === undefined ? undefined : catalog.instance(query.instanceType, query.cloud);
  const written = query.accelerator ?? instance?.accelerator;
  const chip = written === undefined ? undefined : catalog.accelerator(written);
  const named = chip && entries.find(([name]) => name !== '*' && catalog.accelerator(name)?.name === chip.name);
  const found = named ?? entries.find(([name]) => name === '*');
  if (!found) return undefined;
  const [key, rate] = found;
  const devices = (query.perNode ?? instance?.count ?? 1) * (query.nodes ?? 1);
  const { currency, micros } = money(rate * devices);
  return {
    perHour: { currency, micros: { low: micros, likely: micros, high: micros } },
    devices,
    origin: { kind: 'setting', key: `rates.${key}` },
    source: 'own rate',
    notes: [
      { id: 'own-rate', text: `own rate of ${rate} USD per accelerator-hour${key === '*' ? '' : ` for ${key}`}` },
    ],
  };
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
  const [a, b, c] = [low, likely, high].map((point) => Math.round(point * rate));
  return {
    value: { currency, micros: { low: a ?? 0, likely: b ?? 0, high: c ?? 0 } },
    notes: [{ id: 'exchange-rate', text: `converted at ${rate} ${currency} to the ${value.currency}` }],
  };
}
