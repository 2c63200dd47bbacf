import { formatGiB } from '../units/format.ts';
import { advise, describeGain } from './advice/advise.ts';
import { isDecided } from './advice/known.ts';
import { placeOfFact } from './propose.ts';
import type { Rule } from './rule.ts';

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
    threshold: { percent: 8, money: 1 },
  },
  check(view) {
    const { mode } = view.spec.recompute;
    if (mode.kind !== 'exact' || mode.value !== 'full' || !isDecided(view)) return [];
    const changes = [{ name: 'training.gradient_checkpointing', value: false }] as const;
    return advise(view, rule, {
      span: placeOfFact(view, 'training.gradient_checkpointing'),
      proposal: { title: 'Keep activations', changes, safe: true },
      holds: ({ after }) => after.memory?.fits === 'yes',
      say: ({ after, saving }) => {
        const { device, capacity } = after.memory ?? {};
        const room = device && capacity ? `${formatGiB(device.likely)} of ${formatGiB(capacity)} GiB, ` : '';
        return `Recompute is not needed: without it ${room}${describeGain(saving)}.`;
      },
    });
  },
};
