import type { Accelerator } from '../catalog/accelerator.ts';
import { formatCount } from '../units/format.ts';
import { type Architecture, isTransformer } from '../workload/architecture.ts';
import { type Known, likely } from '../workload/known.ts';
import type { ParallelismSpec, Precision, Task, WorkloadSpec } from '../workload/spec.ts';
import { methodName, trainsInBase, usualRank } from './adapter-trained.ts';
import { spellsAttention } from './attention-kernel.ts';
import { isNarrow } from './compute-casts.ts';
import { usualDenoiser } from './denoiser.ts';
import type { Assumption } from './estimate.ts';
import type { ServingPlan } from './plan.ts';
import { servingPlan } from './resolve-serving.ts';
import { usualTarget } from './stacks.ts';

/** Share of a choice's weight below which another option does not widen the 80 % interval. */
const negligibleWeight = 0.1;

type Offload = 'none' | 'cpu' | 'nvme';

/** Every field of a plan that the spec decides, flat, so that one can be moved. */
export interface Resolved {
  readonly parameters: number;
  readonly active: number | undefined;
  readonly frozenParameters: number;
  readonly referenceModel: boolean;
  readonly quantization: Precision | undefined;
  readonly doubleQuantization: boolean;
  readonly rank: number;
  readonly adapterParameters: number | undefined;
  readonly adapterFrozen: number | undefined;
  readonly virtualTokens: number | undefined;
  readonly keptShare: number | undefined;
  readonly adapterPrecision: Precision;
  readonly decomposed: boolean;
  readonly adapterMethod: string;
  readonly trainsEmbeddings: boolean;
  readonly parameterPrecision: Precision;
  readonly compute: Precision;
  readonly autocast: boolean;
  readonly masterWeights: boolean;
  readonly gradients: Precision;
  readonly optimizer: string;
  readonly optimizerFused: boolean;
  readonly optimizerInBackward: boolean;
  readonly attention: 'eager' | 'sdpa' | 'flash';
  readonly compiled: boolean;
  readonly channelsLast: boolean;
  readonly fusedLoss: boolean;
  readonly fusedLayers: boolean;
  readonly sequenceLength: number;
  readonly meanLength: number | undefined;
  readonly packed: boolean;
  readonly paddingFree: boolean;
  readonly groupedByLength: boolean;
  readonly targetLength: number | undefined;
  readonly imageSize: number;
  readonly frames: number;
  readonly microBatch: number;
  readonly accumulation: number;
  readonly steps: number | undefined;
  readonly examples: number | undefined;
  readonly tokens: number | undefined;
  readonly epochs: number | undefined;
  readonly evaluationEvery: number | undefined;
  readonly evaluationBatches: number | undefined;
  readonly workers: number | undefined;
  readonly dataParallel: number;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  readonly contextParallel: number;
  readonly expertParallel: number;
  readonly sequenceParallel: boolean;
  readonly zeroStage: 0 | 1 | 2 | 3;
  readonly shardGroup: number | undefined;
  readonly offloadOptimizer: Offload;
  readonly offloadParameters: Offload;
  readonly pipelineChunks: number;
  readonly recompute: 'none' | 'selective' | 'full';
  readonly recomputeOffloaded: boolean;
  readonly saves: boolean;
  readonly saveEvery: number | undefined;
  readonly keep: number | undefined;
  readonly savesOptimizer: boolean;
  readonly serving: ServingPlan | undefined;
  readonly devices: number;
  readonly perNode: number;
  readonly nodes: number;
}

/** Where the resolution notes what was open: fields that may be otherwise, and what was assumed. */
export interface Open {
  readonly fields: { readonly field: string; readonly key: keyof Resolved; readonly value: unknown }[];
  readonly assumptions: Assumption[];
}

/** What stands in for a field of which nothing is known. */
interface Fallback<T> {
  readonly value: T;
  /** What it may well be instead. */
  readonly also?: readonly T[];
  /** Words for the assumption; none where the choice is no news to anybody. */
  readonly text?: string;
}

