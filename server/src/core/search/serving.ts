import { fittedEfficiency } from '../estimate/efficiency-fitted.ts';
import type { Plan } from '../estimate/plan.ts';
import { memoryOfPlan } from '../estimate/point.ts';
import { fillsDevice, poolTokens } from '../estimate/serving-memory.ts';
import { generationOf, runningSequences } from '../estimate/serving-time.ts';
import type { SpecChange } from '../readers/reader.ts';
import { isKnown, placeChanges } from './changes.ts';
import { type PlaceOutcome, planWith, type SearchedJob, type Trial } from './configurations.ts';
import type { SearchLimits } from './limits.ts';
import type { Place } from './place.ts';

/** Factors on the sequences that an engine runs at once: more of them share the reading of the weights, and each waits longer. */
const batches = [1, 2, 4, 8];

/** Sequences at once beyond which engines are not measured. */
const mostSequences = 1024;

/**
 * The ways to serve the job's model at a place: number formats of weights and cache, sequences at once, one tensor-parallel rank on
 * every card of the machine. Each replica is on a machine of its own; context length and model stay.
 */
export function configureServing(job: SearchedJob, place: Place, limits: SearchLimits): PlaceOutcome {
  if (!isServable(job.plan, place)) return { trials: [], examined: 0 };
  const moved = place.current ? [] : [...placeChanges(job.workload, job.spec, place), ...ranks(job, place)];
  let examined = 0;
  const trials: Trial[] = [];
  for (const { changes, safe } of formats(job, place, limits)) {
    for (const batch of sequences(job.plan)) {
      const all = [...moved, ...changes, ...batch];
      const plan = planWith(job, all);
      examined += 1;
      const rate = plan && rateOf(plan);
      if (plan && rate) trials.push({ place, changes: all, safe, ...rate });
    }
  }
  return { trials, examined };
}

/** False where the machine's cards cannot hold one tensor-parallel group: heads are split whole, and stages over nodes stay as they are. */
function isServable({ shape, parallel, nodes, perNode }: Plan, place: Place): boolean {
  if (place.current) return true;
  if (!shape || place.nodes > 1 || nodes > 1 || parallel.pipeline > 1 || perNode < parallel.tensor) return false;
  return shape.attention.heads % place.perNode === 0;
}

/** Tensor parallelism over all cards of the machine, where the job states it or uses several. */
function ranks({ workload, plan }: SearchedJob, { perNode }: Place): readonly SpecChange[] {
  const name = isKnown(workload, 'parallel.tp') && !isKnown(workload, 'serving.tp') ? 'parallel.tp' : 'serving.tp';
  if (!isKnown(workload, name) && plan.parallel.tensor === 1 && perNode === 1) return [];
  return [{ name, value: perNode }];
}

function sequences({ serving }: Plan): readonly (readonly SpecChange[])[] {
  const now = serving?.maximumSequences ?? mostSequences;
  return batches
    .filter((by) => by === 1 || now * by <= mostSequences)
    .map((by) => (by === 1 ? [] : [{ name: 'serving.max_num_seqs', value: now * by }]));
}

interface Format {
  readonly changes: readonly SpecChange[];
  readonly safe: boolean;
}

/** Engines that quantise 16-bit weights to fp8 as they load them, and keep the cache in fp8 by a flag. */
const quantizing = new Set(['vllm', 'sglang']);

/** The formats as they are; where numerics may change and the card multiplies fp8, the cache and the weights in fp8 too. */
function formats({ plan }: SearchedJob, { accelerator }: Place, { keepNumerics }: SearchLimits): readonly Format[] {
  const { serving } = plan;
  const own: Format = { changes: [], safe: true };
  if (keepNumerics || !serving || accelerator.peak.fp8 === undefined || !quantizing.has(serving.engine)) return [own];
  const cache: readonly SpecChange[] =
    serving.kvPrecision === 'fp8' ? [] : [{ name: 'serving.kv_dtype', value: 'fp8' }];
  const wide = serving.weightPrecision === 'bf16' || serving.weightPrecision === 'fp16';
  const weights: readonly SpecChange[] =
    wide && plan.quantization === undefined ? [{ name: 'quantization.method', value: 'fp8' }] : [];
  return [
    own,
    ...(cache.length > 0 ? [{ changes: cache, safe: false }] : []),
    ...(weights.length > 0 ? [{ changes: [...weights, ...cache], safe: false }] : []),
  ];
}

/** What one replica does under its full load; undefined where it does not fit or its rate is not known. */
function rateOf(plan: Plan): Pick<Trial, 'point' | 'tokensPerSecond'> | undefined {
  const tokens = poolTokens(plan);
  const { serving } = plan;
  if (!serving || tokens === undefined || tokens < serving.maximumLength) return undefined;
  const memory = memoryOfPlan(plan);
  if (memory.fits === 'no' || (!fillsDevice(plan) && memory.fits !== 'yes')) return undefined;
  const work = generationOf(plan, runningSequences(plan, tokens), fittedEfficiency);
  if (!work || !(work.outputRate > 0)) return undefined;
  const point = { ...memory, stepSeconds: work.requestSeconds };
  return { point, tokensPerSecond: work.outputRate * serving.replicas };
}
