import type { Accelerator } from '../catalog/accelerator.ts';
import { exactly, type Interval, interval, widen } from '../units/interval.ts';
import { type Bytes, bytes, bytesPerGiB } from '../units/quantity.ts';
import type { TransformerShape } from '../workload/architecture.ts';
import { adapterParameters, targetNames } from './adapter.ts';
import { capacityOf } from './device-memory.ts';
import { engineTraits } from './engines.ts';
import type { ServingEstimate } from './estimate.ts';
import { kvBytesPerToken, windowShare } from './kv.ts';
import type { Moment } from './phases.ts';
import { bytesPerElement, type Plan, type Points, type ServingPlan } from './plan.ts';
import { deviceShare } from './serving-step.ts';
import { spread } from './spread.ts';
import { dequantizedBytes } from './transient.ts';
import { localParameters, localTotal, quantizedWidth } from './weights.ts';

/** Tokens of one prefill that engines profile at most (chunked prefill). */
const profiledTokens = 8192;
/** Tokens that every profile has at least, and the first engine's chunks have. */
const shortestProfile = 2048;
/** Bytes of sampling a sequence and vocabulary entry that the first engine profiles with chunks (0.19 GiB for 256 over 152,064; 0.22 over 128,256). */
const chunkedLogits = 6;
/** True where the engine takes a share of the device whatever the load. */
export function fillsDevice(plan: Plan): boolean {
  return plan.serving !== undefined && engineTraits(plan.serving.engine).pool;
}

/**
 * Slots for adapters of all linears, embedding and head in 16 bits, which engines make when they load the model. Of each pair of
 * matrices one is split over tensor-parallel ranks and one is whole on all of them.
 */
function adapterSlotBytes(plan: Plan, ranks = plan.serving?.adapterRanks ?? 0): number {
  const { shape, parallel } = plan;
  if (!shape || ranks <= 0 || shape.feedForward.experts) return 0;
  const linears = adapterParameters(shape, targetNames(['all-linear']), ranks, false);
  const ends = 2 * ranks * (shape.vocabulary + shape.hidden);
  return (linears + ends) * (1 + 1 / parallel.tensor);
}

/** Bytes that slots of the highest common rank would take over the likely ones. */
function furtherSlotBytes(plan: Plan): number {
  return adapterSlotBytes(plan, plan.serving?.mostAdapterRanks) - adapterSlotBytes(plan);
}

/** Weight bytes of one rank of an engine, slots for adapters included. */
export function servingWeights(plan: Plan): number {
  return modelBytes(plan) + adapterSlotBytes(plan) + draftBytes(plan);
}

/** A draft's weights in 16 bits, split as the model is. */
function draftBytes({ serving, parallel }: Plan): number {
  return (2 * (serving?.speculation?.parameters ?? 0)) / parallel.tensor;
}

/** Releases of transformers before which a tied output projection was loaded by itself: of AutoAWQ's checkpoints, of any. */
const tiedSince = { awq: 4.5, any: 4.45 } as const;

/**
 * Bytes of an output projection that old releases of transformers loaded before they tied it to its embedding, a peak where little
 * follows (prompts of one token in Qwen2's speed table, 4.38: every format of 0.5B and 1.5B; Qwen2.5's, 4.46: AWQ alone; Qwen3's,
 * 4.51: none).
 */
function tiedCopyBytes({ counts, serving }: Plan): number {
  const release = Number(/^\d+\.\d+/.exec(serving?.engineVersion ?? '')?.[0] ?? Number.POSITIVE_INFINITY);
  const since = serving?.weightMethod === 'awq' ? tiedSince.awq : tiedSince.any;
  return serving?.engine === 'transformers' && counts.head === 0 && release < since ? 2 * counts.embedding : 0;
}

function modelBytes(plan: Plan): number {
  const local = localParameters(plan);
  const precision = plan.quantization ?? plan.serving?.weightPrecision ?? 'bf16';
  const own = Math.max(bytesPerElement[plan.precision.compute], 2);
  const beside = (Math.min(2, own) * plan.frozenParameters) / plan.parallel.tensor;
  if (plan.serving?.weightBits !== undefined) return (localTotal(local) * plan.serving.weightBits) / 8 + beside;
  if (bytesPerElement[precision] >= 2) return localTotal(local) * bytesPerElement[precision] + beside;
  const head = plan.stack === 'litgpt' ? (plan.counts.head || plan.counts.embedding) / plan.parallel.tensor : 0;
  const narrow = quantizedWidth(precision, plan.doubleQuantization);
  return narrow * (local.matrices + local.experts + head) + own * (local.embeddings - head + local.vectors) + beside;
}

