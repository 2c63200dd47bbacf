import type { Architecture } from '../workload/architecture.ts';
import type { Known } from '../workload/known.ts';
import type { Accelerator } from './accelerator.ts';
import type { Instance, Offer, PriceKind } from './offer.ts';

/** A model as our tables know it. */
export interface ModelEntry {
  readonly id: string;
  readonly architecture?: Architecture;
  /** Exact published count where there is one, else the formula's. */
  readonly parameters: Known<number>;
  readonly activeParameters?: number;
  readonly source: string;
}

/** A dataset, config and split as our tables know it. */
export interface DatasetEntry {
  readonly id: string;
  readonly config?: string;
  readonly split?: string;
  readonly examples?: Known<number>;
  readonly tokens?: Known<number>;
  readonly meanTokens?: Known<number>;
  readonly source: string;
  readonly asOf?: string;
}

/** What is asked of the price list; absent fields do not restrict. */
export interface OfferQuery {
  readonly accelerator?: string;
  readonly count?: number;
  readonly instanceType?: string;
  readonly cloud?: string;
  readonly region?: string;
  readonly kind?: PriceKind;
}

/** A storage price: dollars per GB and month (decimal GB) of one tier. */
export interface StorageOffer {
  readonly cloud: string;
  readonly service: string;
  readonly tier: string;
  readonly region: string;
  readonly usdPerGBMonth: number;
  readonly asOf?: string;
  readonly source: string;
}

/** Carbon of the grid at a cloud region or country. */
export interface GridEntry {
  readonly cloud?: string;
  readonly region: string;
  readonly gramsPerKwh: number;
  readonly pue?: number;
  readonly asOf?: string;
  readonly source: string;
}

/** The tables, decoded and indexed. Immutable; one value for the life of the process or until prices are refreshed. */
export interface Catalog {
  readonly accelerators: readonly Accelerator[];
  /** By canonical name or any alias, without regard to case and separators. */
  accelerator(name: string): Accelerator | undefined;
  /** Nearest known names, for "unknown accelerator" messages. */
  nearestAccelerators(name: string): readonly string[];
  instance(type: string, cloud?: string): Instance | undefined;
  /** Matching offers, cheapest per accelerator-hour first. */
  offers(query: OfferQuery): readonly Offer[];
  /** By hub id or alias. */
  model(id: string): ModelEntry | undefined;
  dataset(id: string, config?: string, split?: string): DatasetEntry | undefined;
  storage(cloud: string, region?: string): StorageOffer | undefined;
  grid(cloud?: string, region?: string): GridEntry | undefined;
  /** Newest price date, for the status item. */
  readonly pricesAsOf: string;
}
