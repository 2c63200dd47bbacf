import { formatMoneyInterval } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { amountSaved } from './advice/advise.ts';
import { cardOf } from './advice/cards.ts';
import { isShaped } from './advice/known.ts';
import { factValueOf, found, isWorth, placeOfFact, propose, weigh } from './propose.ts';
import type { Rule } from './rule.ts';

/** Training in fp32 on a card whose tensor cores compute bf16 or fp16 many times faster. */
export const rule: Rule = {
  id: 'fp32-on-tensor-cores',
  meta: {
    title: 'Trains in fp32 on tensor cores',
    severity: 'warning',
    tags: ['waste'],
    why: 'Since 2017 every data-centre card multiplies half-precision matrices several times faster than fp32 ones. bf16 keeps the range of fp32, so no loss scaling is needed; the result differs by rounding.',
    evidence:
      'Peak rates of the vendors as in pricing-data/accelerators.json: A100 312 TFLOP/s in bf16 against 19.5 in fp32.',
    bad: 'TrainingArguments(output_dir="out")',
    good: 'TrainingArguments(output_dir="out", bf16=True)',
    threshold: { percent: 10, money: 1 },
  },
  check(view) {
    const card = cardOf(view);
    // A gain is claimed only of a model, batch and length that are known: small networks wait for their data.
    if (!card || !isShaped(view) || likely(view.spec.precision.compute) !== 'fp32') return [];
    if (view.workload.open.some(({ name }) => name === 'training.precision')) return [];
    const to = card.peak.bf16 ? 'bf16' : card.peak.fp16 ? 'fp16' : undefined;
    const span = placeOfFact(view, 'training.precision', 'model.dtype', 'training.per_device_batch_size');
    if (!to || !span) return [];
    const half = { title: `Use ${to}`, changes: [{ name: 'training.precision', value: to }] as const };
    const weighed = weigh(view, half.changes);
    if (!isWorth(view, weighed.saving)) return [];
    const { timeShare, cost } = weighed.saving;
    const times = timeShare === undefined ? '' : ` is ${(1 / (1 + timeShare)).toFixed(1)}x faster here`;
    const money = cost ? ` and saves ${formatMoneyInterval(amountSaved(cost))}` : '';
    const proposed = [propose(view, { ...half, safe: false, effect: 'changes numerics' }, weighed)];
    const tf32 = [{ name: 'training.tf32', value: true }] as const;
    // TF32 reaches the weights that the framework keeps in fp32, and no others.
    if (card.peak.tf32 && factValueOf(view, 'training.tf32') === undefined && isWorth(view, weigh(view, tf32).saving)) {
      const second = {
        title: 'Allow TF32',
        changes: tf32,
        safe: false,
        effect: 'rounds products to 10 bits',
        optional: true,
      };
      proposed.push(propose(view, second));
    }
    const message = `Trains in fp32 on ${card.name}: ${to}${times}${money}. Changes numerics.`;
    return found(rule, span, message, proposed);
  },
};
