import type { Catalog } from '../catalog/catalog.ts';
import type { Estimate } from '../estimate/estimate.ts';
import { estimateWorkload } from '../estimate/index.ts';
import { defaultSettings } from '../settings.ts';
import type { Interval } from '../units/interval.ts';
import { assumed, likely } from '../workload/known.ts';
import type { RecomputeSpec, ServingSpec, WorkloadSpec } from '../workload/spec.ts';
import { answerLimit } from './answer-limit.ts';
import { answerMemory } from './answer-memory.ts';
import { answerTime } from './answer-time.ts';
import { type PredictCase, type Sheet, sheetOf } from './case.ts';
import { catalogWithDevice } from './device.ts';
import { finalEvaluationSeconds, withEvaluation } from './final-evaluation.ts';
import { specOf } from './spec.ts';
import { withTimeFields } from './time-fields.ts';

export type { PredictCase } from './case.ts';

/** Figures under the names of a case's measurements. */
export type Answers = Readonly<Record<string, Interval>>;

/** One line of the answers: figures with their 80 % interval under the names and in the units that were asked for. */
export interface Prediction {
  readonly id: string;
  /** Why nothing is answered. */
  readonly unsupported?: string;
  /** Whether it fits the device's memory, where the device is known. */
  readonly fits?: boolean;
  readonly predicted: Answers;
}

/** Answers one case. Reads `measured` only for the names and units of what is asked. */
export function predict(case_: PredictCase, catalog: Catalog): Prediction {
  const known = catalogWithDevice(catalog, sheetOf(case_.hardware));
  const measured = sheetOf(case_.measured);
  const asked = withTimeFields(case_, specOf(case_, known), known);
  // Whether a run fits is open where that is what is asked.
  const { spec, estimate } = measured.has('oom')
    ? { spec: asked, estimate: estimateWorkload(asked, known, defaultSettings) }
    : thatRan(asked, sheetOf(case_.config), known);
  const [problem] = estimate.problems;
  if (estimate.parameters === undefined) {
    return { id: case_.id, unsupported: problem?.message ?? 'nothing can be worked out', predicted: {} };
  }
  const on = (accelerator: string) => {
    const resources = { ...spec.resources, accelerator: assumed(accelerator, 'usual-accelerator') };
    return estimateWorkload({ ...spec, resources }, catalog, defaultSettings);
  };
  const average = () => estimateWorkload(withMeanLength(spec), known, defaultSettings);
  const between = () => estimateWorkload(withLength(spec, fewTokens), known, defaultSettings);
  const answers = {
    ...answerMemory(measured, estimate, average, between, sheetOf(case_.config)),
    ...answerTime(measured, estimate, spec, on),
    ...answerLimit(measured, spec, known),
  };
  const { step, steps } = estimate.time ?? {};
  const evaluation = finalEvaluationSeconds(spec, case_.framework ?? '', known, step?.likely ?? 0);
  const predicted = evaluation > 0 ? withEvaluation(answers, evaluation, steps?.likely) : answers;
  return { id: case_.id, ...verdictOf(estimate), predicted };
}

/** A spec and what is estimated of it. */
interface Estimated {
  readonly spec: WorkloadSpec;
  readonly estimate: Estimate;
}

/**
 * What a run that ran must have done where it does not say: a global batch without a micro batch was taken in halves, as often as
 * it takes; layers were computed again where nothing else could make them fit.
 */
function thatRan(spec: WorkloadSpec, config: Sheet, catalog: Catalog): Estimated {
  const estimate = estimateWorkload(spec, catalog, defaultSettings);
  const fewer = spec.serving && estimate.serving?.kvTokens.likely === 0 ? fewerSequences(spec.serving) : undefined;
  if (fewer) return thatRan({ ...spec, serving: fewer }, config, catalog);
  const split = spec.serving && verdictOf(estimate).fits === false ? overDevices(spec, config) : undefined;
  if (split) return thatRan(split, config, catalog);
  const { schedule } = spec;
  if (!schedule || verdictOf(estimate).fits !== false) return { spec, estimate };
  const stated = ['micro_batch_per_gpu', 'batch', 'micro_batch_tokens'].some((key) => config.has(key));
  const micro = likely(schedule.microBatch);
  if (stated || micro === undefined || micro <= 1) {
    return recomputed(spec, estimate, config, catalog) ?? { spec, estimate };
  }
  const half = Math.ceil(micro / 2);
  const accumulation = assumed(((likely(schedule.accumulation) ?? 1) * micro) / half, 'batch-that-fits');
  const smaller = { ...schedule, microBatch: assumed(half, 'batch-that-fits'), accumulation };
  return thatRan({ ...spec, schedule: smaller }, config, catalog);
}