/** Takes every field of a spec at its likely value, noting ranges, choices and stand-ins in `open`. */
export function openFields(
  spec: WorkloadSpec,
  architecture: Architecture | undefined,
  size: number,
  accelerator: Accelerator | undefined,
  open: Open,
): Resolved {
  const shape = architecture && isTransformer(architecture) ? architecture : undefined;
  function take<T>(key: keyof Resolved, field: string, known: Known<T> | undefined, fallback: Fallback<T>): T {
    if (!known || known.kind === 'unknown') {
      for (const value of fallback.also ?? []) open.fields.push({ field, key, value });
      if (fallback.text) open.assumptions.push({ id: field, text: fallback.text });
      return fallback.value;
    }
    for (const value of alternatives(known)) open.fields.push({ field, key, value });
    return likely(known) ?? fallback.value;
  }
  function maybe(key: keyof Resolved, field: string, known: Known<number> | undefined): number | undefined {
    if (!known || known.kind === 'unknown') return undefined;
    for (const value of alternatives(known)) open.fields.push({ field, key, value });
    return likely(known);
  }

  /** Ranks that AdaLoRA keeps of those it starts with: target over first rank, 8 of 12 as peft has it, half in common use, and a little less as it prunes. */
  function keptShare(): number | undefined {
    if (method !== 'adalora') return undefined;
    const kept = adapter?.keptRank && likely(adapter.keptRank);
    const first = adapter && likely(adapter.rank);
    if (kept !== undefined && first !== undefined) return Math.min(1, kept / first);
    return take('keptShare', 'adapter.keptRank', undefined, { value: 0.55, also: [0.44, 0.67] });
  }

  const { model, adapter, precision, optimizer, data, schedule, parallelism: p, recompute, checkpoint, code } = spec;
  const serving = spec.task === 'serving';
  const maximum = shape?.maximumPosition ?? 4096;
  const denoises = spec.task === 'diffusion' || shape?.denoiser !== undefined;
  // Words of a stand-in belong only under a job that uses the field.
  const text = (words: string, used: boolean) => (used ? { text: words } : {});
  const method = methodName((adapter?.method && likely(adapter.method)) ?? 'lora');
  // Trainers that are asked for no precision compute in the weights' own.
  const wide = likely(precision.parameters) === 'fp32' && likely(precision.autocast) !== true && !serving;
  // Cards before Ampere multiply no bf16, and programs that look ask them for fp16.
  const { bf16, fp16 } = accelerator?.peak ?? {};
  const half = bf16 === undefined && fp16 !== undefined ? 'fp16' : 'bf16';
  const compute = take<Precision>('compute', 'precision.compute', precision.compute, {
    value: wide ? 'fp32' : half,
    ...text(`matmuls in ${wide ? 'fp32' : half}: nothing states the precision`, !serving),
  });
  const parameterPrecision = take<Precision>('parameterPrecision', 'precision.parameters', precision.parameters, {
    value: isNarrow(compute) ? 'bf16' : compute,
    also: serving ? [] : compute === 'fp32' || compute === 'tf32' ? [] : ['fp32'],
  });
  // What Whisper writes is what its files call the length; other pairs of stacks read one text and write a shorter one.
  const targetOf = () =>
    shape?.kind !== 'encoder-decoder' || shape.melBins !== undefined || serving
      ? maybe('targetLength', 'data.targetLength', data.targetLength)
      : take<number | undefined>('targetLength', 'data.targetLength', data.targetLength, {
          value: usualTarget,
          also: [4 * usualTarget],
          text: `targets taken as ${usualTarget} tokens: nothing states their length`,
        });
  const degrees = parallelDegrees(spec, take);
  const told = likely(data.sequenceLength) !== undefined;
  const sequenceLength = take('sequenceLength', 'data.sequenceLength', data.sequenceLength, {
    value: Math.min(2048, maximum),
    also: spec.task === 'vision' || serving ? [] : [Math.min(512, maximum), Math.min(4096, maximum)],
    ...(told || serving || spec.task === 'vision' || denoises || shape?.kind === 'vit'
      ? {}
      : { text: `sequence length taken as ${formatCount(Math.min(2048, maximum))} tokens: nothing states it` }),
  });
  // A length that files state is a cap: samples that are not packed are mostly shorter, and how much nothing tells.
  const meanLength = () => {
    const silent = data.meanLength === undefined || data.meanLength.kind === 'unknown';
    const varies = shape && !denoises && !shape.image && shape.melBins === undefined && unpacked.has(spec.task);
    // What a dataset's samples have in the mean says nothing of answers that are yet to be made.
    const made = spec.generation !== undefined;
    if ((silent || made) && likely(data.packed) !== true && varies)
      open.fields.push({ field: 'data.meanLength', key: 'meanLength', value: sequenceLength * shortestMean });
    return made ? undefined : maybe('meanLength', 'data.meanLength', data.meanLength);
  };
  return {
    parameters: take('parameters', 'model.parameters', model.parameters, { value: size }),
    active: maybe('active', 'model.activeParameters', model.activeParameters),
    frozenParameters: take('frozenParameters', 'model.frozenParameters', model.frozenParameters, { value: 0 }),
    referenceModel: take('referenceModel', 'model.referenceModel', model.referenceModel, {
      value: spec.task === 'dpo' && !adapter,
    }),
    quantization: model.quantization ? likely(model.quantization) : undefined,
    doubleQuantization: take('doubleQuantization', 'model.doubleQuantization', model.doubleQuantization, {
      value: false,
    }),
    rank: take('rank', 'adapter.rank', adapter?.rank, { value: usualRank(method) }),
    adapterParameters: maybe('adapterParameters', 'adapter.parameters', adapter?.parameters),
    adapterFrozen: maybe('adapterFrozen', 'adapter.frozenParameters', adapter?.frozenParameters),
    virtualTokens: maybe('virtualTokens', 'adapter.virtualTokens', adapter?.virtualTokens),
    keptShare: keptShare(),
    adapterPrecision: take<Precision>('adapterPrecision', 'adapter.precision', adapter?.precision, {
      value: trainsInBase(method) ? parameterPrecision : 'fp32',
    }),
    decomposed: take('decomposed', 'adapter.decomposed', adapter?.decomposed, { value: false }),
    adapterMethod: take('adapterMethod', 'adapter.method', adapter?.method, { value: 'lora' }),
    trainsEmbeddings: take('trainsEmbeddings', 'adapter.trainsEmbeddings', adapter?.trainsEmbeddings, { value: false }),
    parameterPrecision,
    compute,
    autocast: take('autocast', 'precision.autocast', precision.autocast, { value: false }),
    masterWeights: take('masterWeights', 'precision.masterWeights', precision.masterWeights, {
      value: p.implementation === 'deepspeed' || p.implementation === 'megatron',
    }),
    gradients: take<Precision>('gradients', 'precision.gradients', precision.gradients, {
      value: p.implementation === 'megatron' ? 'fp32' : parameterPrecision,
    }),
    optimizer: take('optimizer', 'optimizer.name', optimizer?.name, { value: 'adamw' }),
    optimizerFused: take('optimizerFused', 'optimizer.fused', optimizer?.fused, { value: false, also: [true] }),
    optimizerInBackward: take('optimizerInBackward', 'optimizer.inBackward', optimizer?.inBackward, { value: false }),
    attention: take('attention', 'code.attention', code.attention, {
      value: spellsAttention(code, shape) ? 'eager' : 'sdpa',
    }),
    compiled: take('compiled', 'code.compiled', code.compiled, { value: false }),
    channelsLast: take('channelsLast', 'code.channelsLast', code.channelsLast, { value: false }),
    fusedLoss: take('fusedLoss', 'code.fusedLoss', code.fusedLoss, { value: false }),
    fusedLayers: take('fusedLayers', 'code.fusedLayers', code.fusedLayers, { value: false }),
    sequenceLength,
    meanLength: meanLength(),
    // Pictures of a batch are of one size.
    packed: denoises || take('packed', 'data.packed', data.packed, { value: false }),
    paddingFree: take('paddingFree', 'data.paddingFree', data.paddingFree, { value: false }),
    targetLength: targetOf(),
    groupedByLength: take('groupedByLength', 'data.groupedByLength', data.groupedByLength, { value: false }),
    ...pictureOf(spec, architecture, take),
    microBatch: take('microBatch', 'schedule.microBatch', schedule?.microBatch, {
      value: 1,
      also: serving ? [] : [8],
      ...text('micro batch taken as 1: nothing states it', !serving),
    }),
    accumulation: take('accumulation', 'schedule.accumulation', schedule?.accumulation, { value: 1 }),
    steps: maybe('steps', 'schedule.steps', schedule?.steps),
    examples: maybe('examples', 'data.examples', data.examples),
    tokens: maybe('tokens', 'data.tokens', data.tokens),
    epochs: maybe('epochs', 'schedule.epochs', schedule?.epochs),
    evaluationEvery: maybe('evaluationEvery', 'schedule.evaluationEvery', schedule?.evaluationEvery),
    evaluationBatches: maybe('evaluationBatches', 'schedule.evaluationBatches', schedule?.evaluationBatches),
    workers: maybe('workers', 'data.workers', data.workers),
    ...degrees,
    recompute: take('recompute', 'recompute.mode', recompute.mode, { value: 'none' }),
    recomputeOffloaded: take('recomputeOffloaded', 'recompute.offloaded', recompute.offloaded, { value: false }),
    saves: take('saves', 'checkpoint.enabled', checkpoint?.enabled, { value: checkpoint !== undefined }),
    saveEvery: maybe('saveEvery', 'checkpoint.everySteps', checkpoint?.everySteps),
    keep: maybe('keep', 'checkpoint.keep', checkpoint?.keep),
    savesOptimizer: take('savesOptimizer', 'checkpoint.savesOptimizer', checkpoint?.savesOptimizer, { value: true }),
    serving: spec.serving ? servingPlan(spec, maximum, accelerator) : undefined,
  };
}

