import type { PriceKind } from './catalog/offer.ts';
import type { CurrencyCode } from './units/money.ts';

/** What the user decides outside the code. Paths and rates come from the machine's owner, policy from the repo. */
export interface Settings {
  /** Used where the files name none: "H100" or "H100:8". */
  readonly accelerator?: string;
  readonly region?: string;
  readonly cloud?: string;
  readonly priceKind?: PriceKind;
  readonly currency: CurrencyCode;
  /** Units of `currency` for one US dollar; needed for any currency but USD. */
  readonly exchangeRate?: number;
  /** Own rate in dollars per accelerator-hour, by accelerator name; "*" for all. */
  readonly rates: Readonly<Record<string, number>>;
  /** ISO date on which prices are judged old or new; given by the shell, absent where it has no clock. */
  readonly today?: string;
  readonly dataset?: { readonly tokens?: number; readonly examples?: number };
}

export const defaultSettings: Settings = { currency: 'USD', rates: {} };
