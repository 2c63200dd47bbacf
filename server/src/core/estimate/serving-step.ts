import type { TransformerShape } from '../workload/architecture.ts';
import type { Precision } from '../workload/spec.ts';
import { busBandwidth, domainOf, gatherSeconds, groupOf, networkOf } from './communication.ts';
import { type DeviceRates, halfCeiling, matmulCeiling } from './compute-rates.ts';
import { capacityOf } from './device-memory.ts';
import type { Efficiency } from './efficiency.ts';
import { type EngineKind, type EngineTraits, engineTraits, minorRelease } from './engines.ts';
import { attendedKeys, attentionBlocks, attentionFlopsPerKey } from './flops.ts';
import { kvBytesPerToken, stateBytesPerSequence, windowShare } from './kv.ts';
import { isSingleFile, mixtureLayers } from './layer-kinds.ts';
import { multiprocessors, type PackedWeights, packedCallSeconds, packedRate } from './packed-weights.ts';
import { bytesPerElement, type Plan } from './plan.ts';
import { stateSeconds } from './state-work.ts';

/** What decoding asks of a plan: a serving job's, or a training job's that makes answers. */
export type DecodingPlan = Omit<Plan, 'serving'> & {
  readonly serving?:
    | Pick<
        NonNullable<Plan['serving']>,
        'engine' | 'engineVersion' | 'weightPrecision' | 'weightMethod' | 'weightBits' | 'kvPrecision'
      >
    | undefined;
};

/** Traits of the engine that a plan names. */
function traitsOf({ serving }: DecodingPlan): EngineTraits {
  return engineTraits(serving?.engine ?? '', serving?.engineVersion);
}

/** Kind of the engine that a plan names; compiled code counts as recorded. */
export function engineKind(plan: DecodingPlan): EngineKind {
  return plan.compiled ? 'graph' : traitsOf(plan).kind;
}

/** Bytes that reading one four-bit weight costs in bitsandbytes' fused vector product: half of the bandwidth is reached. */
const packedReadBytes = 1.2;

/** Bytes of one weight element of a plan as it lies in memory, scales included. */
function elementBytes(plan: DecodingPlan): number {
  const { serving } = plan;
  if (serving?.weightBits !== undefined) return serving.weightBits / 8;
  return storedBytes(serving?.weightPrecision ?? plan.precision.compute);
}

/** Bytes of one weight element in a format as it lies in memory, scales included. */
function storedBytes(precision: Precision): number {
  switch (precision) {
    case 'nf4':
    case 'fp4':
      return 0.5625;
    case 'int4':
      return 0.52;
    case 'mxfp4':
      return 0.531;
    default:
      return bytesPerElement[precision];
  }
}

/** Precision that a serving plan's matmuls run in: weight-only formats are multiplied in 16 bits. */
function servedCompute(plan: DecodingPlan): Precision {
  const weights = plan.serving?.weightPrecision ?? plan.precision.compute;
  return weights === 'fp8' || ((weights === 'fp4' || weights === 'mxfp4') && engineKind(plan) === 'graph')
    ? weights
    : plan.precision.compute === 'fp32'
      ? 'fp32'
      : 'bf16';
}

/** Share of a mixture's experts that a batch of tokens touches when each takes `k` of `n` at random. */
export function touchedExperts(batch: number, taken: number, count: number): number {
  return 1 - (1 - taken / Math.max(1, count)) ** batch;
}

/** Matrices of a model that every token meets, and the experts' matrices. */
function matrices(plan: DecodingPlan): { readonly dense: number; readonly experts: number; readonly head: number } {
  const { counts } = plan;
  const head = plan.shape ? plan.shape.hidden * plan.shape.vocabulary : 0;
  return { dense: counts.attention + counts.feedForward + counts.routers, experts: counts.experts, head };
}

/** FLOPs of one token through all matrices, head left out; those of experts as many as dense ones would take in their time. */
function matrixFlops(plan: DecodingPlan, k: Efficiency): number {
  const { dense, experts } = matrices(plan);
  const f = plan.shape?.feedForward.experts;
  return 2 * (dense + (f ? (experts * f.perToken) / Math.max(1, f.count) / k.expertShare : 0));
}

/**
 * Bytes per second that one multiprocessor of Hopper streams in products of few rows: between the 24 GB/s of H200's 132 (vLLM's
 * nightly runs) and H20's 78 in Qwen3's table (17 in SGLang, 22 in transformers).
 */
const streamRate = 20e9;
/** Rows from which a multiprocessor's tiles hold enough loads in flight to stream at the memory's rate. */
const fewRows = 8;

/** Bytes per second at which a decoding step of \`batch\` rows reads weights and cache. */
function readingRate(rates: DeviceRates, batch: number, k: Efficiency): number {
  const share = rates.bandwidth * k.decodeShare;
  if (rates.generation !== 'hopper' || batch > fewRows) return share;
  return Math.min(share, multiprocessors(rates) * streamRate);
}

