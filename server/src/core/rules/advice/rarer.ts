import type { SpecChange } from '../../readers/reader.ts';
import { type Weighed, weigh } from '../propose.ts';
import type { RuleView } from '../rule.ts';

/** A change that makes something happen less often, with what it brings. */
export interface Rarer {
  readonly change: SpecChange;
  readonly weighed: Weighed;
}

/**
 * The mildest of some changes, given in order, after which what is left to save is below the rule's threshold; the last
 * where none goes so far. Undefined where all of it together is not worth a word: `never` is the job without any of it.
 */
export function mildestEnough(view: RuleView, changes: readonly SpecChange[], never: SpecChange): Rarer | undefined {
  const least = (view.threshold?.percent ?? 0) / 100;
  const share = ({ saving }: Weighed) => saving.timeShare ?? 0;
  const ideal = share(weigh(view, [never]));
  if (-ideal < least) return undefined;
  const tried = changes.map((change) => ({ change, weighed: weigh(view, [change]) }));
  const left = ({ weighed }: Rarer) => 1 - (1 + ideal) / (1 + share(weighed));
  return tried.find((one) => left(one) < least) ?? tried.at(-1);
}
