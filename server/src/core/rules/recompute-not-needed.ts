import { formatGiB } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { placeOfFact, propose } from './propose.ts';
import type { Rule } from './rule.ts';

/** Time share that recomputation costs at least before it is worth a finding. */
const worthSaying = 0.08;

/** Full recomputation on a card that has room for the activations. */
export const rule: Rule = {
  id: 'recompute-not-needed',
  meta: {
    title: 'Recompute is not needed',
    severity: 'information',
    tags: ['waste'],
    why: 'Recomputation runs every forward pass twice, about a third more arithmetic, to save memory. Where the activations fit with room to spare, the memory buys nothing.',
    evidence:
      'One more forward pass: 4/3 of the FLOPs (Korthikanti et al. 2022). Reported only where the high end of the estimate without it still fits.',
    bad: 'gradient_checkpointing: true  # 1B model on an 80 GiB card',
    good: 'gradient_checkpointing: false',
  },
  check(view) {
    if (likely(view.spec.recompute.mode) !== 'full' || view.spec.recompute.mode.kind !== 'exact') return [];
    const changes = [{ name: 'training.gradient_checkpointing', value: false }] as const;
    const memory = view.reestimate(changes).memory;
    if (memory?.fits !== 'yes' || memory.capacity === undefined) return [];
    const span = placeOfFact(view, 'training.gradient_checkpointing');
    const { fix, refused, saving } = propose(view, { title: 'Keep activations', changes, safe: true });
    if (!span || -(saving.timeShare ?? 0) < worthSaying) return [];
    return [
      {
        ruleId: 'recompute-not-needed',
        severity: 'information',
        span,
        message: `Recompute is not needed: without it ${formatGiB(memory.device.likely)} of ${formatGiB(memory.capacity)} GiB, ${Math.round(-(saving.timeShare ?? 0) * 100)} % less time.`,
        saving,
        fixes: fix ? [{ ...fix, preferred: true }] : [],
        refusals: refused ? [refused] : [],
        related: [],
      },
    ];
  },
};
