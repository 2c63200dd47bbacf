import { likely } from '../workload/known.ts';
import type { GenerationSpec, WorkloadSpec } from '../workload/spec.ts';
import type { ParameterCounts } from './parameters.ts';
import type { ParallelPlan, Plan } from './plan.ts';

/** Fields of a plan that stand beside the model itself: other models, averages, engines, and what part of it is trained. */
export type Companions = Pick<
  Plan,
  | 'laterTokens'
  | 'recordedSteps'
  | 'rewardParameters'
  | 'valueParameters'
  | 'averaged'
  | 'trainedPart'
  | 'rollout'
  | 'generation'
>;

/** What lies on the devices beside the model, at its likely values. */
export function companionsOf(spec: WorkloadSpec, counts: ParameterCounts, layers: number): Companions {
  const { model, rollout } = spec;
  const utilization = rollout && likely(rollout.memoryUtilization);
  const part = trainedPart(model.trainedLayers, counts, layers);
  return {
    ...(spec.code.recordedSteps && likely(spec.code.recordedSteps) === true ? { recordedSteps: true } : {}),
    ...positive('laterTokens', model.laterTokens && likely(model.laterTokens)),
    ...positive('rewardParameters', model.rewardParameters && likely(model.rewardParameters)),
    ...positive('valueParameters', model.valueParameters && likely(model.valueParameters)),
    ...(model.averaged && likely(model.averaged) === true ? { averaged: true } : {}),
    ...(part === undefined ? {} : { trainedPart: part }),
    ...(utilization === undefined
      ? {}
      : { rollout: { memoryUtilization: utilization, sleeps: likely(rollout?.sleeps ?? awake) === true } }),
    ...(spec.generation ? generationAt(spec.generation) : {}),
  };
}

function generationAt(spec: GenerationSpec): Pick<Plan, 'generation'> {
  const promptLength = likely(spec.promptLength);
  const answerLength = likely(spec.answerLength);
  if (promptLength === undefined || answerLength === undefined) return {};
  return {
    generation: {
      engine: likely(spec.engine) ?? 'transformers',
      tensor: Math.max(1, likely(spec.tensorParallel) ?? 1),
      promptLength,
      answerLength,
      ...positive('engines', spec.engines && likely(spec.engines)),
      ...positive('answersAtOnce', spec.answersAtOnce && likely(spec.answersAtOnce)),
      ...positive('maximumSequences', spec.maximumSequences && likely(spec.maximumSequences)),
    },
  };
}

const awake = { kind: 'unknown', reason: 'not stated' } as const;

/** Parameters of the trained layers, embedding and head beside them where they are trained too. */
function trainedPart(
  trained: WorkloadSpec['model']['trainedLayers'],
  counts: ParameterCounts,
  layers: number,
): number | undefined {
  const count = trained && likely(trained.count);
  if (count === undefined || layers <= 0) return undefined;
  const ends = counts.embedding + counts.head;
  const inLayers = counts.total - ends - counts.inputs;
  return inLayers * Math.min(1, count / layers) + (likely(trained?.ends ?? awake) === true ? ends : 0);
}

/** How pipeline and offload go, where the spec says more than degrees. */
export function scheduleOf({
  parallelism: p,
}: WorkloadSpec): Pick<ParallelPlan, 'pipelineSchedule' | 'offloadGradients' | 'syncsEachBatch'> {
  const schedule = p.pipelineSchedule && likely(p.pipelineSchedule);
  return {
    ...(schedule === undefined ? {} : { pipelineSchedule: schedule }),
    ...(p.offloadGradients && likely(p.offloadGradients) === true ? { offloadGradients: true } : {}),
    ...(p.syncsEachBatch && likely(p.syncsEachBatch) === true ? { syncsEachBatch: true } : {}),
  };
}

function positive<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  return (value !== undefined && value > 0 ? { [key]: value } : {}) as { readonly [P in K]?: number };
}
