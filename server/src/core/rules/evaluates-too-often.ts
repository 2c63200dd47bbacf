import type { SpecChange } from '../readers/reader.ts';
import { describeGain } from './advice/advise.ts';
import { isDecided } from './advice/known.ts';
import { mildestEnough } from './advice/rarer.ts';
import { found, isWorth, propose, statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** Factors on the interval that are tried. */
const factors = [2, 4, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Evaluations that take a good part of the run. */
export const rule: Rule = {
  id: 'evaluates-too-often',
  meta: {
    title: 'Evaluates too often',
    severity: 'information',
    tags: ['waste'],
    why: 'An evaluation passes all of its data forward, a third of the work of training on it. Where that happens every few steps, the devices evaluate more than they train.',
    evidence:
      'A forward pass is a third of a training pass (Kaplan et al. 2020: 2 of 6 FLOPs a parameter and token). Reported only where the size of the evaluation data is known.',
    bad: 'eval_steps: 10       # 5 % of 50,000 samples each time',
    good: 'eval_steps: 200',
    threshold: { percent: 10, money: 1 },
  },
  check(view) {
    const { schedule } = view.spec;
    if (!schedule?.evaluationBatches || !view.estimate.time?.run || !isDecided(view)) return [];
    const steps = statedValue(view, 'eval.steps');
    const perEpoch = statedValue(view, 'eval.evals_per_epoch');
    const changes = factors.flatMap((by): readonly SpecChange[] => {
      if (steps !== undefined) return [{ name: 'eval.steps', value: steps * by }];
      return perEpoch !== undefined && perEpoch % by === 0
        ? [{ name: 'eval.evals_per_epoch', value: perEpoch / by }]
        : [];
    });
    const taken = mildestEnough(view, changes, { name: 'eval.strategy', value: 'no' });
    const span = statedPlace(view, 'eval.steps', 'eval.evals_per_epoch');
    if (!span || !taken || !isWorth(view, taken.weighed.saving)) return [];
    const { name, value } = taken.change;
    const times = value === 1 ? 'once' : `${String(value)} times`;
    const title = name === 'eval.steps' ? `Evaluate every ${String(value)} steps` : `Evaluate ${times} an epoch`;
    const proposed = propose(
      view,
      { title, changes: [taken.change], safe: false, effect: 'fewer points on the curve' },
      taken.weighed,
    );
    const message = `Evaluates for a good part of the run: ${title.charAt(0).toLowerCase()}${title.slice(1)} takes ${describeGain(taken.weighed.saving)}.`;
    return found(rule, span, message, [proposed]);
  },
};
