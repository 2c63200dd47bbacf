import type { SpecChange } from '../readers/reader.ts';
import { formatGiB } from '../units/format.ts';
import { percentOf } from './advice/advise.ts';
import { batchOf } from './advice/batch.ts';
import { isDecided } from './advice/known.ts';
import { found, propose, statedPlace, statedValue, type Weighed, weigh } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** Share of the card that a job may use and still be called small. */
const smallUse = 0.5;
/** Largest factor that is tried: further ones change the recipe more than its speed. */
const mostTimes = 64;

/** A micro batch that leaves most of the card empty and its matrix units waiting. */
export const rule: Rule = {
  id: 'micro-batch-too-small',
  meta: {
    title: 'The micro batch is too small for the card',
    severity: 'information',
    tags: ['waste'],
    why: 'Small matrices do not fill the units that multiply them, and the device waits for its host between kernels. Where half the card is empty, a larger micro batch passes more samples in the same time. It changes the global batch, and with it the learning rate that fits.',
    evidence:
      'Share of the peak rate by matrix size, from operator tables, and launches a micro batch: docs/estimator-time.md. Reported only where the high end of the estimate with the larger batch still fits.',
    bad: 'per_device_train_batch_size=1   # 1B model on an 80 GiB card, no accumulation',
    good: 'per_device_train_batch_size=8   # and a learning rate for the larger batch',
    threshold: { percent: 20, money: 1 },
  },
  check(view) {
    const batch = batchOf(view);
    const { memory, time } = view.estimate;
    // Accumulated batches can grow at the same global batch: that is another rule's advice.
    if (!batch || batch.accumulation > 1 || !isDecided(view)) return [];
    if (!memory?.capacity || !time?.samplesPerSecond || memory.device.likely > smallUse * memory.capacity) return [];
    const span = statedPlace(view, 'training.per_device_batch_size');
    if (!span || statedValue(view, 'training.global_batch_size') !== undefined) return [];
    const tried = larger(view, batch.micro);
    const best = Math.min(...tried.map((one) => one.share));
    const least = (view.threshold?.percent ?? 0) / 100;
    // The smallest after which what is left to gain is below the threshold.
    const taken = tried.find((one) => 1 - (1 + best) / (1 + one.share) < least);
    if (!taken || -taken.share < least || !isDear(view, -taken.share)) return [];
    const proposed = propose(
      view,
      {
        title: `Micro batch ${taken.micro}`,
        changes: taken.changes,
        safe: false,
        effect: 'changes the global batch, so the learning rate too',
      },
      taken.weighed,
    );
    const after = taken.weighed.after.memory?.device.likely ?? 0;
    const message = `Micro batch ${batch.micro} uses ${formatGiB(memory.device.likely)} of ${formatGiB(memory.capacity)} GiB: with ${taken.micro} (${formatGiB(after)} GiB) a sample takes ${percentOf(taken.share)} % less time. Changes the global batch.`;
    return found(rule, span, message, [proposed]);
  },
};

interface Tried {
  readonly micro: number;
  readonly changes: readonly SpecChange[];
  readonly weighed: Weighed;
  /** Change of the time that one sample takes. */
  readonly share: number;
}

/** Larger micro batches that surely fit; a run that counts steps takes as many samples in fewer of them. */
function larger(view: RuleView, micro: number): readonly Tried[] {
  const before = view.estimate.time?.samplesPerSecond?.likely ?? 0;
  const steps = statedValue(view, 'training.max_steps');
  const tried: Tried[] = [];
  for (let times = 2; times <= mostTimes; times *= 2) {
    const changes: readonly SpecChange[] = [
      { name: 'training.per_device_batch_size', value: micro * times },
      ...(steps === undefined ? [] : [{ name: 'training.max_steps' as const, value: Math.ceil(steps / times) }]),
    ];
    const weighed = weigh(view, changes);
    const after = weighed.after.time?.samplesPerSecond?.likely ?? 0;
    if (weighed.after.memory?.fits !== 'yes' || after <= 0) break;
    tried.push({ micro: micro * times, changes, weighed, share: before / after - 1 });
  }
  return tried;
}

function isDear(view: RuleView, share: number): boolean {
  const total = view.estimate.cost?.total;
  if (!total) return true;
  return (share * total.micros.likely) / 1e6 >= (view.threshold?.money ?? 0) * (view.settings.exchangeRate ?? 1);
}
