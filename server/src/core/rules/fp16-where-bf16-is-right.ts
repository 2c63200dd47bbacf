import { likely } from '../workload/known.ts';
import { cardOf } from './advice/cards.ts';
import { trains } from './advice/known.ts';
import { found, propose, statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** Parameters from which on published runs report trouble with the range of fp16. */
const large = 1e9;

/** Training in fp16 on a card that computes bf16 as fast. */
export const rule: Rule = {
  id: 'fp16-where-bf16-is-right',
  meta: {
    title: 'Trains in fp16 where bf16 is right',
    severity: 'information',
    tags: ['waste'],
    why: 'fp16 ends at 65,504, so training needs loss scaling: steps whose gradients overflow are computed, paid for and thrown away, and long runs diverge. bf16 has the range of fp32 and needs none of it. Cards since Ampere multiply both at one rate.',
    evidence:
      'BigScience reports its 104B model unstable in fp16 and its 176B model without such instabilities in bf16 (bigscience-workshop/bigscience, chronicles of both runs). Peak rates of both formats: pricing-data/accelerators.json. Reported from a billion parameters on, where the card has bf16 matrix units and no kernel needs fp16.',
    bad: 'TrainingArguments(output_dir="out", fp16=True)  # A100',
    good: 'TrainingArguments(output_dir="out", bf16=True)',
  },
  check(view) {
    const { spec } = view;
    const card = cardOf(view);
    if (!card?.peak.bf16 || !trains(view) || statedValue(view, 'training.precision') !== 'fp16') return [];
    // GPTQ, AWQ and int8 kernels take fp16 inputs, 1-bit optimizers compress fp16, and weights loaded in fp16 would have to change too.
    const narrow = spec.model.quantization?.kind === 'exact' ? spec.model.quantization.value : undefined;
    const named = /gptq|awq|int[48]\b/i.test(likely(spec.model.name) ?? '');
    const tied = named || narrow === 'int4' || narrow === 'int8' || statedValue(view, 'model.dtype') === 'fp16';
    if (tied || /onebit|zero_?one/i.test(statedValue(view, 'optimizer.name') ?? '')) return [];
    const size = likely(spec.model.parameters);
    if (size === undefined || size < large || spec.task === 'vision' || spec.task === 'diffusion') return [];
    const span = statedPlace(view, 'training.precision');
    if (!span) return [];
    const proposed = propose(view, {
      title: 'Use bf16',
      changes: [{ name: 'training.precision', value: 'bf16' }],
      safe: false,
      effect: 'changes numerics',
    });
    const message = `Trains in fp16 on ${card.name}, which computes bf16 at the same rate: bf16 needs no loss scaling and skips no steps. Changes numerics.`;
    return found(rule, span, message, [proposed]);
  },
};