/** Copies from pageable host memory over PCIe, bytes per second: weights that the devices do not hold pass once a step. */
const pageableCopy = 6e9;

/** Seconds of a step for weights that a `device_map` laid on the host, the devices being full. */
function offloadedSeconds(plan: DecodingPlan): number {
  const capacity = plan.accelerator ? capacityOf(plan.accelerator) : 0;
  if (capacity <= 0 || plan.serving?.engine !== 'transformers') return 0;
  const stored = plan.parameters * elementBytes(plan);
  return Math.max(0, stored - deviceShare * capacity * plan.devices) / pageableCopy;
}

/** Share of a device that accelerate fills with weights before it goes on to the next. */
export const deviceShare = 0.9;

/** Ranks that work on one token at the same time; layers split over devices without pipelining work one after another. */
const ranksOf = (plan: DecodingPlan) => plan.parallel.tensor;

/** Seconds of all-reduces after attention and feed-forward, two a layer, of `tokens` rows; one where a layer is either. */
function reduceAll(
  plan: DecodingPlan,
  shape: TransformerShape,
  tokens: number,
  rates: DeviceRates,
  k: Efficiency,
): number {
  const ranks = ranksOf(plan);
  if (ranks <= 1) return 0;
  const group = groupOf(ranks, 1, domainOf(plan, rates));
  const bandwidth = busBandwidth(group, rates, networkOf(plan, rates), k);
  return (
    (isSingleFile(shape) ? 1 : 2) *
    shape.layers *
    (2 * gatherSeconds(tokens * shape.hidden * 2, group, bandwidth) + reduceLatency)
  );
}

/** Host seconds that vLLM spends on one running sequence in a step: scheduling, inputs, sampling, detokenising (vLLM 0.6 blog). */
const vllmPerSequence = 4e-5;

/** Launch and synchronisation of one small all-reduce in a serving engine's own kernel. */
const reduceLatency = 6e-6;

/**
 * Seconds of one decoding step of `batch` sequences at a context length: weights and cache read, products formed,
 * at least the engine's floor per layer. `rows`: tokens of a sequence that the step passes, more than one where it checks a draft.
 */
export function decodeStepSeconds(
  plan: DecodingPlan,
  shape: TransformerShape,
  batch: number,
  context: number,
  rates: DeviceRates,
  k: Efficiency,
  rows = 1,
): number {
  const serving = plan.serving;
  const ranks = ranksOf(plan);
  const weights = serving?.weightPrecision ?? plan.precision.compute;
  const { dense, experts, head } = matrices(plan);
  const f = shape.feedForward.experts;
  const touched = f ? experts * touchedExperts(batch * rows, f.perToken, f.count) : 0;
  const kind = engineKind(plan);
  const bandwidth = readingRate(rates, batch * rows, k);
  const wide = plan.precision.compute === 'fp32' ? 4 : (serving?.weightBits ?? 16) / 8;
  const unpacked = kind === 'eager' && (weights === 'nf4' || weights === 'fp4');
  const element = unpacked ? packedReadBytes : elementBytes(plan);
  const packed = packedWeights(plan, weights, kind);
  const narrow = unpacked ? bandwidth : packedRate(packed, rates, bandwidth, element);
  const read = (((dense + touched) * element) / narrow + (head * wide) / bandwidth) / ranks;
  const flops = (batch * rows * (matrixFlops(plan, k) + 2 * head)) / ranks;
  const multiply = flops / matmulCeiling(rates, servedCompute(plan), k);
  const cached = kvBytesPerToken(shape, serving?.kvPrecision ?? 'bf16', ranks) * windowShare(shape, context);
  // States are read, brought on by a token and written back.
  const states = (2 * batch * stateBytesPerSequence(shape, ranks)) / bandwidth;
  const cache =
    kind === 'eager'
      ? grownCacheSeconds(shape, batch, batch * context * cached, bandwidth, k)
      : (batch * context * cached) / bandwidth;
  const scores =
    (batch * rows * attentionFlopsPerKey(shape) * context * attentionBlocks(shape)) /
    ranks /
    (0.3 * halfCeiling(rates, k));
  const device =
    Math.hypot(read, multiply) + Math.max(cache, scores) + states + reduceAll(plan, shape, batch * rows, rates, k);
  const call = packedCallSeconds(packed);
  // The loop calls every expert's three linears, with or without a token.
  const expert = idleExpertKernels * k.launch + (weights === 'fp8' ? 3 * call : 0);
  const expertLoop = f && kind === 'eager' ? mixtureLayers(shape) * f.count * expert : 0;
  const unrecorded = shape.layers * unrecordedLayer(plan, shape, context);
  const floor =
    kind === 'eager'
      ? (shape.layers * (k.decodeLayerEager + (f ? 4 : 7) * call) + expertLoop) * rates.host
      : unrecorded > 0
        ? unrecorded * rates.host
        : (shape.layers + (f ? routedShare * mixtureLayers(shape) : 0)) * k.decodeLayerGraph;
  const scheduling = traitsOf(plan).hostStep + batch * (/vllm/i.test(serving?.engine ?? '') ? vllmPerSequence : 0);
  // A recorded graph's gaps add to its kernels; an eager host runs beside them.
  if (kind === 'graph') return device + floor + scheduling;
  return Math.sqrt(Math.sqrt(device ** 4 + floor ** 4)) + offloadedSeconds(plan);
}

