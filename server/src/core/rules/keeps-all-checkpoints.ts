import { formatCount, formatDisk, formatMoneyInterval } from '../units/format.ts';
import { freesEnough } from './advice/stored.ts';
import { found, placeOfFact, propose } from './propose.ts';
import type { Rule } from './rule.ts';

/** Checkpoints kept where nobody limits them: enough to resume after a save that broke. */
const enoughToResume = 2;

/** A run that keeps every checkpoint it writes. */
export const rule: Rule = {
  id: 'keeps-all-checkpoints',
  meta: {
    title: 'Keeps every checkpoint',
    severity: 'information',
    tags: ['storage'],
    why: 'Trainers keep all saves unless told otherwise, optimizer state included; the bytes stay on the bill long after the run. The last two are enough to resume, even when the newest save was cut off.',
    evidence:
      'save_total_limit is None by default in transformers 5.18; 7 of 250 example configs of axolotl that state a run length set a limit.',
    bad: 'SFTConfig(save_steps=200)',
    good: 'SFTConfig(save_steps=200, save_total_limit=2)',
    threshold: { percent: 20, money: 0.25 },
  },
  check(view) {
    const { storage } = view.estimate;
    const unlimited = view.spec.checkpoint !== undefined && view.spec.checkpoint.keep === undefined;
    if (!unlimited || !storage?.kept || !storage.saves || storage.saves.likely <= enoughToResume) return [];
    const span = placeOfFact(
      view,
      'checkpoint.save_steps',
      'checkpoint.saves_per_epoch',
      'checkpoint.save_epochs',
      'checkpoint.save_strategy',
      'checkpoint.output_dir',
    );
    if (!span) return [];
    const proposed = propose(view, {
      title: `Keep the last ${enoughToResume} checkpoints`,
      changes: [{ name: 'checkpoint.save_total_limit', value: enoughToResume }],
      safe: true,
    });
    if (!freesEnough(view, proposed.saving)) return [];
    const month = storage.perMonth ? `, ${formatMoneyInterval(storage.perMonth)} a month` : '';
    const kept = formatDisk(enoughToResume * storage.perSave.likely);
    const message = `Keeps all ${formatCount(storage.saves.likely)} checkpoints: ${formatDisk(storage.kept.likely)}${month}. The last ${enoughToResume} take ${kept}.`;
    return found(rule, span, message, [proposed]);
  },
};
