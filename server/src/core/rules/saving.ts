import type { Interval } from '../units/interval.ts';
import type { MoneyInterval } from '../units/money.ts';

/** How grave a finding is: errors break a run or a policy, warnings are likely waste. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** What a fix brings, from two estimates that differ in the change only. Negative is less. */
export interface Saving {
  readonly cost?: MoneyInterval;
  /** Relative change of the likely figures: -0.49 is 49 % less. */
  readonly costShare?: number;
  readonly timeShare?: number;
  readonly memoryBytes?: Interval;
  readonly storageBytes?: Interval;
}
