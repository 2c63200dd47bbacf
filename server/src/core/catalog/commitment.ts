import type { Money } from '../units/money.ts';

/** A discount for a promise to use: reserved instances, savings plans, committed use, capacity blocks. */
export interface Commitment {
  readonly cloud: string;
  /** An instance type, a machine family (`a3-highgpu`), an accelerator, or words for a whole plan. */
  readonly scope: string;
  readonly region: string;
  readonly kind: string;
  /** 0 for a capacity block of days to weeks. */
  readonly termYears: number;
  readonly upfront?: string;
  /** Share off the on-demand price of the same list: 0.37 is 37 % off. */
  readonly discount?: number;
  /** What one instance-hour comes to, where the source gives the rate. */
  readonly perHour?: Money;
  readonly asOf: string;
  /** Set where the source gives no date: `asOf` is then the day on which it was retrieved. */
  readonly retrieved?: true;
  readonly source: string;
  readonly note?: string;
}

/** How often spot capacity was taken back, and what it saved, over the month before `asOf`. */
export interface SpotHistory {
  readonly cloud: string;
  readonly region: string;
  readonly instanceType: string;
  /** Share of running instances reclaimed in a month, as the band's bounds. */
  readonly interruption: { readonly low: number; readonly high: number };
  /** Mean share saved against on-demand. */
  readonly savings?: number;
  readonly asOf: string;
  readonly retrieved?: true;
  readonly source: string;
}
