import { formatCount, formatMoneyInterval } from '../units/format.ts';
import { found, statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** Fewer trials than this are run to the end by design. */
const many = 8;

/** A search that runs every trial to its end. */
export const rule: Rule = {
  id: 'sweep-without-early-stopping',
  meta: {
    title: 'A sweep without early stopping',
    severity: 'information',
    tags: ['money'],
    why: 'A search multiplies the cost of a run by its trials, and most trials are behind after a tenth of their steps. Rules that compare trials at rungs and stop the poor ones spend a small part of the whole.',
    evidence:
      'Asynchronous successive halving on 64 to 256 trials took 4 to 20 % of the full cost in the decision code of Ray Tune 2.58 and Optuna 5.0 on noisy synthetic curves (20 and 3 to 8 seeds); Li et al. 2018 (ASHA). How much is saved hangs on the curves, so no figure is claimed.',
    bad: 'searcher: {name: random, max_trials: 64}',
    good: 'searcher: {name: adaptive_asha, max_trials: 64}',
    threshold: { money: 20 },
  },
  check(view) {
    const trials = statedValue(view, 'sweep.trials');
    if (trials === undefined || trials < many || statedValue(view, 'sweep.early_stopping') !== 'none') return [];
    const span = statedPlace(view, 'sweep.trials');
    if (!span) return [];
    const total = view.estimate.cost?.total;
    const least = (view.threshold?.money ?? 0) * (view.settings.exchangeRate ?? 1);
    if (total && (trials * total.micros.likely) / 1e6 < least) return [];
    const sum = total
      ? `: ${formatMoneyInterval({ currency: total.currency, micros: scaled(total.micros, trials) })} for ${formatCount(trials)} trials of ${formatMoneyInterval(total)}`
      : '';
    return found(
      rule,
      span,
      `Every one of ${formatCount(trials)} trials runs to its end${sum}. A rule of early stopping ends the poor ones.`,
      [],
    );
  },
};

function scaled(x: { readonly low: number; readonly likely: number; readonly high: number }, by: number) {
  return { low: x.low * by, likely: x.likely * by, high: x.high * by };
}
