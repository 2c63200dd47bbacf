import type { Catalog } from '../catalog/catalog.ts';
import { exact, type Known, likely } from '../workload/known.ts';
import type { DataSpec, Precision, ScheduleSpec, ServingSpec, WorkloadSpec } from '../workload/spec.ts';
import { type PredictCase, type Sheet, sheetOf } from './case.ts';

const convention = (id: string) => ({ kind: 'assumption', id }) as const;

/**
 * The spec with what a published run leaves to its reader: lengths of named datasets, how many examples they have,
 * kernels of the time, and what a framework does of itself. Stated fields stay as they are.
 */
export function withTimeFields(case_: PredictCase, spec: WorkloadSpec, catalog: Catalog): WorkloadSpec {
  const config = sheetOf(case_.config);
  const framework = (case_.framework ?? '').toLowerCase();
  const data = { ...dataOf(spec, config, catalog, framework), ...binnedBy(framework, spec) };
  const { perNode, nodes } = spec.resources;
  const devices = (likely(perNode) ?? 1) * (likely(nodes) ?? 1);
  const schedule = spec.schedule && scheduleOf(spec, spec.schedule, config, devices);
  const base: WorkloadSpec = {
    ...spec,
    data,
    ...(schedule ? { schedule: { ...schedule, ...evaluationOf(spec), ...epochsOf(spec, schedule, data) } } : {}),
  };
  return {
    ...base,
    ...(spec.serving ? { serving: servingOf(spec.serving) } : {}),
    parallelism: parallelismOf(spec, devices, config),
    code: {
      ...spec.code,
      attention: spec.code.attention.kind === 'unknown' ? kernelOf(spec, framework, config) : spec.code.attention,
      compiled: spec.code.compiled.kind === 'unknown' ? compiledOf(spec, framework) : spec.code.compiled,
    },
    recompute: spec.recompute.mode.kind === 'unknown' ? { ...spec.recompute, mode: recomputeOf(spec) } : spec.recompute,
  };
}

/** Tokens that a sample of BERT's second phase holds of its 512 in the mean (NVIDIA's MLPerf notes on Wikipedia). */
const secondPhaseTokens = 255;

/** Loaders that put samples of like length together: peft's method comparison, and NVIDIA's for BERT, which bins by 64 tokens. */
function binnedBy(framework: string, spec: WorkloadSpec): Partial<DataSpec> {
  const groupedByLength = exact(true, convention('bucketed'));
  if (/method_comparison/.test(framework)) return { groupedByLength };
  const binned = /^deeplearningexamples bert/.test(framework) && spec.task === 'pretrain';
  if (!binned || (likely(spec.data.sequenceLength) ?? 0) < 512) return {};
  return {
    groupedByLength,
    packed: exact(false, convention('bucketed')),
    meanLength: exact(secondPhaseTokens, convention('bucketed')),
  };
}

/** Cards that no fused attention of published code ran on. */
const beforeFused = /^(tesla )?[vpk]\d{2,3}\b/i;

/** Attention of code before fused kernels were common, told by what the run states: Volta and older cards, fp16 in trainers, old stacks. */
function kernelOf(spec: WorkloadSpec, framework: string, config: Sheet): Known<'eager' | 'sdpa' | 'flash'> {
  const compute = likely(spec.precision.compute);
  const old =
    /deeplearningexamples|megatron-deepspeed|deepspeed$/.test(framework) ||
    // Colossal-AI's examples of pictures run diffusers of 2022, which spells attention out (before 0.13).
    (spec.task === 'diffusion' && /colossal/.test(framework)) ||
    (spec.code.stack !== 'timm' && beforeFused.test(likely(spec.resources.accelerator) ?? '')) ||
    /selective \(attention\)/.test(config.text('activation_checkpointing') ?? '') ||
    (spec.code.stack === 'megatron' && compute === 'fp16') ||
    (spec.code.stack === 'hf-trainer' && (compute === 'fp32' || compute === 'fp16'));
  if (old) return exact('eager', convention('attention-of-the-time'));
  return exact(spec.code.stack === 'timm' ? 'sdpa' : 'flash', convention('attention-of-the-time'));
}

/** nanoGPT and nanochat compile unless told not to; JAX always does. */
function compiledOf(spec: WorkloadSpec, framework: string): Known<boolean> {
  const on = spec.code.stack === 'nanogpt' || spec.code.stack === 'maxtext';
  return exact(on || /gpt-fast/.test(framework), { kind: 'framework-default', framework, version: 'any' });
}

