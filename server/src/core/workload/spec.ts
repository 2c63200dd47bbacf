import type { Architecture } from './architecture.ts';
import type { Known } from './known.ts';

/** Number formats of weights, compute and caches. */
export type Precision = 'fp32' | 'tf32' | 'fp16' | 'bf16' | 'fp8' | 'int8' | 'int4' | 'nf4' | 'fp4' | 'mxfp4';

export type Task = 'pretrain' | 'finetune' | 'dpo' | 'reward' | 'ppo' | 'grpo' | 'vision' | 'diffusion' | 'serving';

/** What the job runs on code-wise: moves activation memory up to threefold for one architecture. */
export interface CodeSpec {
  readonly stack:
    | 'hf-trainer'
    | 'trl'
    | 'accelerate'
    | 'pytorch'
    | 'lightning'
    | 'torchtitan'
    | 'torchtune'
    | 'litgpt'
    | 'megatron'
    | 'deepspeed'
    | 'axolotl'
    | 'llamafactory'
    | 'llm-foundry'
    | 'maxtext'
    | 'nanogpt'
    | 'timm'
    | 'diffusers'
    | 'keras'
    | 'jax'
    | 'unsloth'
    | 'vllm'
    | 'sglang'
    | 'tgi'
    | 'tensorrt-llm'
    | 'transformers'
    | 'other';
  readonly attention: Known<'eager' | 'sdpa' | 'flash'>;
  readonly compiled: Known<boolean>;
  /** Images are laid out with their channels innermost (`torch.channels_last`, NHWC). */
  readonly channelsLast?: Known<boolean>;
  readonly fusedLoss: Known<boolean>;
  /** Fused norm and gated-MLP kernels (Liger and kin), which save fewer tensors. */
  readonly fusedLayers?: Known<boolean>;
  /** A whole step is recorded once and played again (CUDA graphs of an iteration), its experts' products, activations and casts in one kernel. */
  readonly recordedSteps?: Known<boolean>;
  /** Logits are formed, and one kernel writes their gradient over them (Liger's plain cross-entropy, Unsloth's before it formed none). */
  readonly lossInPlace?: Known<boolean>;
  /** A loop of one's own takes cross-entropy over logits as they come, where model code and trainers widen them to fp32. */
  readonly narrowLoss?: Known<boolean>;
  /** A quantised base is trained as it was loaded, without peft's preparation, which widens what is not quantised. */
  readonly keepsBase?: Known<boolean>;
}

export interface ModelSpec {
  /** Identifier as written, for people. */
  readonly name: Known<string>;
  readonly architecture: Known<Architecture>;
  /** The width of the feed-forward parts, or of the experts, is a guess: the dimensions leave it open, and a stated size tells better. */
  readonly guessedWidth?: boolean;
  /** Parameters; a range where only the name tells the size. */
  readonly parameters: Known<number>;
  /** Parameters that one token passes, for mixtures of experts. */
  readonly activeParameters?: Known<number>;
  /** Frozen base weights' format where quantised (QLoRA, AWQ, GPTQ, bitsandbytes). */
  readonly quantization?: Known<Precision>;
  /** Scales of the quantised weights are quantised too. */
  readonly doubleQuantization?: Known<boolean>;
  /** Frozen weights beside the language model on every device: vision tower, text encoder, VAE. */
  readonly frozenParameters?: Known<number>;
  /** A second, frozen copy of the whole model is kept on the device (DPO, PPO). */
  readonly referenceModel?: Known<boolean>;
  /** Parameters of a frozen model that scores answers beside it (PPO, GRPO). */
  readonly rewardParameters?: Known<number>;
  /** Parameters of a critic that is trained with it (PPO). */
  readonly valueParameters?: Known<number>;
  /** Tokens after the next one that are predicted too while training (Megatron's `mtp_num_layers`): a layer and a pass of the head for each. */
  readonly laterTokens?: Known<number>;
  /** A running average of the weights is kept on the device. */
  readonly averaged?: Known<boolean>;
  /** Only some layers are trained, in full: a fixed few (freeze tuning) or others every some steps (LISA). */
  readonly trainedLayers?: {
    readonly count: Known<number>;
    /** Embedding and output projection are trained too. */
    readonly ends: Known<boolean>;
  };
}

