import type { PriceKind } from './catalog/offer.ts';
import type { Origin } from './source/traced.ts';
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
  /** Where each own rate stands, by the same names; a setting where absent. */
  readonly rateOrigins?: Readonly<Record<string, Origin>>;
  /** Negotiated discounts off list prices; of several that fit, the one that says most holds. */
  readonly discounts?: readonly Discount[];
  /** Capacity of one's own, by the name that job files call it. */
  readonly pools?: Readonly<Record<string, Pool>>;
  /** Term of reserved capacity in years. */
  readonly termYears?: number;
  /** ISO date on which prices are judged old or new; given by the shell, absent where it has no clock. */
  readonly today?: string;
  readonly dataset?: { readonly tokens?: number; readonly examples?: number };
}

export const defaultSettings: Settings = { currency: 'USD', rates: {} };

/** A share off the list price of what fits every field that is given. */
export interface Discount {
  /** 0.22 is 22 % off. */
  readonly share: number;
  readonly cloud?: string;
  /** Beginning of instance types: `p5`, `a3-highgpu`. */
  readonly family?: string;
  readonly accelerator?: string;
  readonly kind?: PriceKind;
  readonly origin: Origin;
}

/** A Slurm partition, queue, node pool or node type of one's own. */
export interface Pool {
  readonly accelerator: string;
  readonly perNode?: number;
  /** Dollars per accelerator-hour. */
  readonly rate?: number;
  readonly cloud?: string;
  readonly region?: string;
  readonly instanceType?: string;
  readonly origin: Origin;
}
