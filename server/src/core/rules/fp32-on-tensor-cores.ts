import { formatMoneyInterval } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { placeOfFact, propose } from './propose.ts';
import type { Rule } from './rule.ts';

/** Share of the time below which the change is not worth a finding. */
const worthSaying = 0.1;

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
  },
  check(view) {
    const { spec, catalog } = view;
    const compute = likely(spec.precision.compute);
    const name = likely(spec.resources.accelerator);
    const card = name === undefined ? undefined : catalog.accelerator(name);
    if (spec.task === 'serving' || compute !== 'fp32' || !card) return [];
    const to = card.peak.bf16 ? 'bf16' : card.peak.fp16 ? 'fp16' : undefined;
    const span = placeOfFact(view, 'training.precision', 'model.dtype', 'training.per_device_batch_size');
    if (!to || !span) return [];
    const proposal = propose(view, {
      title: `Use ${to}`,
      changes: [{ name: 'training.precision', value: to }],
      safe: false,
      effect: 'changes numerics',
    });
    const faster = -(proposal.saving.timeShare ?? 0);
    if (faster < worthSaying) return [];
    const saved = proposal.saving.cost;
    const money = saved
      ? ` and saves ${formatMoneyInterval({ currency: saved.currency, micros: negated(saved.micros.likely) })}`
      : '';
    return [
      {
        ruleId: 'fp32-on-tensor-cores',
        severity: 'warning',
        span,
        message: `Trains in fp32 on ${card.name}: ${to} is ${(1 / (1 - faster)).toFixed(1)}x faster here${money}. Changes numerics.`,
        saving: proposal.saving,
        fixes: proposal.fix ? [{ ...proposal.fix, preferred: true }] : [],
        refusals: proposal.refused ? [proposal.refused] : [],
        related: [],
      },
    ];
  },
};

function negated(value: number) {
  return { low: -value, likely: -value, high: -value };
}
