import type { Money } from '../units/money.ts';
import type { Architecture, TransformerShape } from '../workload/architecture.ts';
import type { Known } from '../workload/known.ts';
import type { Accelerator } from './accelerator.ts';
import type { Commitment, SpotHistory } from './commitment.ts';
import type { Instance, Offer, PriceKind } from './offer.ts';

/** A model as our tables know it. */
export interface ModelEntry {
  readonly id: string;
  readonly family: string;
  /** `decoder`, `encoder`, `encoder-decoder`, `vit`, `vision`, `vision-language`, `audio`, `diffusion`, ... */
  readonly modelKind: string;
  readonly architecture?: Architecture;
  /** Exact published count where there is one, else the formula's. */
  readonly parameters: Known<number>;
  readonly activeParameters?: number;
  /** Format of the published weights, where the source gives it. */
  readonly checkpointType?: string;
  readonly source: string;
  /** Set where the id asked for is a derivative: the row it was led back to, and why it has the same shape. */
  readonly derivedFrom?: { readonly id: string; readonly how: string };
}

/** A dataset, config and split as our tables know it. */
export interface DatasetEntry {
  readonly id: string;
  readonly config?: string;
  readonly split?: string;
  readonly examples?: Known<number>;
  readonly tokens?: Known<number>;
  readonly meanTokens?: Known<number>;
  /** Tokenizer that the token figures count in. */
  readonly tokenizer?: string;
  /** `text`, `chat`, `preference`, `image`, `audio`, `multimodal`, `video`, `tabular`. */
  readonly modality?: string;
  /** Pixels of the longer side, where all images have one size. */
  readonly imageSide?: Known<number>;
  /** Decoded size of the split. */
  readonly bytes?: number;
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
  /** Days that are billed even where the data is deleted sooner. */
  readonly minimumDays?: number;
  readonly asOf: string;
  /** Set where the source gives no date: `asOf` is then the day on which the price was retrieved. */
  readonly retrieved?: true;
  readonly source: string;
}

/** What a machine without accelerators costs an hour on demand. */
export interface HostPrice {
  readonly cloud: string;
  readonly region: string;
  readonly type: string;
  readonly perHour: Money;
  readonly asOf: string;
  /** Set where the source gives no date: `asOf` is then the day on which the price was retrieved. */
  readonly retrieved?: true;
  readonly source: string;
}

/** What a store charges besides keeping: a request, or a decimal GB read back. */
export interface StorageFee {
  readonly cloud: string;
  readonly service: string;
  readonly tier: string;
  readonly region: string;
  /** `PUT requests`, `GET requests`, `retrieval`, `write operations`, as the price list calls it. */
  readonly item: string;
  readonly usdEach?: number;
  readonly usdPerGB?: number;
  readonly asOf: string;
  readonly retrieved?: true;
  readonly source: string;
}

/** A price of traffic out of a region, for the gigabytes of a month between two bounds. */
export interface EgressTier {
  readonly cloud: string;
  readonly region: string;
  /** `internet`, `inter-region`, `inter-zone`, `nat-gateway`. */
  readonly direction: string;
  readonly destination: string;
  readonly fromGB: number;
  readonly toGB?: number;
  /** Zero only where the price list says that the tier is free. */
  readonly usdPerGB: number;
  readonly asOf: string;
  /** Set where the source gives no date: `asOf` is then the day on which the price was retrieved. */
  readonly retrieved?: true;
  readonly source: string;
}

/** Carbon of the grid at a cloud region or country. */
export interface GridEntry {
  readonly cloud?: string;
  readonly region: string;
  /** ISO 3166 alpha-3 code. */
  readonly country?: string;
  readonly location?: string;
  readonly gramsPerKwh: number;
  readonly pue?: number;
  readonly method?: string;
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
  /** By type in any case, without SageMaker's `ml.`; of several clouds' the one named, else the first. */
  instance(type: string, cloud?: string): Instance | undefined;
  readonly instances: readonly Instance[];
  /** Matching offers, cheapest per accelerator-hour first. */
  offers(query: OfferQuery): readonly Offer[];
  /** By hub id or alias. */
  model(id: string): ModelEntry | undefined;
  /** A shape that stands for a family (`model_type`) where a configuration leaves its class's defaults out. */
  familyShape(family: string): TransformerShape | undefined;
  dataset(id: string, config?: string, split?: string): DatasetEntry | undefined;
  /** Every price a cloud has for keeping data, of one service where named. */
  storageOffers(cloud: string, service?: string): readonly StorageOffer[];
  /** What a cloud's stores charge for requests and for reading back. */
  storageFees(cloud: string): readonly StorageFee[];
  /** The standard object store's price in the region, else the nearest of the cloud's with its region shown. */
  storage(cloud: string, region?: string): StorageOffer | undefined;
  /** Tiers of internet traffic out of a region, lowest first. */
  egress(cloud: string, region?: string): readonly EgressTier[];
  /** Traffic from one region of a cloud to another; undefined where no price is known to hold for the pair. */
  betweenRegions(cloud: string, from: string, to: string): EgressTier | undefined;
  /** Traffic between the zones of a region. */
  betweenZones(cloud: string, region?: string): EgressTier | undefined;
  readonly commitments: readonly Commitment[];
  /** On-demand price of a machine that only directs others: in the region where it is known, else in the cloud's home region. */
  hostPrice(cloud: string, type: string, region?: string): HostPrice | undefined;
  /** How spot capacity of a type has fared in a region. */
  spotHistory(cloud: string, region: string, instanceType: string): SpotHistory | undefined;
  /** The cloud that has a region or zone of this name, where only one has. */
  cloudOfRegion(region: string): string | undefined;
  grid(cloud?: string, region?: string): GridEntry | undefined;
  /** Newest price date, for the status item. */
  readonly pricesAsOf: string;
}