/** Photographs are cut to a network's size; small images are left as they are by networks that take any. */
const largestArray = 128;

function nativeSize(
  architecture: Architecture | undefined,
  { ownImageSize }: WorkloadSpec['data'],
): Known<number> | undefined {
  const side = ownImageSize && likely(ownImageSize);
  const any = architecture !== undefined && !isTransformer(architecture);
  return any && side !== undefined && side <= largestArray ? ownImageSize : undefined;
}

/** Work on samples of their own lengths, which are packed only where files say so. */
const unpacked = new Set<Task>(['finetune', 'dpo', 'reward', 'grpo', 'ppo']);
/** Mean over stated length at the short end: instruction data run from a fifth of their cap to most of it. */
const shortestMean = 0.2;

/** Pixels and frames of what is trained on or classified. */
function pictureOf(
  spec: WorkloadSpec,
  architecture: Architecture | undefined,
  take: Take,
): Pick<Resolved, 'imageSize' | 'frames'> {
  const { data } = spec;
  const shape = architecture && isTransformer(architecture) ? architecture : undefined;
  const made = shape?.denoiser ?? (spec.task === 'diffusion' && !architecture ? usualDenoiser : undefined);
  if (!made) {
    const imageSize = data.imageSize ?? nativeSize(architecture, data);
    return {
      imageSize: take('imageSize', 'data.imageSize', imageSize, { value: imageSizeOf(architecture) }),
      frames: take('frames', 'data.frames', data.frames, { value: 1 }),
    };
  }
  const training = spec.task !== 'serving';
  const frames = made.frames > 1 ? (made.frames - 1) / 2 : 0;
  return {
    imageSize: take('imageSize', 'data.imageSize', data.imageSize, {
      value: Math.sqrt(made.width * made.height),
      also: training ? [Math.sqrt(made.width * made.height) / Math.SQRT2] : [],
      text: `pictures taken as ${made.width} x ${made.height} pixels: nothing states their size`,
    }),
    frames: take('frames', 'data.frames', data.frames, {
      value: made.frames,
      also: training && frames > 0 ? [1 + frames] : [],
      ...(frames > 0 ? { text: `clips taken as ${made.frames} frames: nothing states how many` } : {}),
    }),
  };
}