export interface AdapterSpec {
  readonly rank: Known<number>;
  /** Names of adapted linears, or "all-linear". */
  readonly targets: Known<readonly string[]>;
  /** Method where it is not plain low-rank: "boft", "lokr", "vera". */
  readonly method?: Known<string>;
  /** Weight-decomposed (DoRA). */
  readonly decomposed?: Known<boolean>;
  /** Trainable parameters where the run states them; else counted from rank and targets. */
  readonly parameters?: Known<number>;
  /** Format of the adapter's weights; fp32 where the framework upcasts them (peft). */
  readonly precision?: Known<Precision>;
  /** Embedding and output projection are copied and trained whole beside the adapters (`modules_to_save`). */
  readonly trainsEmbeddings?: Known<boolean>;
  /** Frozen parameters that a save holds beside the trained ones, where a run states them. */
  readonly frozenParameters?: Known<number>;
  /** Tokens that a method lays before every sample (prompt tuning, p-tuning) or every layer's keys (prefix tuning). */
  readonly virtualTokens?: Known<number>;
  /** Rank that is left where a method prunes ranks (AdaLoRA's target). */
  readonly keptRank?: Known<number>;
}

export interface PrecisionSpec {
  /** Format in which trainable weights are kept. */
  readonly parameters: Known<Precision>;
  /** Format of matmuls. */
  readonly compute: Known<Precision>;
  /** Autocast over wider weights, rather than weights in the compute format. */
  readonly autocast: Known<boolean>;
  /** A separate fp32 master copy (DeepSpeed, Megatron, Apex). */
  readonly masterWeights: Known<boolean>;
  readonly gradients: Known<Precision>;
}

export interface OptimizerSpec {
  /** Normalised name of the fact vocabulary (`adamw`, `paged_adamw_8bit`, ...). */
  readonly name: Known<string>;
  /** One kernel over all tensors, so no temporaries. */
  readonly fused: Known<boolean>;
  /** The step is taken inside the backward pass, so that gradients never live together. */
  readonly inBackward?: Known<boolean>;
}

/** A bucket and what is known of it. */
export interface BucketSpec {
  readonly address: Known<string>;
  readonly region?: Known<string>;
  /** Bytes that one pass over the data reads. */
  readonly bytes?: Known<number>;
  /** It is read at every epoch; once, at the start, where false. */
  readonly rereads?: Known<boolean>;
}

export interface DataSpec {
  readonly dataset?: Known<string>;
  /** Tokens a sample has at most. */
  readonly sequenceLength: Known<number>;
  /** Tokens that an encoder-decoder writes at most, where its files say so. */
  readonly targetLength?: Known<number>;
  /** Texts of one sample that each pass the model: a pair or triplet of an embedding model. */
  readonly textsPerSample?: Known<number>;
  /** Tokens a sample has in the mean before padding or packing. */
  readonly meanLength?: Known<number>;
  readonly packed: Known<boolean>;
  /** Samples of a batch are laid end to end without padding (variable-length attention). */
  readonly paddingFree?: Known<boolean>;
  /** Batches are made of samples of like length. */
  readonly groupedByLength?: Known<boolean>;
  readonly examples?: Known<number>;
  readonly tokens?: Known<number>;
  /** Pixels a side of an image; of one that is no square, the root of its area. */
  readonly imageSize?: Known<number>;
  /** Frames of a clip. */
  readonly frames?: Known<number>;
  /** Pixels a side that the dataset's images have themselves, for networks that take any size. */
  readonly ownImageSize?: Known<number>;
  /** The bucket that the data is read from. */
  readonly bucket?: BucketSpec;
  readonly workers?: Known<number>;
}

export interface ScheduleSpec {
  /** Samples per device and forward pass. */
  readonly microBatch: Known<number>;
  readonly accumulation: Known<number>;
  readonly epochs?: Known<number>;
  /** Optimiser steps of the whole run where stated, else derived from data and batch. */
  readonly steps: Known<number>;
  readonly evaluationEvery?: Known<number>;
  /** Micro-batches that one evaluation passes, where the size of its data is known. */
  readonly evaluationBatches?: Known<number>;
}

/** Pipeline schedules by how many micro-batches they keep. */
export type PipelineSchedule = '1f1b' | 'gpipe' | 'interleaved' | 'zero-bubble';

