import type { Accelerator } from '../catalog/accelerator.ts';
import type { ConvolutionalShape, TransformerShape } from '../workload/architecture.ts';
import type {
  CodeSpec,
  ParallelismSpec,
  PipelineSchedule,
  Precision,
  SpeculationSpec,
  Task,
} from '../workload/spec.ts';
import type { ParameterCounts } from './parameters.ts';
import type { RecomputedModule } from './recomputed-modules.ts';

/** Bytes of one element in a number format, without the scales of block formats. */
export const bytesPerElement: Readonly<Record<Precision, number>> = {
  fp32: 4,
  tf32: 4,
  fp16: 2,
  bf16: 2,
  fp8: 1,
  int8: 1,
  int4: 0.5,
  nf4: 0.5,
  fp4: 0.5,
  mxfp4: 0.5,
};

/** Low-rank adapters of one plan. */
export interface AdapterPlan {
  readonly rank: number;
  /** Trainable parameters of all adapters. */
  readonly parameters: number;
  /** Adapted linears, by the part of a block that they read. */
  readonly targets: AdapterTargets;
  readonly precision: Precision;
  readonly decomposed: boolean;
  /** Method by its name where it is not plain low-rank. */
  readonly method?: string;
  /** Parameters of embedding and head that are copied and trained whole. */
  readonly savedModules: number;
  /** Frozen parameters that a save holds beside what is trained, where they are stated; else they follow from the method. */
  readonly frozenParameters: number;
  /** Tokens laid before every sample, where stated. */
  readonly virtualTokens?: number;
  /** Share of the first ranks that is left at the end of a run (AdaLoRA); all where absent. */
  readonly keptShare?: number;
}

/** Which linears of a block carry an adapter. */
export interface AdapterTargets {
  readonly query: boolean;
  readonly key: boolean;
  readonly value: boolean;
  readonly output: boolean;
  readonly gate: boolean;
  readonly up: boolean;
  readonly down: boolean;
  /** The router of a mixture, which is one of "all linears". */
  readonly router?: boolean;
}

/** How the work is split over devices: resolved degrees. */
export interface ParallelPlan {
  readonly data: number;
  readonly tensor: number;
  readonly pipeline: number;
  readonly context: number;
  readonly expert: number;
  readonly sequence: boolean;
  readonly zeroStage: 0 | 1 | 2 | 3;
  /** Ranks that share one copy of the sharded states. */
  readonly shardGroup: number;
  readonly offloadOptimizer: 'none' | 'cpu' | 'nvme';
  readonly offloadParameters: 'none' | 'cpu' | 'nvme';
  readonly implementation: ParallelismSpec['implementation'];
  readonly pipelineChunks: number;
  /** One forward, one backward where absent. */
  readonly pipelineSchedule?: PipelineSchedule;
  readonly offloadGradients?: boolean;
  /** Gradients are reduced, and sharded, after every micro-batch, where a stack would leave that to the last one. */
  readonly syncsEachBatch?: boolean;
}

/** What a serving engine keeps beside weights and cache. */
export interface EngineReserve {
  /** Bytes of sampling for one sequence and vocabulary entry, with what other releases take. */
  readonly logits: { readonly low: number; readonly likely: number; readonly high: number };
  /** Bytes outside the allocator: context, and communicators in a group of ranks. */
  readonly outside: number;
  readonly outsideGroup: number;
  /** Bytes of captured graphs that count against the engine's share. */
  readonly graphs: number;
  /** Longest prompt that is profiled whole; 0 where prompts pass in chunks. */
  readonly wholePrompts: number;
}

/** Speculative decoding at one point. */
export interface SpeculationPlan {
  readonly kind: SpeculationSpec['kind'];
  readonly tokens: number;
  readonly parameters: number;
  readonly layers: number;
}

