import type { PriceKind } from './catalog/offer.ts';
import type { OwnRun } from './estimate/calibration.ts';
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
  /** Most that one run, or an hour of it, may cost, in `currency`. */
  readonly budget?: Budget;
  /** What the project wants of single rules, by their ids. */
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  /** Rules that the project does not want to hear of, with its reasons. */
  readonly silences?: readonly Silence[];
  /** Own runs with what was predicted of them: they shift and narrow time and memory. */
  readonly ownRuns?: readonly OwnRun[];
  /** What is known of interruptions and of the storage that checkpoints go to. */
  readonly lifecycle?: LifecycleSettings;
  /** Length of a run where the files state none. */
  readonly run?: { readonly steps?: number; readonly epochs?: number };
  readonly dataset?: { readonly tokens?: number; readonly examples?: number };
}

export const defaultSettings: Settings = { currency: 'USD', rates: {} };

/** What one's own log and storage tell of saves and interruptions. */
export interface LifecycleSettings {
  readonly interruptions?: {
    /** Mean hours between interruptions of a run like this one. */
    readonly hoursBetween: number;
    /** How many it was worked out of. */
    readonly count?: number;
    /** How much more they scatter than without memory; 1 where absent. */
    readonly clustering?: number;
    /** Accelerators of the runs that were counted; a run of another size is scaled to its own. */
    readonly accelerators?: number;
    /** Where it comes from, for people. */
    readonly source: string;
  };
  /** Seconds from an interruption until the run computes again. */
  readonly restartSeconds?: number;
  /** Bytes per second that one node writes. */
  readonly writeRate?: number;
  /** What is known of buckets, by the beginnings of their addresses; `*` is for all. */
  readonly buckets?: Readonly<Record<string, { readonly region?: string; readonly bytes?: number }>>;
  /** Zones that the nodes of a job stand in. */
  readonly zones?: number;
}

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

/** Limits on money in the currency of the settings, with the place that states them. */
export interface Budget {
  readonly perRun?: number;
  readonly perHour?: number;
  /** One run of every job of the project together. */
  readonly perProject?: number;
  /** Most that one change may make a job dearer, in per cent. */
  readonly increasePercent?: number;
  readonly origin: Origin;
}

/** A project's word on one rule. */
export interface RuleSetting {
  readonly severity?: 'error' | 'warning' | 'information' | 'hint' | 'off';
  /** Least saving in per cent before the rule speaks. */
  readonly percent?: number;
  /** Least saving of one run in US dollars before the rule speaks. */
  readonly money?: number;
}

/** A rule that is not to speak, and why. */
export interface Silence {
  readonly rule: string;
  readonly reason: string;
  /** ISO date after which it speaks again. */
  readonly until?: string;
  /** End of the path of the files that it is about; all where absent. */
  readonly file?: string;
}
