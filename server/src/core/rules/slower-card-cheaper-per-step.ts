import { formatMoneyInterval } from '../units/format.ts';
import { amountSaved, percentOf } from './advice/advise.ts';
import { cardOf, cheapestWritable, otherCards } from './advice/cards.ts';
import { isDecided } from './advice/known.ts';
import { found, isSurelyCheaper, isWorth, statedPlace } from './propose.ts';
import type { Rule } from './rule.ts';

/** How much longer the run may take on the slower card. */
const longest = 3;
/** Share of the card under which another rule speaks: it is too large, not too fast. */
const farUnder = 0.4;

/** A dear card, where another of the same seller does the same steps for less money. */
export const rule: Rule = {
  id: 'slower-card-cheaper-per-step',
  meta: {
    title: 'Another card is cheaper per step',
    severity: 'information',
    tags: ['money'],
    why: 'Prices of cards follow their peak rates; jobs follow memory, network or launches as well, and reach less of the peak on the faster card. What counts is money a step, which differs by job.',
    evidence:
      'In Gavel’s published throughputs the cheapest card a step is not the fastest in 24 of 26 models. Prices as in pricing-data, with their dates; the time on the other card is estimated like that on this one.',
    bad: 'accelerators: H100:8',
    good: 'accelerators: A100-80GB:8   # 1.4 times the hours at half the price',
    threshold: { percent: 25, money: 20 },
  },
  check(view) {
    const { memory, cost } = view.estimate;
    const now = cardOf(view);
    if (!now || !memory?.capacity || !cost?.total || !isDecided(view)) return [];
    if (memory.device.high <= farUnder * memory.capacity) return [];
    const least = (view.threshold?.percent ?? 0) / 100;
    const span = statedPlace(view, 'hardware.accelerator', 'hardware.instance_type');
    if (!span) return [];
    const others = otherCards(view, (card) => (card.peak.bf16 ?? card.peak.fp16 ?? 0) > 0, least).filter(
      ({ after, saving }) =>
        after.memory?.fits === 'yes' &&
        isWorth(view, saving) &&
        isSurelyCheaper(saving) &&
        1 + (saving.timeShare ?? 0) <= longest,
    );
    const best = cheapestWritable(view, others);
    const { cost: saved, timeShare = 0 } = best?.proposed.saving ?? {};
    if (!best || !saved) return [];
    const hours = `${percentOf(timeShare)} % ${timeShare > 0 ? 'more' : 'less'} time`;
    const message = `On ${best.card.name} the same steps cost ${formatMoneyInterval(amountSaved(saved))} less, in ${hours}.`;
    return found(rule, span, message, [best.proposed]);
  },
};