/** How a job of reinforcement learning makes its answers, at one point; lengths in tokens. */
export interface GenerationPlan {
  readonly engine: string;
  readonly tensor: number;
  /** Engines of their own devices; absent where the devices that train make the answers. */
  readonly engines?: number;
  readonly promptLength: number;
  readonly answerLength: number;
  readonly answersAtOnce?: number;
  readonly maximumSequences?: number;
}

/** One engine's settings of a serving job. */
export interface ServingPlan {
  readonly engine: string;
  readonly engineVersion?: string;
  readonly maximumLength: number;
  /** The same where files state them: what a native server lays its cache out for when it starts. */
  readonly statedLength?: number;
  readonly statedSequences?: number;
  /** Tokens that a loop lays its cache out for before the first one, and whether a square mask of as many comes with it. */
  readonly cacheLength?: number;
  readonly squareMask?: boolean;
  readonly maximumSequences: number;
  readonly maximumBatchedTokens: number;
  readonly memoryUtilization: number;
  readonly kvPrecision: Precision;
  readonly weightPrecision: Precision;
  /** Method that packed the weights: `awq`, `gptq`. */
  readonly weightMethod?: string;
  /** Bits of a weight in the mean over the model, where a format of its own tells them (GGUF, EXL2). */
  readonly weightBits?: number;
  readonly replicas: number;
  /** Rank of the adapter slots, times how many there are; 0 where the engine serves no adapters. */
  readonly adapterRanks: number;
  /** The same at the highest rank that is common, where none is stated. */
  readonly mostAdapterRanks: number;
  /** What the engine sets aside at its start, by its release. */
  readonly reserve: EngineReserve;
  /** Tokens drafted ahead of one check, and what drafts them: its parameters and layers, none where words seen before do. */
  readonly speculation?: SpeculationPlan;
  readonly prefixCaching?: boolean;
  readonly inputLength?: number;
  readonly outputLength?: number;
  readonly concurrency?: number;
}

/**
 * One point of a spec: every field a plain number or word, nothing unknown. What the formulas calculate with.
 * Lengths in tokens, sizes in elements unless the name says bytes. Fields that a plan has not are there as undefined: plans that
 * are all of one layout are read in half the time.
 */
