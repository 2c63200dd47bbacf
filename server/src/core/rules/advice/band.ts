import { formatWhole } from '../../units/format.ts';
import type { RuleView } from '../rule.ts';

/** Steps between saves that lose at most 1 % more than the best, at the likely rate of interruptions or any that a count leaves open. */
export interface StepBand {
  readonly from: number;
  readonly best: number;
  readonly to: number;
  /** True where the run ends within the band: no interval is too long for it. */
  readonly endsWithin: boolean;
}

/** The band of a job whose rate of interruptions is known; undefined where it is not, and no interval can be held against it. */
export function bandOf({ estimate }: RuleView): StepBand | undefined {
  const { rate, steps } = estimate.checkpoints ?? {};
  if (!rate || !steps || rate.basis === 'unknown') return undefined;
  const run = estimate.time?.steps?.likely ?? Number.POSITIVE_INFINITY;
  return { from: steps.low, best: steps.likely, to: steps.high, endsWithin: run <= steps.high };
}

/** " Every 40 to 900 steps a run like this one loses at most 1 % more than at the best." */
export function phraseBand(band: StepBand | undefined): string {
  if (!band) return '';
  const often = band.endsWithin
    ? `${formatWhole(band.from)} steps or rarer`
    : `${formatWhole(band.from)} to ${formatWhole(band.to)} steps`;
  return ` Every ${often} a run like this one loses at most 1 % more than at the best.`;
}