/** The packed weights of a plan as their kernels see them. */
function packedWeights(plan: DecodingPlan, format: Precision, kind: EngineKind): PackedWeights {
  const { engine = '', engineVersion, weightMethod } = plan.serving ?? {};
  return {
    engine,
    format,
    recorded: kind === 'graph',
    ...(engineVersion === undefined ? {} : { engineVersion }),
    ...(weightMethod === undefined ? {} : { weightMethod }),
  };
}

/** Tokens of context that the first releases of vLLM record graphs for (`max_context_len_to_capture`). */
const recordedContext = 8192;
/** Minor release of vLLM from which longer contexts ran no slower (Qwen2.5's table, 0.6.3; Qwen2's, 0.4.2, had 9 ms for 24 layers of half a billion parameters). */
const longContextSince = 6;
/** Host seconds of a layer whose kernels an engine launches one by one: in vLLM, and in SGLang's mixtures of GPTQ's experts (Qwen3's table: 32 ms for 48 layers, 68 for 94). */
const unrecordedLayers = { vllm: 3e-4, sglangExperts: 6.5e-4 } as const;

/** Host seconds of a layer where an engine that records its steps cannot record this one; 0 where it does. */
function unrecordedLayer({ serving }: DecodingPlan, shape: TransformerShape, context: number): number {
  if (!serving) return 0;
  const minor = minorRelease(serving.engineVersion);
  if (/vllm/i.test(serving.engine))
    return minor !== undefined && minor < longContextSince && context > recordedContext ? unrecordedLayers.vllm : 0;
  const experts = shape.feedForward.experts !== undefined && serving.weightMethod === 'gptq';
  return experts && serving.engine === 'sglang' ? unrecordedLayers.sglangExperts : 0;
}

/** Kernels of a routed feed-forward (router, top-k, sorting, two grouped products, weighing) over those of a whole dense layer. */
const routedShare = 0.6;

/** Times that a cache's bytes pass to grow it: read, written and read again. */
const growthPasses = 3;

/**
 * Passes in whose time one sequence's repeated keys and values are read, being written in one before: together 4.8 to 5.2 on A100
 * from 3B to 32B (Qwen2.5's table), as many on H20. Sequences side by side hide each other's waits.
 */
const repeatPasses = 3.9;

/**
 * Seconds of a cache of `bytes` in a step of \`generate\` without static memory: it is copied to grow, keys and values are
 * repeated for every query head, and attention of one query works on one block a head, which alone streams slowly.
 */
function grownCacheSeconds(shape: TransformerShape, batch: number, bytes: number, bandwidth: number, k: Efficiency) {
  const { heads, kvHeads } = shape.attention;
  const repeated = bytes * (shape.attention.kind === 'mla' ? 1 : heads / Math.max(1, kvHeads));
  const grown = (growthPasses * bytes) / bandwidth;
  if (repeated > bytes) return grown + (repeated / bandwidth) * (1 + repeatPasses / Math.min(batch, repeatPasses));
  return grown + bytes / Math.min(bandwidth, batch * heads * k.headRate);
}

/** Kernels of a looping implementation for an expert that gets no token of a decoding step. */
const idleExpertKernels = 4;

/** Seconds of the prompt's pass: `tokens` rows in prompts of one length. */
export function prefillSeconds(
  plan: DecodingPlan,
  shape: TransformerShape,
  tokens: number,
  length: number,
  rates: DeviceRates,
  k: Efficiency,
): number {
  const ranks = ranksOf(plan);
  const { dense, experts } = matrices(plan);
  const multiply = (tokens * matrixFlops(plan, k)) / ranks / matmulCeiling(rates, servedCompute(plan), k);
  const read = ((dense + experts) * elementBytes(plan)) / ranks / (rates.bandwidth * k.decodeShare);
  const share = rates.generation === 'hopper' || rates.generation === 'blackwell' ? k.attentionTuned : k.attentionFlash;
  const keys = attendedKeys(shape, length, true);
  const scores = (tokens * attentionFlopsPerKey(shape) * keys * attentionBlocks(shape)) / ranks / (rates.half * share);
  const elementwise = (tokens * shape.hidden * shape.layers * 44) / ranks / (rates.bandwidth * k.memoryShare);
  const scans = stateSeconds(plan, shape, tokens, rates, k).forward;
  return Math.hypot(multiply, read) + scores + scans + elementwise + reduceAll(plan, shape, tokens, rates, k);
}