/** Peak of activations that an engine profiles at its start and sets aside: one prefill batch and one sampled batch. */
export function profiledActivations(plan: Plan, perLogit = plan.serving?.reserve.logits.likely ?? 0): number {
  const { shape, serving, parallel } = plan;
  if (!shape || !serving) return 0;
  const tokens = tokensOfProfile(serving);
  const sampling = chunksShort(serving) ? Math.min(perLogit, chunkedLogits) : perLogit;
  const { experts, width, gated } = shape.feedForward;
  // Both halves of a gate and their product; layers of experts pass their shared ones here.
  const inner = (gated ? 6 : 4) * (experts && experts.denseLayers === 0 ? experts.sharedWidth : width);
  const prefill = tokens * (8 * shape.hidden + inner / parallel.tensor);
  // Layers are done when sampling begins: what is left of them is their last output, in two copies.
  const sampled = sampling * serving.maximumSequences * shape.vocabulary + 4 * tokens * shape.hidden;
  return Math.max(prefill, sampled) + tokens * expertWorkspace(shape, parallel.tensor);
}

/** Whether the first engine cuts a long context into short chunks, which end few prompts, so that few tokens are sampled. */
function chunksShort({ maximumLength, reserve }: ServingPlan): boolean {
  return reserve.wholePrompts > 0 && maximumLength > reserve.wholePrompts;
}

/** Tokens of the prefill batch that an engine profiles. */
function tokensOfProfile(serving: ServingPlan): number {
  if (chunksShort(serving)) return shortestProfile;
  const whole = serving.reserve.wholePrompts > 0;
  const longest = whole ? Number.POSITIVE_INFINITY : Math.min(profiledTokens, serving.maximumBatchedTokens);
  return Math.max(shortestProfile, Math.min(serving.maximumLength, longest));
}

/**
 * Workspace of fused expert kernels for one token: every routed copy's gate and up or its output, whichever is wider, and its
 * inner activation. Engines keep it while they sample.
 */
function expertWorkspace(shape: TransformerShape, tensor: number): number {
  const { experts } = shape.feedForward;
  if (!experts) return 0;
  const inner = experts.width / tensor;
  return 2 * experts.perToken * (Math.max(2 * inner, shape.hidden) + inner);
}

function reserveBytes(plan: Plan): number {
  const { serving, parallel } = plan;
  // SGLang's share is of weights and cache alone: what a batch needs lies outside it.
  if (!serving || serving.engine === 'sglang') return 0;
  const { outside, outsideGroup, graphs } = serving.reserve;
  return profiledActivations(plan) + (parallel.tensor > 1 ? outsideGroup : outside) + graphs;
}

/** Pool blocks that a cache growing by concatenation leaves behind: about its own size again (transformers' dynamic cache). */
export function growthSlack(plan: Plan, moment: Moment): number {
  return growsCache(plan) ? (moment.parts['kv-cache'] ?? 0) : 0;
}

/** Tokens that a server or loop has room for from its start; 0 where nothing states its context. */
function tokensLaidOut(plan: Plan): number {
  const { serving } = plan;
  if (serving?.cacheLength !== undefined) return serving.cacheLength * (serving.concurrency ?? 1);
  if (!serving || growsCache(plan)) return 0;
  return (serving.statedLength ?? 0) * (serving.statedSequences ?? 1);
}

/** Whether keys and values are laid out anew for every token; recorded graphs and native engines keep theirs in place. */
function growsCache(plan: Plan): boolean {
  if (plan.serving?.cacheLength !== undefined) return false;
  return !fillsDevice(plan) && engineTraits(plan.serving?.engine ?? '').kind === 'eager';
}

/** SGLang takes its share of what is free when it starts: the device without context and communicators (0.4 GiB on L4). */
const sglangStart = 0.4 * bytesPerGiB;

/** Bytes of a device that an engine fills. */
function shareOfDevice(accelerator: Accelerator, serving: ServingPlan): number {
  return (capacityOf(accelerator) - (serving.engine === 'sglang' ? sglangStart : 0)) * serving.memoryUtilization;
}

