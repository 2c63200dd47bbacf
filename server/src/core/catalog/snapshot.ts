import type { Problem } from '../source/problem.ts';
import type { SpotHistory } from './commitment.ts';

/** A price as a provider's own list gives it, in dollars an hour for the whole machine. */
export interface SnapshotOffer {
  readonly cloud: string;
  /** `all` where the provider has one price for every region. */
  readonly region: string;
  readonly instanceType: string;
  /** As the list spells it; absent where the list does not say, and the machine must then be known. */
  readonly accelerator?: string;
  readonly count?: number;
  readonly onDemand?: number;
  readonly spot?: number;
  readonly vcpus?: number;
  readonly memoryGiB?: number;
}

/** Hours of a year, as providers count them when they spread a sum over a term. */
export const hoursOfYear = 8760;

/** What a machine costs under a promise to keep it for a term: dollars an hour, what is paid ahead spread over the term. */
export interface SnapshotTerm {
  readonly cloud: string;
  readonly region: string;
  readonly instanceType: string;
  readonly kind: 'reservation' | 'savings plan' | 'committed use (resource-based)';
  readonly termYears: number;
  readonly upfront?: 'none' | 'partial' | 'all';
  readonly perHour: number;
}

/** The price of one unit of a machine's part, where a list sells machines in parts: dollars an hour. */
export interface UnitPrice {
  /** The family of machines, the accelerator, or nothing where it is the same for all. */
  readonly name: string;
  readonly resource: 'core' | 'ram' | 'gpu' | 'ssd';
  readonly region: string;
  readonly spot: boolean;
  /** Years of the promise that the price is for; absent where there is none. */
  readonly termYears?: number;
  readonly usd: number;
}

/** All that one source answered at one time. */
export interface Snapshot {
  readonly source: string;
  /** ISO date of the answer. */
  readonly asOf: string;
  readonly offers: readonly SnapshotOffer[];
  readonly terms?: readonly SnapshotTerm[];
  readonly histories?: readonly SpotHistory[];
}

/** What one answer of a source holds; `next` is the page after it. */
export interface SourceAnswer {
  readonly offers: readonly SnapshotOffer[];
  readonly terms?: readonly SnapshotTerm[];
  readonly histories?: readonly Omit<SpotHistory, 'source' | 'asOf'>[];
  readonly parts?: readonly UnitPrice[];
  readonly next?: string;
  readonly problems: readonly Problem[];
}
