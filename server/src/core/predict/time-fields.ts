import type { Catalog } from '../catalog/catalog.ts';
import { exact, type Known, likely } from '../workload/known.ts';
import type { DataSpec, ScheduleSpec, WorkloadSpec } from '../workload/spec.ts';
import { type PredictCase, type Sheet, sheetOf } from './case.ts';

const convention = (id: string) => ({ kind: 'assumption', id }) as const;

/**
 * The spec with what a published run leaves to its reader: lengths of named datasets, how many examples they have,
 * kernels of the time, and what a framework does of itself. Stated fields stay as they are.
 */
export function withTimeFields(case_: PredictCase, spec: WorkloadSpec, catalog: Catalog): WorkloadSpec {
  const config = sheetOf(case_.config);
  const framework = (case_.framework ?? '').toLowerCase();
  const data = dataOf(spec, config, catalog);
  const schedule = spec.schedule && scheduleOf(spec, spec.schedule, config);
  const base: WorkloadSpec = { ...spec, data, ...(schedule ? { schedule } : {}) };
  return {
    ...base,
    code: {
      ...spec.code,
      attention: spec.code.attention.kind === 'unknown' ? kernelOf(spec, framework, config) : spec.code.attention,
      compiled: spec.code.compiled.kind === 'unknown' ? compiledOf(spec, framework) : spec.code.compiled,
    },
    recompute: spec.recompute.mode.kind === 'unknown' ? { ...spec.recompute, mode: recomputeOf(spec) } : spec.recompute,
  };
}

/** Attention of code before fused kernels were common, told by what the run states: fp16 on Volta or Ampere, old stacks. */
function kernelOf(spec: WorkloadSpec, framework: string, config: Sheet): Known<'eager' | 'sdpa' | 'flash'> {
  const compute = likely(spec.precision.compute);
  const old =
    /deeplearningexamples|megatron-deepspeed|deepspeed$/.test(framework) ||
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

/** Mean tokens of an Alpaca example under its prompt template (Stanford Alpaca, Llama tokenizer). */
const alpacaTokens = 120;
/** Mean over longest length of instruction data where only the cap is stated, with the ends of common datasets. */
const meanOverCap = { low: 0.2, likely: 0.42, high: 0.8 } as const;

function dataOf(spec: WorkloadSpec, config: Sheet, catalog: Catalog): DataSpec {
  const { data } = spec;
  const text = config.text('dataset');
  const length = likely(data.sequenceLength);
  const examples = examplesOf(text, catalog);
  const size = examples === undefined || data.examples ? {} : { examples: exact(examples, convention('dataset')) };
  const image = pixels(config);
  if (image !== undefined) {
    return {
      ...data,
      ...size,
      sequenceLength: exact(image, convention('image-tokens')),
      packed: exact(true, convention('image-tokens')),
    };
  }
  if (likely(data.packed) === true || data.meanLength || length === undefined) return { ...data, ...size };
  // Benchmarks that name no data, and those that pad to a fixed length, feed what they state.
  const fixed =
    (text === undefined && config.flag('packed') !== false && !variable(config)) || /squad/i.test(text ?? '');
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
    return { kind: 'range', low: alpacaTokens * 0.8, likely: alpacaTokens, high: alpacaTokens * 1.5, origin };
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

/** Tokens of one image of a diffusion transformer: 16 pixels a token and side, beside its prompt. */
function pixels(config: Sheet): number | undefined {
  const side = config.number('resolution');
  return side === undefined ? undefined : (side / 16) ** 2 + 512;
}

/** Micro batch that vision benchmarks take where they do not say: what fills a data-centre card. */
const visionBatch = 256;

function scheduleOf(spec: WorkloadSpec, schedule: ScheduleSpec, config: Sheet): ScheduleSpec {
  const micro = likely(schedule.microBatch);
  const pipeline = likely(spec.parallelism.pipelineParallel) ?? 1;
  // torchtitan splits a local batch into micro batches of one where it pipelines.
  if (spec.code.stack === 'torchtitan' && pipeline > 1 && micro !== undefined) {
    return {
      ...schedule,
      microBatch: exact(1, convention('pipeline')),
      accumulation: exact(micro, convention('pipeline')),
    };
  }
  if (micro === undefined) {
    const tokens = config.number('micro_batch_tokens');
    const length = likely(spec.data.sequenceLength);
    if (tokens !== undefined && length)
      return { ...schedule, microBatch: exact(Math.max(1, tokens / length), convention('micro-batch')) };
    if (spec.task === 'vision') return { ...schedule, microBatch: exact(visionBatch, convention('micro-batch')) };
  }
  return schedule;
}
