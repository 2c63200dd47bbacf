import type { Accelerator } from '../catalog/accelerator.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type Plan, samplesPerStep } from '../estimate/plan.ts';
import { estimatePoint, memoryOfPlan, type PlanPoint } from '../estimate/point.ts';
import { resolvePlan } from '../estimate/resolve-plan.ts';
import type { SpecChange } from '../readers/reader.ts';
import type { Settings } from '../settings.ts';
import { changeWorkload } from '../what-if.ts';
import { resolveSpec } from '../workload/resolve.ts';
import type { Precision, WorkloadSpec } from '../workload/spec.ts';
import type { Workload } from '../workload/workload.ts';
import { batchChanges, globalBatchChanges, modelDegree, placeChanges } from './changes.ts';
import type { SearchLimits } from './limits.ts';
import type { Place } from './place.ts';

/** The job that is searched, as it stands. */
export interface SearchedJob {
  readonly workload: Workload;
  readonly spec: WorkloadSpec;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly settings: Settings;
}

/** One way to run the job at one place. */
export interface Trial {
  readonly place: Place;
  readonly changes: readonly SpecChange[];
  readonly point: PlanPoint;
  /** Answers of all replicas under their full load; of a serving job alone, whose `point` has the wall clock of one request. */
  readonly tokensPerSecond?: number;
  /** Cannot change the result. */
  readonly safe: boolean;
}

/** The best ways found at one place, and how many were looked at. */
export interface PlaceOutcome {
  readonly trials: readonly Trial[];
  readonly examined: number;
}

/**
 * The fastest ways to run the job at a place: number formats, recomputation, sharding and every cut of the rank's samples into
 * micro batches that fits. Price per hour is the place's, so the fastest is the cheapest there; one that keeps numerics and,
 * where faster, one that does not.
 */
export function configurePlace(job: SearchedJob, place: Place, limits: SearchLimits): PlaceOutcome {
  const batch = batchAt(job, place, limits);
  if (batch === undefined || !isReachable(job, place)) return { trials: [], examined: 0 };
  const moved = [...(place.current ? [] : placeChanges(job.workload, job.spec, place)), ...batch.changes];
  let examined = 0;
  const trials: Trial[] = [];
  for (const precision of precisions(job, place, limits)) {
    const changed = [...moved, ...precision.changes];
    const base = planWith(job, [...changed, ...batchChanges(job.workload, 1, batch.samples)]);
    if (!base) continue;
    let best: Trial | undefined;
    for (const shape of shapes(job, base)) {
      let fitting = 0;
      for (const micro of divisors(batch.samples)) {
        const plan: Plan = { ...shape.plan, microBatch: micro, accumulation: batch.samples / micro };
        examined += 1;
        if (memoryOfPlan(plan).fits !== 'yes') continue;
        const point = estimatePoint(plan);
        if (point && (!best || secondsOf(point) < secondsOf(best.point))) {
          const cut = isSameCut(job, plan) ? [] : batchChanges(job.workload, micro, plan.accumulation);
          const changes = [...changed, ...shape.changes, ...cut];
          best = { place, changes, point, safe: precision.changes.length === 0 && batch.changes.length === 0 };
        }
        fitting += 1;
        // Smaller micro batches than these only add launches and accumulation.
        if (fitting === cutsTried) break;
      }
    }
    if (best) trials.push(best);
  }
  return { trials, examined };
}

/** Micro batches that are timed, from the largest that fits downwards: the largest is not always the fastest. */
const cutsTried = 3;

/** The run where its length is known, else a step: what configurations are compared by. */
export function secondsOf(point: PlanPoint): number {
  return point.runSeconds ?? point.stepSeconds;
}

interface BatchAtPlace {
  /** Of one data-parallel rank in one optimiser step. */
  readonly samples: number;
  /** What must be said where the global batch does not stay. */
  readonly changes: readonly SpecChange[];
}

/** How the global batch falls on the ranks of a place; undefined where it cannot and must stay. */
function batchAt({ workload, spec, plan }: SearchedJob, place: Place, limits: SearchLimits): BatchAtPlace | undefined {
  const devices = place.perNode * place.nodes;
  const model = modelDegree(spec);
  if (devices % model !== 0) return undefined;
  const ranks = devices / model;
  const before = samplesPerStep(plan);
  const samples = before / ranks;
  if (Number.isInteger(samples) && samples >= 1) return { samples, changes: [] };
  if (limits.keepGlobalBatch) return undefined;
  const rounded = Math.max(1, Math.round(samples));
  return { samples: rounded, changes: globalBatchChanges(workload, rounded * ranks, before) };
}

