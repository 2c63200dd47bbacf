import type { PriceKind } from '../catalog/offer.ts';
import type { Money } from '../units/money.ts';

/** What a cheaper configuration may be, and what it may not. */
export interface SearchLimits {
  /** Wall-clock hours that the run may take (likely figure). */
  readonly deadlineHours?: number;
  /** Money that the run may cost (likely figure), in the currency of the settings. */
  readonly budget?: Money;
  /** Clouds that may be used; the job's own where it names one, else every cloud of the tables. */
  readonly clouds?: readonly string[];
  readonly region?: string;
  /** Accelerators that may be used, in any spelling; all of the job's vendor where absent. */
  readonly accelerators?: readonly string[];
  /** Ways to pay; the job's own where absent. */
  readonly kinds?: readonly PriceKind[];
  /** Most accelerators that the job may hold at once. */
  readonly maximumDevices?: number;
  /** Nothing that changes numerics: same number formats of training, of served weights and their cache. */
  readonly keepNumerics: boolean;
  /** Samples of one optimiser step stay as they are. */
  readonly keepGlobalBatch: boolean;
}

export const defaultLimits: SearchLimits = { keepNumerics: true, keepGlobalBatch: true };

/** Accelerators that a job may hold where no limit says: four times its own, and at least one large machine's worth. */
export function deviceLimit(limits: SearchLimits, devices: number): number {
  return limits.maximumDevices ?? Math.max(8, Math.min(4 * devices, 512));
}
