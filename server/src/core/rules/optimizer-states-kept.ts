import { formatDisk, formatDuration } from '../units/format.ts';
import { trains } from './advice/known.ts';
import { freesEnough } from './advice/stored.ts';
import { factValueOf, found, placeOfFact, propose, statedValue, weigh } from './propose.ts';
import type { Rule } from './rule.ts';

/** A run shorter than this is started anew rather than resumed. */
const short = 2 * 3600;

/** Optimizer states in every checkpoint of a run that nobody would resume. */
export const rule: Rule = {
  id: 'optimizer-states-kept',
  meta: {
    title: 'Keeps optimizer states that nothing reads',
    severity: 'information',
    tags: ['storage'],
    why: 'A checkpoint that can be resumed holds the optimizer’s moments beside the weights, two to six times their bytes. A run of an hour is started anew sooner than it is resumed, and evaluation reads the weights alone.',
    evidence:
      'Bytes a parameter with and without optimizer states, checked on transformers 5.18: docs/estimator.md; `save_only_model` since 4.37. Reported only for runs shorter than two hours that do not say they resume.',
    bad: 'SFTConfig(save_steps=100)                        # a run of 40 minutes',
    good: 'SFTConfig(save_steps=100, save_only_model=True)',
    threshold: { percent: 20, money: 0.25 },
  },
  check(view) {
    const { storage, time } = view.estimate;
    if (!trains(view) || !storage?.kept || !time?.run || time.run.high > short) return [];
    if (factValueOf(view, 'checkpoint.resume') === true || factValueOf(view, 'checkpoint.save_only_model') === true)
      return [];
    const changes = [{ name: 'checkpoint.save_only_model', value: true }] as const;
    const weighed = weigh(view, changes);
    if (!freesEnough(view, weighed.saving) || statedValue(view, 'hardware.spot') === true) return [];
    const span = placeOfFact(view, 'checkpoint.save_steps', 'checkpoint.save_strategy', 'checkpoint.saves_per_epoch');
    const proposed = propose(
      view,
      { title: 'Save weights alone', changes, safe: false, effect: 'cannot be resumed' },
      weighed,
    );
    if (!span || !proposed.fix) return [];
    const kept = formatDisk(weighed.after.storage?.kept?.likely ?? 0);
    const message = `Keeps optimizer states of a run of ${formatDuration(time.run.likely)}: ${formatDisk(storage.kept.likely)}. The weights alone take ${kept}.`;
    return found(rule, span, message, [proposed]);
  },
};