/** A generation engine that shares the devices of a reinforcement-learning job. */
export interface RolloutSpec {
  /** Share of device memory that the engine takes. */
  readonly memoryUtilization: Known<number>;
  /** The engine gives its memory back while the model is trained. */
  readonly sleeps: Known<boolean>;
}

/** How a job of reinforcement learning makes the answers that it trains on. */
export interface GenerationSpec {
  /** vllm, sglang, or transformers where the training program makes them itself. */
  readonly engine: Known<string>;
  /** Devices of one engine. */
  readonly tensorParallel: Known<number>;
  /** Engines that stand apart from the devices that train; without it those devices make the answers. */
  readonly engines?: Known<number>;
  /** Tokens of a prompt, and of an answer, at most. */
  readonly promptLength: Known<number>;
  readonly answerLength: Known<number>;
  /** Answers made together before the model is trained on them; those of one optimiser step where absent. */
  readonly answersAtOnce?: Known<number>;
  /** Sequences that an engine runs at once at most. */
  readonly maximumSequences?: Known<number>;
}

export interface ParallelismSpec {
  readonly dataParallel: Known<number>;
  readonly tensorParallel: Known<number>;
  readonly pipelineParallel: Known<number>;
  readonly contextParallel: Known<number>;
  readonly expertParallel: Known<number>;
  readonly sequenceParallel: Known<boolean>;
  /** What data-parallel ranks share out: 0 nothing (DDP), 1 optimiser, 2 + gradients, 3 + weights (FSDP full shard). */
  readonly zeroStage: Known<0 | 1 | 2 | 3>;
  /** Ranks in one shard group, for hybrid sharding; all data-parallel ranks where absent. */
  readonly shardGroup?: Known<number>;
  readonly offloadOptimizer: Known<'none' | 'cpu' | 'nvme'>;
  readonly offloadParameters: Known<'none' | 'cpu' | 'nvme'>;
  readonly implementation: 'none' | 'ddp' | 'fsdp' | 'fsdp2' | 'deepspeed' | 'megatron';
  /** Virtual pipeline chunks per rank. */
  readonly pipelineChunks?: Known<number>;
  /** Order in which a stage works its micro-batches; one forward, one backward where absent. */
  readonly pipelineSchedule?: Known<PipelineSchedule>;
  /** Gradients go to the host as they come, with the optimiser's states. */
  readonly offloadGradients?: Known<boolean>;
  /** Gradients are reduced after every micro-batch (`sync_each_batch`), where a stack would leave that to the last one. */
  readonly syncsEachBatch?: Known<boolean>;
}

export interface RecomputeSpec {
  readonly mode: Known<'none' | 'selective' | 'full'>;
  readonly offloaded?: Known<boolean>;
  /** Modules of a layer that selective recomputation drops, as Megatron names them; the core of attention where absent. */
  readonly modules?: Known<readonly string[]>;
}

export interface CheckpointSpec {
  readonly enabled: Known<boolean>;
  /** Optimiser steps between saves. */
  readonly everySteps?: Known<number>;
  /** Saves kept; absent where all are kept. */
  readonly keep?: Known<number>;
  readonly savesOptimizer: Known<boolean>;
  /** Saves are written behind the work: the devices wait only for the copy to the host. */
  readonly asynchronous?: Known<boolean>;
  /** Weights that ZeRO 3 has split are gathered for a save. */
  readonly gathersWeights?: Known<boolean>;
  /** Each rank or node writes its own part; gathered on one first where false. */
  readonly sharded?: Known<boolean>;
  /** An interrupted run goes on from its last save by itself. */
  readonly resumes?: Known<boolean>;
  /** Where the saves go: a path, or the address of a bucket. */
  readonly directory?: Known<string>;
}

/** What the files say of a job whose capacity may be taken back; a field is absent where they say nothing. */
export interface PreemptionSpec {
  readonly platform: 'slurm' | 'skypilot' | 'sagemaker' | 'kubernetes' | 'other';
  /** It is started anew by what runs it. */
  readonly requeued?: Known<boolean>;
  /** It saves when it is told that it ends. */
  readonly savesOnNotice?: Known<boolean>;
  readonly noticeSeconds?: Known<number>;
  readonly resumes?: Known<boolean>;
  /** The one save that it starts from, where that is not the latest. */
  readonly fixedSave?: Known<string>;
  readonly appendsLogs?: Known<boolean>;
  readonly restoresData?: Known<boolean>;
  /** Where the saves go, and where storage is mounted that outlives the machine. */
  readonly directory?: Known<string>;
  readonly mounts?: readonly string[];
}