/** Megatron and MaxText runs that do not say recompute in part, as their published recipes do. */
function recomputeOf(spec: WorkloadSpec): Known<'none' | 'selective' | 'full'> {
  const { stack } = spec.code;
  const options = [
    { value: 'none', weight: 0.4, origin: convention('recompute') },
    { value: 'selective', weight: 0.6, origin: convention('recompute') },
  ] as const;
  if (stack === 'megatron') return { kind: 'choice', options };
  if (stack === 'maxtext') return exact('full', convention('recompute'));
  return spec.recompute.mode;
}

/** Mean tokens of an Alpaca example under its prompt template (template 45, original answers 60, GPT-4 answers 120-160). */
const alpacaTokens = 160;
/** Mean over longest length of instruction data where only the cap is stated, with the ends of common datasets. */
const meanOverCap = { low: 0.2, likely: 0.42, high: 0.8 } as const;

/** The data that a stack's own configurations train on. */
const usualDataset: Readonly<Partial<Record<WorkloadSpec['code']['stack'], string>>> = { torchtune: 'alpaca' };
/** What peft's method comparison trains language models on. */
const comparedDataset = 'meta-math/MetaMathQA';

/** Images of ImageNet-1k's training split at the size that its networks take, and the epochs of the standard schedule (He et al. 2015). */
const imageNetImages = 1_281_167;
const imageNetSide = 224;
const imageNetEpochs = 90;

function dataOf(spec: WorkloadSpec, config: Sheet, catalog: Catalog, framework: string): DataSpec {
  const { data } = spec;
  const compared = /method_comparison/.test(framework) && !config.has('resolution') ? comparedDataset : undefined;
  const text = config.text('dataset') ?? usualDataset[spec.code.stack] ?? compared;
  const length = likely(data.sequenceLength);
  const examples = examplesOf(text, catalog);
  const size = examples === undefined || data.examples ? {} : { examples: exact(examples, convention('dataset')) };
  if (spec.task === 'diffusion') return { ...data, ...size };
  if (spec.task === 'vision' && text === undefined && data.imageSize && likely(data.imageSize) === imageNetSide) {
    return { ...data, examples: exact(imageNetImages, convention('imagenet')) };
  }
  if (likely(data.packed) === true || data.meanLength || length === undefined) return { ...data, ...size };
  // Benchmarks that name no data, and those that pad to a fixed length, feed what they state.
  const fixed =
    (text === undefined && config.flag('packed') !== false && !variable(config)) || /squad/i.test(text ?? '');
  if (fixed && spec.task === 'dpo') return { ...data, ...size, meanLength: exact(length, convention('fixed-length')) };
  if (fixed) return { ...data, ...size, packed: exact(true, convention('fixed-length')) };
  return { ...data, ...size, meanLength: meanOf(text, length, catalog) };
}

/** A method comparison or a padding-free run has samples of all lengths. */
function variable(config: Sheet): boolean {
  return config.flag('padding_free') !== undefined || config.sheet('lora').text('peft_type') !== undefined;
}

function meanOf(text: string | undefined, length: number, catalog: Catalog): Known<number> {
  const entry = text === undefined ? undefined : catalog.dataset(datasetId(text));
  if (entry?.meanTokens !== undefined)
    return exact(Math.min(length, likely(entry.meanTokens) ?? length), convention('dataset'));
  if (/alpaca(?!-)/i.test(text ?? '') && !/long/i.test(text ?? '')) {
    const origin = convention('alpaca');
    return { kind: 'range', low: alpacaTokens * 0.65, likely: alpacaTokens, high: alpacaTokens * 1.5, origin };
  }
  const { low, likely: middle, high } = meanOverCap;
  return {
    kind: 'range',
    low: low * length,
    likely: middle * length,
    high: high * length,
    origin: convention('mean-length'),
  };
}