/** An engine whose model does not fit one device has it on all that the run names, where the run does not say how many. */
function overDevices(spec: WorkloadSpec, config: Sheet): WorkloadSpec | undefined {
  const devices = likely(spec.resources.perNode) ?? 1;
  const { parallelism } = spec;
  if (config.has('parallelism') || devices <= 1 || likely(parallelism.tensorParallel) !== 1) return undefined;
  const tensorParallel = assumed(devices, 'devices-that-hold-it');
  return { ...spec, parallelism: { ...parallelism, tensorParallel, dataParallel: assumed(1, 'devices-that-hold-it') } };
}

/**
 * The run with as much computed again as it takes, where it does not say and not even the low end of its range fits without: modules
 * of a layer that cost little, then its feed-forward part, under Megatron, which can; every layer else.
 */
function recomputed(spec: WorkloadSpec, { memory }: Estimate, config: Sheet, catalog: Catalog): Estimated | undefined {
  const told = config.has('activation_checkpointing') || likely(spec.recompute.mode) === 'full';
  if (told || memory?.capacity === undefined || memory.device.low <= memory.capacity) return undefined;
  const inParts: readonly RecomputeSpec[] = spec.code.stack === 'megatron' ? [cheapModules, mostModules] : [];
  for (const recompute of [...inParts, { ...spec.recompute, mode: thatFits('full' as const) }]) {
    const again = { ...spec, recompute };
    const estimate = estimateWorkload(again, catalog, defaultSettings);
    if (verdictOf(estimate).fits !== false) return { spec: again, estimate };
  }
  return undefined;
}

const thatFits = <T>(value: T) => assumed(value, 'recompute-that-fits');
const cheap = ['core_attn', 'moe_act', 'layernorm', 'mla_up_proj'];
/** Elementwise modules, and what latents are widened to. */
const cheapModules: RecomputeSpec = { mode: thatFits('selective'), modules: thatFits(cheap) };
const mostModules: RecomputeSpec = { mode: thatFits('selective'), modules: thatFits([...cheap, 'mlp', 'moe']) };

/** Sequences at once below which an engine that has no room for a cache cannot be helped by fewer. */
const fewestSequences = 16;

/** An engine that started has a cache: where its defaults leave none, its run was limited to half as many sequences, as often as it takes. */
function fewerSequences(serving: ServingSpec): ServingSpec | undefined {
  const stated = serving.maximumSequences.kind === 'exact' && serving.maximumSequences.origin.kind === 'setting';
  const now = likely(serving.maximumSequences) ?? mostSequences;
  if (stated || now <= fewestSequences) return undefined;
  return { ...serving, maximumSequences: assumed(now / 2, 'sequences-that-fit') };
}

/** Sequences at once that engines take on the largest cards. */
const mostSequences = 1024;

/** A plain yes or no by the likely figure, where the estimate itself would call the ends of its range tight. */
function verdictOf({ memory }: Estimate): { readonly fits?: boolean } {
  return memory?.capacity === undefined ? {} : { fits: memory.device.likely <= memory.capacity };
}

/** Padded length of an average batch over the longest one's: instruction data are about half as long. */
const meanOverLongest = 0.5;

/** Tokens of a sample so short that the optimiser's step is the fullest moment, where all that lasts is there with every gradient. */
const fewTokens = 8;

/** The same run at another length. */
function withLength(spec: WorkloadSpec, tokens: number): WorkloadSpec {
  return { ...spec, data: { ...spec.data, sequenceLength: assumed(tokens, 'mean-batch') } };
}

/** The same run at the length of its average batch. */
function withMeanLength(spec: WorkloadSpec): WorkloadSpec {
  const length = likely(spec.data.sequenceLength);
  if (length === undefined || likely(spec.data.packed) === true) return spec;
  return withLength(spec, length * meanOverLongest);
}