export interface Plan {
  readonly task: Task;
  readonly stack: CodeSpec['stack'];
  /** Blocks of the transformer; absent for a vision network known by its operation counts. */
  readonly shape?: TransformerShape | undefined;
  readonly vision?: ConvolutionalShape | undefined;
  readonly counts: ParameterCounts;
  readonly parameters: number;
  /** Parameters that one token passes. */
  readonly active: number;
  /** Parameters that get gradients. */
  readonly trainable: number;
  /** Frozen weights beside the model (vision tower, text encoder). */
  readonly frozenParameters: number;
  readonly referenceModel: boolean;
  /** Tokens after the next one that are predicted too while training. */
  readonly laterTokens?: number | undefined;
  /** Frozen parameters of a model that scores answers. */
  readonly rewardParameters?: number | undefined;
  /** Parameters of a critic, trained as the model is. */
  readonly valueParameters?: number | undefined;
  /** A running average of the weights lies on the device. */
  readonly averaged?: boolean | undefined;
  /** Parameters that are trained where only some layers are. */
  readonly trainedPart?: number | undefined;
  /** How answers are made that the model is trained on. */
  readonly generation?: GenerationPlan | undefined;
  /** Generation engine on the same devices. */
  readonly rollout?: { readonly memoryUtilization: number; readonly sleeps: boolean } | undefined;
  readonly adapter?: AdapterPlan | undefined;
  readonly quantization?: Precision | undefined;
  /** Scales of the quantised weights are quantised too (QLoRA). */
  readonly doubleQuantization: boolean;
  readonly precision: {
    readonly parameters: Precision;
    readonly compute: Precision;
    readonly autocast: boolean;
    readonly masterWeights: boolean;
    readonly gradients: Precision;
  };
  readonly optimizer: { readonly name: string; readonly fused: boolean; readonly inBackward: boolean };
  readonly attention: 'eager' | 'sdpa' | 'flash';
  readonly compiled: boolean;
  /** Images lie with their channels innermost, as matrix units read them. */
  readonly channelsLast: boolean;
  readonly fusedLoss: boolean;
  readonly fusedLayers: boolean;
  /** A whole step is recorded and played again, with experts in one kernel. */
  readonly recordedSteps?: boolean | undefined;
  /** Logits are formed, and one kernel writes their gradient over them. */
  readonly lossInPlace?: boolean | undefined;
  /** The loss is taken over logits in the format they come in, by a loop of one's own. */
  readonly narrowLoss?: boolean | undefined;
  /** A quantised base is left as it was loaded: nothing of it is widened to fp32. */
  readonly keepsBase?: boolean | undefined;
  /** Tokens that one sample takes in a batch: the padded or packed length. */
  readonly sequenceLength: number;
  /** Tokens of a sample in the mean, before padding. */
  readonly meanLength: number;
  readonly packed: boolean;
  readonly paddingFree: boolean;
  readonly groupedByLength: boolean;
  /**
   * Tokens that an encoder-decoder writes over those it reads: 1 for one stack of layers. Its shape's decoder layers are as many as
   * would do the decoder's work at the length of what is read.
   */
  readonly written: number;
  /** Decoder layers as the model has them, where there are any: kernels are launched for each. */
  readonly decoderLayers?: number | undefined;
  /** Texts of one sample that each pass the model. */
  readonly textsPerSample?: number | undefined;
  readonly imageSize: number;
  /** Frames of a clip; 1 for pictures. */
  readonly frames?: number | undefined;
  readonly microBatch: number;
  readonly accumulation: number;
  readonly steps?: number | undefined;
  readonly examples?: number | undefined;
  readonly tokens?: number | undefined;
  readonly epochs?: number | undefined;
  readonly evaluationEvery?: number | undefined;
  readonly evaluationBatches?: number | undefined;
  readonly workers?: number | undefined;
  readonly parallel: ParallelPlan;
  readonly recompute: 'none' | 'selective' | 'full';
  readonly recomputeOffloaded: boolean;
  /** Modules of a layer that Megatron's selective recomputation drops. */
  readonly recomputed?: readonly RecomputedModule[] | undefined;
  readonly checkpoint: {
    readonly enabled: boolean;
    readonly everySteps?: number | undefined;
    readonly keep?: number | undefined;
    readonly savesOptimizer: boolean;
    /** The devices wait only until the states are copied to the host. */
    readonly asynchronous?: boolean | undefined;
    /** Every node writes its own part; false where one node writes all. */
    readonly sharded?: boolean | undefined;
    /** Weights that ZeRO 3 has split are gathered and written once more beside its own save. */
    readonly gathersWeights?: boolean | undefined;
    /** Bytes per second that one node writes, where that is known. */
    readonly writeRate?: number | undefined;
  };
  readonly serving?: ServingPlan | undefined;
  readonly accelerator?: Accelerator | undefined;
  readonly devices: number;
  readonly perNode: number;
  readonly nodes: number;
  /** Bytes per second of the network between nodes that one device has, where the instance type tells it. */
  readonly network?: number | undefined;
}

/** The plan with one uncertain field moved: what a range or a choice of the spec may also turn out to be. */
export interface Variant {
  /** Dotted field of the spec that moves: says in words what decides a range. */
  readonly field: string;
  /** What the field has there. */
  readonly value?: unknown;
  readonly plan: Plan;
}

/** The likely plan of a spec, and one variant for every end of a range and every weighty other choice. */
export interface Points {
  readonly likely: Plan;
  readonly variants: readonly Variant[];
}

/** Tokens in one micro-batch on one device, after context parallelism. */
export function tokensPerMicroBatch(plan: Plan): number {
  return (plan.microBatch * plan.sequenceLength) / plan.parallel.context;
}

/** Samples in one optimiser step over all devices. */
export function samplesPerStep(plan: Plan): number {
  return plan.microBatch * plan.accumulation * plan.parallel.data;
}