const datasetId = (text: string) => text.replace(/[#:,(].*$/, '').trim();

/** "alpaca2k (2000 examples...)", "owner/name#500", or the table's count. */
function examplesOf(text: string | undefined, catalog: Catalog): number | undefined {
  if (text === undefined) return undefined;
  const counted = /(\d[\d,]*) (?:examples|pairs)/.exec(text)?.[1] ?? /#(\d+)/.exec(text)?.[1];
  if (counted !== undefined) return Number(counted.replaceAll(',', ''));
  const entry = catalog.dataset(datasetId(text));
  return entry?.examples && likely(entry.examples);
}

/** Micro batch that vision benchmarks take where they do not say: what fills a data-centre card. */
const visionBatch = 256;
/** Tokens of a micro batch that language benchmarks take where they do not say. */
const usualTokens = 16384;

function scheduleOf(spec: WorkloadSpec, schedule: ScheduleSpec, config: Sheet, devices: number): ScheduleSpec {
  const stated = config.number('micro_batch_per_gpu') ?? config.number('batch');
  const pipeline = likely(spec.parallelism.pipelineParallel) ?? 1;
  const set = (micro: number, accumulation: number): ScheduleSpec => ({
    ...schedule,
    microBatch: exact(micro, convention('micro-batch')),
    accumulation: exact(accumulation, convention('micro-batch')),
  });
  // torchtitan splits a local batch into micro batches of one where it pipelines.
  if (stated !== undefined) return spec.code.stack === 'torchtitan' && pipeline > 1 ? set(1, stated) : schedule;
  const length = likely(spec.data.sequenceLength) ?? 2048;
  const tokens = config.number('micro_batch_tokens');
  if (spec.task === 'vision') return config.has('global_batch') ? schedule : set(visionBatch, 1);
  const ranks = dataRanks(spec, devices);
  const whole = config.number('global_batch') ?? millions(config.text('global_batch_tokens')) / length;
  const share = Number.isFinite(whole) ? Math.max(1, whole / ranks) : undefined;
  if (share === undefined && tokens === undefined && spec.task !== 'pretrain') return schedule;
  const most = pipeline > 1 ? 1 : Math.max(1, Math.round((tokens ?? usualTokens) / length));
  const micro = Math.min(most, share ?? most);
  return set(micro, share === undefined ? 1 : Math.max(1, Math.round(share / micro)));
}

function dataRanks(spec: WorkloadSpec, devices: number): number {
  const { dataParallel, tensorParallel, pipelineParallel, contextParallel } = spec.parallelism;
  const model = (likely(tensorParallel) ?? 1) * (likely(pipelineParallel) ?? 1) * (likely(contextParallel) ?? 1);
  return likely(dataParallel) ?? Math.max(1, Math.floor(devices / model));
}

/** "0.5M" tokens. */
function millions(text: string | undefined): number {
  const found = /([\d.]+)\s*M/i.exec(text ?? '');
  return found ? Number(found[1]) * 1e6 : Number.NaN;
}

/** Sharding that follows from the rest: MaxText shards weights over all chips where it is not told otherwise. */
function parallelismOf(spec: WorkloadSpec, devices: number, config: Sheet): WorkloadSpec['parallelism'] {
  // DeepSpeed pipelines with sharded optimiser states at most.
  const stated = config.sheet('parallelism').has('zero_stage');
  if (
    spec.parallelism.implementation === 'deepspeed' &&
    !stated &&
    (likely(spec.parallelism.pipelineParallel) ?? 1) > 1
  ) {
    return { ...spec.parallelism, zeroStage: exact(1, convention('pipeline')) };
  }
  if (spec.code.stack !== 'maxtext' || devices <= 1) return spec.parallelism;
  return { ...spec.parallelism, implementation: 'fsdp2', zeroStage: exact(3, convention('sharded-by-default')) };
}

/** Sequences at once where nothing limits them: TensorRT-LLM's default batch; other engines' is the estimator's. */
const tensorRtBatch = 2048;

function servingOf(serving: ServingSpec): ServingSpec {
  if (likely(serving.engine) !== 'tensorrt-llm') return serving;
  const origin = { kind: 'framework-default', framework: 'tensorrt-llm', version: '1.0' } as const;
  const weights = likely(serving.weightPrecision);
  // Checkpoints quantised by ModelOpt carry scales for an fp8 cache, which the engine then takes.
  const narrow = weights === 'fp8' || weights === 'fp4' ? { kvPrecision: exact<Precision>('fp8', origin) } : {};
  const limit = serving.maximumSequences.kind === 'unknown' ? { maximumSequences: exact(tensorRtBatch, origin) } : {};
  return { ...serving, ...narrow, ...limit };
}

/** litgpt evaluates every hundred steps of a fine-tuning run. */
function evaluationOf(spec: WorkloadSpec): Partial<ScheduleSpec> {
  if (spec.code.stack !== 'litgpt' || spec.task !== 'finetune') return {};
  return { evaluationEvery: exact(100, { kind: 'framework-default', framework: 'litgpt', version: 'any' }) };
}

/** Epochs of a network for which ImageNet stands in, where the run states no length. */
function epochsOf(spec: WorkloadSpec, schedule: ScheduleSpec, data: DataSpec): Partial<ScheduleSpec> {
  const open = schedule.epochs === undefined && schedule.steps.kind === 'unknown';
  if (!open || spec.task !== 'vision' || data.examples === undefined || spec.data.examples) return {};
  return { epochs: exact(imageNetEpochs, convention('imagenet')) };
}
