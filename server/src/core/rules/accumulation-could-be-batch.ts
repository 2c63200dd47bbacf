import { formatGiB } from '../units/format.ts';
import { describeGain } from './advice/advise.ts';
import { batchOf, splitBatch, splitTitle } from './advice/batch.ts';
import { isDecided } from './advice/known.ts';
import { found, isWorth, propose, statedPlace, weigh } from './propose.ts';
import type { Rule } from './rule.ts';

/** Accumulation of small micro batches where the card has room for larger ones. */
export const rule: Rule = {
  id: 'accumulation-could-be-batch',
  meta: {
    title: 'Accumulation could be batch',
    severity: 'information',
    tags: ['waste'],
    why: 'Accumulation makes a large batch out of small ones where memory is short. Where it is not, each small pass leaves the matrix units part empty, and sharded weights are gathered anew for every one. The same global batch in fewer, larger passes gives the same gradients but for the order of sums.',
    evidence:
      'Share of the peak rate by matrix size, launches and gathers a micro batch: docs/estimator-time.md. Reported only where the high end of the estimate with the larger micro batch still fits.',
    bad: 'per_device_train_batch_size=1, gradient_accumulation_steps=16   # 40 of 80 GiB are empty',
    good: 'per_device_train_batch_size=4, gradient_accumulation_steps=4',
    threshold: { percent: 10, money: 1 },
  },
  check(view) {
    const batch = batchOf(view);
    if (!batch || batch.accumulation < 2 || !isDecided(view)) return [];
    const span = statedPlace(view, 'training.gradient_accumulation_steps', 'training.per_device_batch_size');
    const sizes = [2, 4, 8, 16, 32]
      .filter((times) => batch.accumulation % times === 0)
      .map((times) => batch.micro * times);
    const tried = sizes.flatMap((micro) => {
      const changes = splitBatch(view, micro);
      return changes ? [{ micro, changes, weighed: weigh(view, changes) }] : [];
    });
    const [best] = tried
      .filter(({ weighed }) => weighed.after.memory?.fits === 'yes')
      .sort((a, b) => (a.weighed.saving.timeShare ?? 0) - (b.weighed.saving.timeShare ?? 0));
    const memory = best?.weighed.after.memory;
    if (!span || !best || !memory?.capacity || !isWorth(view, best.weighed.saving)) return [];
    const title = splitTitle(view, best.micro);
    const proposed = propose(
      view,
      { title, changes: best.changes, safe: false, effect: 'same global batch' },
      best.weighed,
    );
    const message = `Accumulates ${batch.accumulation} micro batches of ${batch.micro} with room for larger ones: ${title.toLowerCase()} takes ${describeGain(best.weighed.saving)}, ${formatGiB(memory.device.likely)} of ${formatGiB(memory.capacity)} GiB. Same global batch.`;
    return found(rule, span, message, [proposed]);
  },
};