/** Tokens that the KV pool holds at one plan; undefined where the device is not known. */
export function poolTokens(plan: Plan): number | undefined {
  const { shape, serving, accelerator, parallel } = plan;
  if (!shape || !serving) return undefined;
  // A cache made for one load holds that load.
  if (!fillsDevice(plan)) return (serving.concurrency ?? 1) * serving.maximumLength;
  if (!accelerator) return undefined;
  const pool = shareOfDevice(accelerator, serving) - servingWeights(plan) - reserveBytes(plan);
  const perToken = kvBytesPerToken(shape, serving.kvPrecision, parallel.tensor, parallel.pipeline);
  if (perToken <= 0) return undefined;
  return Math.max(0, Math.floor(pool / perToken));
}

/** Memory side of a serving estimate: weights, KV pool, sequences. */
export function estimateServingMemory(points: Points): ServingEstimate | undefined {
  const { likely } = points;
  const { shape, serving, parallel } = likely;
  if (!shape || !serving) return undefined;
  const tokens = spread(points, poolTokens);
  if (!tokens) return undefined;
  const perToken = kvBytesPerToken(shape, serving.kvPrecision, parallel.tensor, parallel.pipeline);
  const doubt = poolDoubt(likely, tokens.likely * perToken);
  const kvTokens = interval(
    Math.max(0, tokens.low - doubt.below / Math.max(1, perToken)),
    tokens.likely,
    tokens.high + doubt.above / Math.max(1, perToken),
  );
  const perSequence = serving.maximumLength * windowShare(shape, serving.maximumLength);
  return {
    kvTokens,
    kvBytesPerToken: perToken,
    fullLengthSequences: interval(
      kvTokens.low / perSequence,
      kvTokens.likely / perSequence,
      kvTokens.high / perSequence,
    ),
    weights: weightInterval(servingWeights(likely), furtherSlotBytes(likely)),
  };
}

/** Relative half width of printed weights: buffers and padding. */
const weightDoubt = 0.02;
/** Logs print GiB with two decimals. */
const weightRounding = 0.01 * bytesPerGiB;

function weightInterval(value: number, more: number): Interval<Bytes> {
  const { low, likely, high } = widen(exactly(bytes(value)), weightDoubt);
  return interval(bytes(Math.max(0, low - weightRounding)), likely, bytes(high + weightRounding + more));
}

/** A cache made for one load is rounded up to blocks and printed with few digits. */
const loadDoubt = 0.01;
/** SGLang's share of weights and cache moves with its version, the card and the chunk (0.8 to 0.9). */
const staticDoubt = 0.05;
/** Relative half width of what a release profiles. */
const profileDoubt = 0.2;
/** Bytes that versions, drivers and backends take more or less outside torch (start-up logs of ROCm, T4 and A100 alike). */
const poolFixedDoubt = 0.5 * bytesPerGiB;

/**
 * What engine versions set aside more or less than profiled, in bytes: a fixed part, a share of the reserve, and what
 * sampling takes in other releases where the release is not known.
 */
function poolDoubt(plan: Plan, pool: number): { readonly below: number; readonly above: number } {
  if (!fillsDevice(plan)) return { below: loadDoubt * pool, above: loadDoubt * pool };
  const sglang = plan.serving?.engine === 'sglang';
  if (sglang) {
    const moved = staticDoubt * (plan.accelerator?.memory ?? 0);
    return { below: moved, above: moved };
  }
  const share = profileDoubt * reserveBytes(plan);
  const { low, high } = plan.serving?.reserve.logits ?? { low: 0, high: 0 };
  const likely = profiledActivations(plan);
  const less = likely - profiledActivations(plan, low);
  const more = profiledActivations(plan, high) - likely;
  return {
    below: poolFixedDoubt + Math.hypot(share, more) + furtherSlotBytes(plan),
    above: poolFixedDoubt + Math.hypot(share, less),
  };
}

