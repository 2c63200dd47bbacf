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

/** The price of one unit of a machine's part, where a list sells machines in parts: dollars an hour. */
export interface UnitPrice {
  /** The family of machines, the accelerator, or nothing where it is the same for all. */
  readonly name: string;
  readonly resource: 'core' | 'ram' | 'gpu' | 'ssd';
  readonly region: string;
  readonly spot: boolean;
  readonly usd: number;
}

/** All that one source answered at one time. */
export interface Snapshot {
  readonly source: string;
  /** ISO date of the answer. */
  readonly asOf: string;
  readonly offers: readonly SnapshotOffer[];
  readonly histories?: readonly SpotHistory[];
}

/** What one answer of a source holds; `next` is the page after it. */
export interface SourceAnswer {
  readonly offers: readonly SnapshotOffer[];
  readonly histories?: readonly Omit<SpotHistory, 'source' | 'asOf'>[];
  readonly parts?: readonly UnitPrice[];
  readonly next?: string;
  readonly problems: readonly Problem[];
}
