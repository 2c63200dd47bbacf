import { formatGiB, formatMoneyInterval } from '../units/format.ts';
import { amountSaved } from './advice/advise.ts';
import { cardOf, cheapestWritable, otherCards } from './advice/cards.ts';
import { isDecided } from './advice/known.ts';
import { found, isSurelyCheaper, isWorth, statedPlace } from './propose.ts';
import type { Rule } from './rule.ts';

/** Share of the card above which it is not far too large. */
const farUnder = 0.4;
/** How much longer the run may take on the smaller card. */
const longest = 3;

/** A card whose memory a job hardly touches, where a smaller one runs it for less. */
export const rule: Rule = {
  id: 'card-far-larger-than-needed',
  meta: {
    title: 'The card is far larger than needed',
    severity: 'information',
    tags: ['money'],
    why: 'Memory is the dearest part of a card. A job that uses a fraction of it pays for the rest by the hour, where a smaller card of the same vendor runs the same code for less.',
    evidence:
      'On one national cluster 55 % of the jobs that ask for 80 GB cards peak at half of their memory or less (arXiv 2502.18680). Prices as in pricing-data, with their dates; the time on the other card is estimated like that on this one.',
    bad: 'accelerators: A100-80GB:1   # a LoRA of a 1B model, 9 GiB',
    good: 'accelerators: L4:1',
    threshold: { percent: 20, money: 5 },
  },
  check(view) {
    const { memory, cost } = view.estimate;
    const now = cardOf(view);
    if (!now || !memory?.capacity || !cost?.total || !isDecided(view)) return [];
    if (memory.device.high > farUnder * memory.capacity) return [];
    const least = (view.threshold?.percent ?? 0) / 100;
    const span = statedPlace(view, 'hardware.accelerator', 'hardware.instance_type');
    if (!span) return [];
    const smaller = otherCards(view, (card) => card.memory < 0.75 * now.memory, least).filter(
      ({ after, saving }) =>
        after.memory?.fits === 'yes' &&
        isWorth(view, saving) &&
        isSurelyCheaper(saving) &&
        1 + (saving.timeShare ?? 0) <= longest,
    );
    const best = cheapestWritable(view, smaller);
    if (!best?.proposed.saving.cost) return [];
    const message = `Uses ${formatGiB(memory.device.likely)} of ${formatGiB(memory.capacity)} GiB: on ${best.card.name} the run costs ${formatMoneyInterval(amountSaved(best.proposed.saving.cost))} less.`;
    return found(rule, span, message, [best.proposed]);
  },
};
