import type { Money } from '../units/money.ts';

/** A machine type that a cloud rents out. */
export interface Instance {
  readonly cloud: string;
  readonly type: string;
  readonly accelerator: string;
  /** May be a fraction, where a device is shared. */
  readonly count: number;
  readonly vcpus?: number;
  readonly memoryGiB?: number;
  readonly localDiskGB?: number;
  /** Bytes per second between nodes, in all. */
  readonly networkBandwidth?: number;
  readonly interconnect?: string;
  /** The one kind in which it can be had, where the provider sells it in no other. */
  readonly soldAs?: 'spot';
  readonly source: string;
}

export type PriceKind = 'on-demand' | 'spot' | 'reserved';

/** A list price: what one instance costs for an hour in a region. Never zero, always with its source. */
export interface Offer {
  readonly cloud: string;
  /** `all` where the provider has one price for every region. */
  readonly region: string;
  readonly instanceType: string;
  readonly accelerator: string;
  readonly count: number;
  readonly kind: PriceKind;
  readonly perHour: Money;
  /** ISO date, or a month or year where the source gives no day. */
  readonly asOf: string;
  /** Set where the source gives no date: `asOf` is then the day on which the price was retrieved. */
  readonly retrieved?: true;
  readonly source: string;
  /** Term in years, for reserved capacity. */
  readonly termYears?: number;
}
