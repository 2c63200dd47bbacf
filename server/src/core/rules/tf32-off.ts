import { likely } from '../workload/known.ts';
import { advise, describeGain } from './advice/advise.ts';
import { cardOf } from './advice/cards.ts';
import { trains } from './advice/known.ts';
import { statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** fp32 by choice on a card that could multiply it in TF32, which is switched off. */
export const rule: Rule = {
  id: 'tf32-off',
  meta: {
    title: 'TF32 is off',
    severity: 'information',
    tags: ['waste'],
    why: 'Who wants fp32 may still let the matrix units multiply: TF32 keeps the range of fp32 and rounds products to ten bits of mantissa. PyTorch leaves it off for matmuls unless told.',
    evidence:
      'A100: 156 TFLOP/s in TF32 against 19.5 in fp32 (pricing-data/accelerators.json); `torch.backends.cuda.matmul.allow_tf32` is False since PyTorch 1.12.',
    bad: 'tf32: false\nbf16: false',
    good: 'tf32: true\nbf16: false',
    threshold: { percent: 10, money: 1 },
  },
  check(view) {
    const card = cardOf(view);
    if (!card?.peak.tf32 || !trains(view) || likely(view.spec.precision.compute) !== 'fp32') return [];
    const chosen = statedValue(view, 'training.tf32') === false || statedValue(view, 'training.precision') === 'fp32';
    if (!chosen) return [];
    return advise(view, rule, {
      span: statedPlace(view, 'training.tf32', 'training.precision'),
      proposal: {
        title: 'Allow TF32',
        changes: [{ name: 'training.tf32', value: true }],
        safe: false,
        effect: 'rounds products to 10 bits',
      },
      say: ({ saving }) => `TF32 is off on ${card.name}: with it ${describeGain(saving)}. Rounds products to 10 bits.`,
    });
  },
};