export interface ServingSpec {
  readonly engine: Known<string>;
  /** Release of the engine: "0.9.2". */
  readonly engineVersion?: Known<string>;
  /** Context length of the engine. */
  readonly maximumLength: Known<number>;
  /** Tokens that a loop lays its cache out for before the first one (static caches; gpt-fast). */
  readonly cacheLength?: Known<number>;
  /** The mask over a cache laid out is square, a byte for every pair of its tokens (gpt-fast and its heirs). */
  readonly squareMask?: Known<boolean>;
  readonly maximumSequences: Known<number>;
  readonly maximumBatchedTokens?: Known<number>;
  /** Share of device memory that the engine takes. */
  readonly memoryUtilization: Known<number>;
  readonly kvPrecision: Known<Precision>;
  readonly weightPrecision: Known<Precision>;
  /** Method that packed the weights, where one names the kernels that read them: `awq`, `gptq`. */
  readonly weightMethod?: Known<string>;
  /** Bits of a weight in the mean over the model, where the weights are of a format of mixed widths (GGUF, EXL2). */
  readonly weightBits?: Known<number>;
  readonly replicas: Known<number>;
  /** What drafts tokens ahead, for the model to check several at once. */
  readonly speculation?: SpeculationSpec;
  /** Blocks of shared beginnings are kept and used again. */
  readonly prefixCaching?: Known<boolean>;
  /** Highest rank of adapters that the engine keeps slots for; absent where it serves none. */
  readonly adapterRank?: Known<number>;
  /** Adapters held at once. */
  readonly adapterSlots?: Known<number>;
  readonly inputLength?: Known<number>;
  readonly outputLength?: Known<number>;
  readonly concurrency?: Known<number>;
}

/** Speculative decoding: a small model, a layer on the model's own states (EAGLE, MTP) or words seen before draft ahead of it. */
export interface SpeculationSpec {
  readonly kind: 'model' | 'layer' | 'words';
  /** Tokens drafted ahead of one check. */
  readonly tokens: Known<number>;
  /** Parameters of a draft model. */
  readonly parameters?: Known<number>;
}

export interface ResourceSpec {
  /** Name in the accelerator table. */
  readonly accelerator: Known<string>;
  readonly perNode: Known<number>;
  readonly nodes: Known<number>;
  readonly instanceType?: Known<string>;
  /** Partition, queue or compute target that the job names. */
  readonly pool?: Known<string>;
  readonly cloud?: Known<string>;
  readonly region?: Known<string>;
  /** How many zones the nodes may stand in. */
  readonly zones?: Known<number>;
  readonly priceKind: Known<'on-demand' | 'spot' | 'reserved'>;
  readonly timeLimitHours?: Known<number>;
  /** Own rate in dollars per accelerator-hour, where the files state one. */
  readonly hourlyRate?: Known<number>;
  /** Disk of each machine in GiB, where the files ask for one. */
  readonly diskGiB?: Known<number>;
  /** Parallel file system that the files make for the job, in GiB. */
  readonly fileSystemGiB?: Known<number>;
  /** Machine type of a node that directs the others and computes nothing. */
  readonly headInstanceType?: Known<string>;
}

/**
 * A whole job, every field traced. What readers, linker and defaults work out, and all that the estimator sees:
 * no text, no dialect. Written as JSON it is the input of `flopwise estimate --spec`.
 */
export interface WorkloadSpec {
  readonly task: Task;
  readonly code: CodeSpec;
  readonly model: ModelSpec;
  readonly adapter?: AdapterSpec;
  readonly precision: PrecisionSpec;
  readonly optimizer?: OptimizerSpec;
  readonly data: DataSpec;
  readonly schedule?: ScheduleSpec;
  readonly parallelism: ParallelismSpec;
  readonly recompute: RecomputeSpec;
  readonly checkpoint?: CheckpointSpec;
  readonly preemption?: PreemptionSpec;
  readonly serving?: ServingSpec;
  readonly rollout?: RolloutSpec;
  readonly generation?: GenerationSpec;
  readonly resources: ResourceSpec;
}