function imageSizeOf(architecture: Architecture | undefined): number {
  if (!architecture) return 224;
  return isTransformer(architecture) ? (architecture.image?.size ?? 224) : architecture.imageSize;
}

type Take = <T>(key: keyof Resolved, field: string, known: Known<T> | undefined, fallback: Fallback<T>) => T;

/** Degrees of parallelism and the devices they need; data parallelism takes what the other degrees leave. */
function parallelDegrees(spec: WorkloadSpec, take: Take) {
  const { parallelism: p, resources } = spec;
  const tensorParallel = take('tensorParallel', 'parallelism.tensorParallel', p.tensorParallel, { value: 1 });
  const pipelineParallel = take('pipelineParallel', 'parallelism.pipelineParallel', p.pipelineParallel, { value: 1 });
  const contextParallel = take('contextParallel', 'parallelism.contextParallel', p.contextParallel, { value: 1 });
  const model = Math.max(1, tensorParallel * pipelineParallel * contextParallel);
  const statedData = likely(p.dataParallel);
  const perNode = likely(resources.perNode);
  const nodes = likely(resources.nodes);
  const stated = perNode === undefined ? undefined : perNode * (nodes ?? 1);
  const dataParallel = Math.max(1, statedData ?? Math.floor((stated ?? model) / model));
  const devices = stated ?? dataParallel * model;
  const zeroStage = take<0 | 1 | 2 | 3>('zeroStage', 'parallelism.zeroStage', p.zeroStage, {
    value: defaultStage(p.implementation),
    ...(p.implementation === 'deepspeed' ? unstatedStage : {}),
  });
  return {
    dataParallel,
    tensorParallel,
    pipelineParallel,
    contextParallel,
    expertParallel: take('expertParallel', 'parallelism.expertParallel', p.expertParallel, { value: 1 }),
    sequenceParallel: take('sequenceParallel', 'parallelism.sequenceParallel', p.sequenceParallel, { value: false }),
    zeroStage,
    shardGroup: p.shardGroup ? likely(p.shardGroup) : undefined,
    offloadOptimizer: take<Offload>('offloadOptimizer', 'parallelism.offloadOptimizer', p.offloadOptimizer, {
      value: 'none',
    }),
    offloadParameters: take<Offload>('offloadParameters', 'parallelism.offloadParameters', p.offloadParameters, {
      value: 'none',
    }),
    pipelineChunks: take('pipelineChunks', 'parallelism.pipelineChunks', p.pipelineChunks, { value: 1 }),
    devices,
    perNode: perNode ?? Math.min(8, devices),
    nodes: nodes ?? Math.max(1, Math.ceil(devices / (perNode ?? 8))),
  };
}

function defaultStage(implementation: ParallelismSpec['implementation']): 0 | 1 | 2 | 3 {
  return implementation === 'fsdp' || implementation === 'fsdp2' ? 3 : implementation === 'megatron' ? 1 : 0;
}

/** A DeepSpeed config that nobody shows: accelerate's own stage, with the neighbours that configs have. */
const unstatedStage = { value: 2, also: [1, 3], text: 'ZeRO stage taken as 2: its config is not at hand' } as const;

/** Values that a field of the spec may have beside the likely one. */
function alternatives<T>(known: Known<T>): readonly T[] {
  switch (known.kind) {
    case 'range':
      return [known.low, known.high];
    case 'choice': {
      const best = likely(known);
      return known.options
        .filter((one) => one.value !== best && one.weight >= negligibleWeight)
        .map((one) => one.value);
    }
    default:
      return [];
  }
}
