import { type Accelerator, hasArmHost } from '../catalog/accelerator.ts';
import { windowShare } from '../estimate/kv.ts';
import type { Plan } from '../estimate/plan.ts';
import { memoryOfPlan } from '../estimate/point.ts';
import { fillsDevice, poolTokens } from '../estimate/serving-memory.ts';
import type { SpecChange } from '../readers/reader.ts';
import type { MoneyInterval } from '../units/money.ts';
import { largest } from './bisect.ts';
import { placeChanges } from './changes.ts';
import { computesIn, planWith, type SearchedJob } from './configurations.ts';
import { priceOfPlace } from './place.ts';

/** A greatest value that fits: surely (the high end of the estimate fits) and likely (its likely figure does). */
export interface Limit {
  readonly id: 'micro-batch' | 'sequence-length' | 'lora-rank' | 'context-length' | 'sequences-at-once';
  /** The value as it stands; absent where nothing states it. */
  readonly now?: number;
  /** Absent where not even the least value surely fits. */
  readonly sure?: number;
  readonly likely?: number;
  /** The model or the search goes no further, so the true limit may be higher. */
  readonly bounded?: number;
}

/** A card that the job fits on, in the same number. */
export interface FittingCard {
  readonly accelerator: Accelerator;
  readonly deviceBytes: number;
  /** For all of the job's devices; absent where no price is known. */
  readonly perHour?: MoneyInterval;
}

/** The answers to "how far can I go on this card, and how small a card would do". */
export interface Inverse {
  readonly limits: readonly Limit[];
  /** The one with the least memory on which it surely fits. */
  readonly smallest?: FittingCard;
  /** The one with the lowest price of the whole job an hour. */
  readonly cheapest?: FittingCard;
}

/** What people write: lengths in steps of 128 tokens, ranks in steps of 8. */
const lengthStep = 128;
const rankStep = 8;
const longestAsked = 2 ** 20;
const largestBatch = 4096;
const highestRank = 4096;

/** Works out what fits. Every answer is a change of facts through the same resolution and the same formulas as the estimate. */
export function invert(job: SearchedJob): Inverse {
  return { limits: limitsOf(job), ...cardsOf(job) };
}

/** The greatest values alone: what a hover on a card or a batch shows. */
export function limitsOf(job: SearchedJob): readonly Limit[] {
  const { plan } = job;
  if (!plan.accelerator) return [];
  if (plan.serving) return plan.shape ? [contextLimit(job), ...sequencesLimit(plan)] : [];
  const limits: Limit[] = [
    askLimit(job, 'micro-batch', plan.microBatch, 1, largestBatch, (value) => [
      { name: 'training.per_device_batch_size', value },
    ]),
  ];
  if (plan.shape && !plan.shape.image) {
    const longest = Math.max(lengthStep, plan.shape.maximumPosition ?? longestAsked);
    limits.push(
      askLimit(job, 'sequence-length', plan.sequenceLength, lengthStep, longest, (value) => [
        { name: 'data.seq_len', value },
      ]),
    );
  }
  if (plan.adapter) {
    limits.push(
      askLimit(job, 'lora-rank', plan.adapter.rank, rankStep, highestRank, (value) => [{ name: 'lora.r', value }]),
    );
  }
  return limits;
}

function askLimit(
  job: SearchedJob,
  id: Limit['id'],
  now: number,
  step: number,
  most: number,
  change: (value: number) => readonly SpecChange[],
): Limit {
  const answer = (holds: (plan: Plan) => boolean) => {
    const found = largest(1, Math.max(1, Math.floor(most / step)), (times) => {
      const plan = planWith(job, change(times * step));
      return plan !== undefined && holds(plan);
    });
    return found === undefined ? undefined : found * step;
  };
  return limit(id, now, answer(surelyFits), answer(likelyFits), Math.floor(most / step) * step);
}