/** What an engine or a plain generation loop keeps on the device. */
export function servingMoment(plan: Plan): Moment {
  const weights = servingWeights(plan);
  const { serving, shape, accelerator, parallel } = plan;
  if (!serving || !shape) return { phase: 'serving', parts: { weights }, bytes: weights, lasting: weights };
  if (fillsDevice(plan) && accelerator) {
    const total = shareOfDevice(accelerator, serving);
    const cache = Math.max(0, total - weights - reserveBytes(plan));
    const activations = profiledActivations(plan);
    const bytes = weights + cache + activations;
    return { phase: 'serving', parts: { weights, 'kv-cache': cache, activations }, bytes, lasting: bytes };
  }
  const held = accelerator && mapped(plan) ? Math.min(weights, deviceShare * capacityOf(accelerator)) : weights;
  const perToken = kvBytesPerToken(shape, serving.kvPrecision, parallel.tensor, parallel.pipeline);
  const batch = serving.concurrency ?? 1;
  const context = (serving.inputLength ?? 0) + (serving.outputLength ?? 0);
  const asked = batch * context * windowShare(shape, context);
  const cache = perToken * Math.max(asked, tokensLaidOut(plan));
  const unpacked = (plan.quantization === 'nf4' ? dequantizedBytes(plan) : 0) + laidOutBytes(plan, shape);
  // A cache that grows by copying has one layer's keys and values twice for a moment.
  const growing = (growsCache(plan) ? cache / shape.layers : 0) + unpacked;
  const prompt = (serving.inputLength ?? 0) * batch;
  const prompting = promptActivations(plan, shape, prompt) + unpacked;
  const prompted = growsCache(plan) && context > 0 ? (cache * prompt) / (batch * context) : cache;
  const bytes = held + Math.max(cache + growing, prompted + prompting, tiedCopyBytes(plan));
  const activations = Math.max(growing, bytes - held - cache);
  return { phase: 'serving', parts: { weights: held, 'kv-cache': cache, activations }, bytes, lasting: held };
}

/**
 * Peak of tensors of a prompt's pass in a plain generation loop: gate, up and their product of one layer with the residual and
 * its norm, or the logits of all tokens with their fp32 copy where the loop forms those.
 */
function promptActivations(plan: Plan, shape: TransformerShape, prompt: number): number {
  const { serving, parallel } = plan;
  if (!serving || prompt <= 0) return 0;
  const traits = engineTraits(serving.engine, serving.engineVersion);
  const { promptChunk = Number.POSITIVE_INFINITY, wholeLogits, spelledScores } = traits;
  const tokens = Math.min(prompt, promptChunk);
  const e = Math.max(2, bytesPerElement[plan.precision.compute]);
  const { experts, width, gated } = shape.feedForward;
  const inner = (experts && experts.denseLayers === 0 ? experts.sharedWidth : width) / parallel.tensor;
  const layer =
    tokens * e * (2 * shape.hidden + (gated ? 3 : 2) * inner) + tokens * expertWorkspace(shape, parallel.tensor);
  const logits = wholeLogits ? tokens * shape.vocabulary * (e + (e < 4 ? 4 : 0)) : 0;
  // Scores in 16 bits beside their softmax in fp32 and its narrow copy.
  const pairs = tokens * (serving.inputLength ?? 0) * shape.attention.heads;
  const scores = spelledScores ? (scoreBytes * pairs) / parallel.tensor : 0;
  return Math.max(layer, logits, scores);
}

/** Bytes of a score that is spelled out in a prompt's pass: itself, its fp32 softmax, and the narrow copy that multiplies the values. */
const scoreBytes = 2 + 4 + 2;

/**
 * What goes with a cache laid out for a length: the boolean mask of every pair of its tokens, and the whole cache of one layer
 * widened to all query heads, which attention over it takes (gpt-fast's code; torchao's long-context table, 8,192 to 131,072 tokens).
 */
function laidOutBytes({ serving, parallel }: Plan, { attention: a }: TransformerShape): number {
  if (serving?.cacheLength === undefined) return 0;
  const mask = serving.squareMask === true ? serving.cacheLength ** 2 : 0;
  const widened = a.kvHeads < a.heads ? 2 * bytesPerElement.bf16 * a.heads * a.headDim : 0;
  return mask + (widened * serving.cacheLength * (serving.concurrency ?? 1)) / parallel.tensor;
}

/** Layers laid over devices one after the other, as `device_map` does: what does not fit there goes to the host. */
function mapped({ serving, parallel }: Plan): boolean {
  return serving?.engine === 'transformers' && parallel.pipeline > 1 && parallel.implementation === 'none';
}