/** Stacks whose launchers spread a script over devices without a change of its code. */
const spreads = new Set<Plan['stack']>([
  'hf-trainer',
  'trl',
  'accelerate',
  'lightning',
  'axolotl',
  'llamafactory',
  'torchtitan',
  'litgpt',
  'llm-foundry',
  'megatron',
  'deepspeed',
  'timm',
  'diffusers',
]);

/** False where the code would have to change: one device to many in a plain loop, or tensor parallelism across nodes. */
function isReachable({ plan }: SearchedJob, place: Place): boolean {
  const devices = place.perNode * place.nodes;
  if (plan.devices === 1 && devices > 1 && !spreads.has(plan.stack)) return false;
  return plan.parallel.tensor <= place.perNode || plan.parallel.tensor > plan.perNode;
}

interface Variation {
  readonly plan: Plan;
  readonly changes: readonly SpecChange[];
}

/** The plan as it is, with and without recomputation, at each sharding stage that its implementation has; as it is first. */
function shapes({ plan: own }: SearchedJob, base: Plan): readonly Variation[] {
  const recompute: Variation[] = [{ plan: base, changes: [] }];
  if (base.shape && own.recompute !== 'selective') {
    const on = base.recompute !== 'full';
    recompute.push({
      plan: { ...base, recompute: on ? 'full' : 'none' },
      changes: [{ name: 'training.gradient_checkpointing', value: on }],
    });
  }
  return recompute.flatMap((one) => [
    one,
    ...stagesBeside(base).map((zeroStage) => ({
      plan: { ...one.plan, parallel: { ...one.plan.parallel, zeroStage } },
      changes: [...one.changes, stageChange(base, zeroStage)],
    })),
  ]);
}

function stagesBeside({ parallel }: Plan): readonly (1 | 2 | 3)[] {
  const { implementation, data, zeroStage } = parallel;
  if (data <= 1) return [];
  const stages: readonly (1 | 2 | 3)[] =
    implementation === 'deepspeed' ? [1, 2, 3] : implementation === 'fsdp' ? [2, 3] : [];
  // Offload of weights needs stage 3; without it the stages below would name what DeepSpeed refuses.
  return stages.filter((stage) => stage !== zeroStage && (parallel.offloadParameters === 'none' || stage === 3));
}

function stageChange({ parallel }: Plan, stage: 1 | 2 | 3): SpecChange {
  return parallel.implementation === 'deepspeed'
    ? { name: 'parallel.zero_stage', value: stage }
    : { name: 'parallel.fsdp_sharding', value: stage === 3 ? 'full_shard' : 'shard_grad_op' };
}

interface PrecisionChoice {
  readonly changes: readonly SpecChange[];
}

/** The format as it is where the card has it; bf16 beside it where the job uses another of the wide ones and numerics may change. */
function precisions({ plan }: SearchedJob, { accelerator }: Place, limits: SearchLimits): readonly PrecisionChoice[] {
  const { compute } = plan.precision;
  const own: readonly PrecisionChoice[] = computesIn(accelerator, compute) ? [{ changes: [] }] : [];
  const other = compute === 'fp32' || compute === 'tf32' || compute === 'fp16';
  if (limits.keepNumerics || !other || !computesIn(accelerator, 'bf16')) return own;
  return [...own, { changes: [{ name: 'training.precision', value: 'bf16' }] }];
}

/** True where the card's tables give a rate for the format; the wide formats run on every card. */
export function computesIn({ peak }: Accelerator, format: Precision): boolean {
  return format === 'bf16' || format === 'fp16' || format === 'fp8' ? peak[format] !== undefined : true;
}

/** The likely plan of the job with some facts changed. */
export function planWith(
  { workload, catalog, settings }: Omit<SearchedJob, 'plan' | 'spec'>,
  changes: readonly SpecChange[],
): Plan | undefined {
  const spec = resolveSpec(changeWorkload(workload, changes), catalog, settings);
  return resolvePlan(spec, catalog, settings).points?.likely;
}

function isSameCut({ plan }: SearchedJob, { microBatch, accumulation }: Plan): boolean {
  return plan.microBatch === microBatch && plan.accumulation === accumulation;
}

/** Divisors, the greatest first; of large numbers only those up to 1,024, more samples than any card takes at once. */
function divisors(value: number): readonly number[] {
  const found: number[] = [];
  for (let at = Math.min(value, 1024); at >= 1; at -= 1) if (value % at === 0) found.push(at);
  return found;
}