function limit(
  id: Limit['id'],
  now: number,
  sure: number | undefined,
  likely: number | undefined,
  most: number,
): Limit {
  return {
    id,
    now,
    ...(sure === undefined ? {} : { sure }),
    ...(likely === undefined ? {} : { likely }),
    ...(sure === most || likely === most ? { bounded: most } : {}),
  };
}

function surelyFits(plan: Plan): boolean {
  return memoryOfPlan(plan).fits === 'yes';
}

function likelyFits(plan: Plan): boolean {
  const { deviceBytes, capacity } = memoryOfPlan(plan);
  return capacity !== undefined && deviceBytes <= capacity;
}

/** The longest context of which one sequence has room in the pool beside weights and a batch. */
function contextLimit(job: SearchedJob): Limit {
  const { plan } = job;
  const most = plan.shape?.maximumPosition ?? longestAsked;
  const found = largest(1, Math.max(1, Math.floor(most / lengthStep)), (times) => {
    const longer = planWith(job, [{ name: 'serving.max_model_len', value: times * lengthStep }]);
    return longer !== undefined && holdsOneSequence(longer);
  });
  const value = found === undefined ? undefined : found * lengthStep;
  return limit(
    'context-length',
    plan.serving?.maximumLength ?? most,
    undefined,
    value,
    Math.floor(most / lengthStep) * lengthStep,
  );
}

/** Sequences of the stated context that the pool holds at once, none cut and none waiting. */
function sequencesLimit(plan: Plan): readonly Limit[] {
  const { shape, serving } = plan;
  const tokens = poolTokens(plan);
  if (!shape || !serving || tokens === undefined || !fillsDevice(plan)) return [];
  const held = Math.floor(tokens / (serving.maximumLength * windowShare(shape, serving.maximumLength)));
  return [limit('sequences-at-once', serving.maximumSequences, undefined, held < 1 ? undefined : held, largestBatch)];
}

function holdsOneSequence(plan: Plan): boolean {
  const tokens = poolTokens(plan);
  return tokens !== undefined && plan.serving !== undefined && tokens >= plan.serving.maximumLength;
}

function cardsOf(job: SearchedJob): Pick<Inverse, 'smallest' | 'cheapest'> {
  const { plan, catalog, settings } = job;
  const vendor = plan.accelerator?.vendor ?? 'NVIDIA';
  const arm = plan.accelerator !== undefined && hasArmHost(plan.accelerator);
  const cards: FittingCard[] = [];
  for (const accelerator of catalog.accelerators) {
    if (
      accelerator.vendor !== vendor ||
      hasArmHost(accelerator) !== arm ||
      !computesIn(accelerator, plan.precision.compute)
    )
      continue;
    const card = { accelerator, perNode: plan.perNode, kind: 'on-demand' as const };
    const there = planWith(job, placeFacts(job, accelerator));
    if (!there || !(there.serving ? holdsOneSequence(there) : surelyFits(there))) continue;
    const perHour = priceOfPlace(card, plan.nodes * (plan.serving?.replicas ?? 1), catalog, settings);
    cards.push({ accelerator, deviceBytes: memoryOfPlan(there).deviceBytes, ...(perHour ? { perHour } : {}) });
  }
  const smallest = least(cards, ({ accelerator }) => accelerator.memory);
  const cheapest = least(
    cards.filter((one) => one.perHour),
    ({ perHour }) => perHour?.micros.likely ?? Number.POSITIVE_INFINITY,
  );
  return { ...(smallest ? { smallest } : {}), ...(cheapest ? { cheapest } : {}) };
}

function placeFacts({ workload, spec, plan }: SearchedJob, accelerator: Accelerator): readonly SpecChange[] {
  const { perNode, nodes } = plan;
  return placeChanges(workload, spec, { accelerator, perNode, nodes, kind: 'on-demand' });
}

function least<T>(all: readonly T[], of: (one: T) => number): T | undefined {
  return all.reduce<T | undefined>((best, one) => (best === undefined || of(one) < of(best) ? one : best), undefined);
}
