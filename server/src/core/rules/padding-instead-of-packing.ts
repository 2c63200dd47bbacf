import { formatCount } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { advise, describeGain } from './advice/advise.ts';
import { isDecided } from './advice/known.ts';
import { factValueOf, statedPlace, statedValue } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** Stacks that can pack samples and do not unless told. */
const packing = new Set(['trl', 'axolotl', 'llamafactory', 'torchtune', 'unsloth']);

/** Short samples padded to the longest of their batch, where they could lie end to end. */
export const rule: Rule = {
  id: 'padding-instead-of-packing',
  meta: {
    title: 'Pads where it could pack',
    severity: 'information',
    tags: ['waste'],
    why: 'A batch of samples of different lengths is as long as its longest: the rest is padding, computed like text. Packed samples lie end to end in sequences of one length, so every token counts. Steps become fewer and fuller, which changes the recipe.',
    evidence:
      'Mean tokens of published datasets: model-data/datasets.json; expected longest of a batch: docs/estimator-time.md. Reported only where the length of the samples is known.',
    bad: 'SFTConfig(max_length=4096)                 # samples of 300 tokens',
    good: 'SFTConfig(max_length=4096, packing=True)',
    threshold: { percent: 15, money: 1 },
  },
  check(view) {
    const { data, code, task, schedule } = view.spec;
    if (task !== 'finetune' || !packing.has(code.stack) || !isDecided(view) || !isTold(view)) return [];
    if (factValueOf(view, 'data.packing') === true || likely(data.paddingFree ?? data.packed) === true) return [];
    const mean = data.meanLength && likely(data.meanLength);
    const length = likely(data.sequenceLength);
    // A run that counts steps takes as many of them, each with more text: nothing is saved.
    if (!mean || !length || mean >= length || !schedule?.epochs || statedValue(view, 'training.max_steps')) return [];
    return advise(view, rule, {
      span: statedPlace(view, 'data.packing', 'data.seq_len', 'data.dataset'),
      proposal: {
        title: 'Pack samples',
        changes: [{ name: 'data.packing', value: true }],
        safe: false,
        effect: 'fewer, fuller steps',
      },
      holds: ({ after }) =>
        after.memory?.capacity === undefined ||
        (after.memory.fits !== 'no' && after.memory.device.likely <= after.memory.capacity),
      say: ({ saving }) => {
        const samples = `samples of ${formatCount(mean)} tokens in the mean`;
        const alone = schedule.microBatch.kind === 'exact' && schedule.microBatch.value === 1;
        const now = alone ? `Passes ${samples} one at a time` : `Pads ${samples} to the longest of their batch`;
        return `${now}: packed to ${formatCount(length)} ${describeGain(saving)}. Steps become fewer and fuller.`;
      },
    });
  },
};

/** True where the files would say that samples are packed: TRL is told so by a program, which may do it for its config. */
function isTold(view: RuleView): boolean {
  if (view.spec.code.stack !== 'trl' || statedValue(view, 'data.packing') !== undefined) return true;
  return view.workload.readings.some(({ role }) => role === 'program');
}
