import { exactly, type Interval, interval, widen } from '../units/interval.ts';
import { type Bytes, bytes, bytesPerGiB } from '../units/quantity.ts';
import type { ServingEstimate } from './estimate.ts';
import { kvBytesPerToken, windowShare } from './kv.ts';
import type { Moment } from './phases.ts';
import { bytesPerElement, type Plan, type Points } from './plan.ts';
import { spread } from './spread.ts';
import { dequantizedBytes } from './transient.ts';
import { localParameters, localTotal, quantizedWidth } from './weights.ts';

/** Engines that fill the device with a pool of KV blocks at the start. */
const poolEngines = new Set(['vllm', 'sglang', 'tensorrt-llm', 'tgi', 'lmdeploy']);
/** Sampling over the whole batch: fp32 logits, their sorted copy, indices, probabilities and sums (vLLM's profile run). */
const samplerBytesPerLogit = 30;
/** Tokens of one prefill that engines profile at most (chunked prefill). */
const profiledTokens = 8192;
/** Memory outside torch: context and communicators (vLLM start-up logs: 0.05 to 0.3 alone, 1.4 to 2.1 in a group). */
const nonTorchGiB = 0.1;
const nonTorchGroupGiB = 1.5;

/** True where the engine takes a share of the device whatever the load. */
export function fillsDevice(plan: Plan): boolean {
  return plan.serving !== undefined && poolEngines.has(plan.serving.engine);
}

/** Weight bytes of one rank of an engine. */
export function servingWeights(plan: Plan): number {
  const local = localParameters(plan);
  const precision = plan.quantization ?? plan.serving?.weightPrecision ?? 'bf16';
  const own = Math.max(bytesPerElement[plan.precision.compute], 2);
  const beside = (Math.min(2, own) * plan.frozenParameters) / plan.parallel.tensor;
  if (bytesPerElement[precision] >= 2) return localTotal(local) * bytesPerElement[precision] + beside;
  const head = plan.stack === 'litgpt' ? (plan.counts.head || plan.counts.embedding) / plan.parallel.tensor : 0;
  const narrow = quantizedWidth(precision, plan.doubleQuantization);
  return narrow * (local.matrices + local.experts + head) + own * (local.embeddings - head + local.vectors) + beside;
}

/** Peak of activations that an engine profiles at its start and sets aside: one prefill batch and one sampled batch. */
export function profiledActivations(plan: Plan): number {
  const { shape, serving, parallel } = plan;
  if (!shape || !serving) return 0;
  const tokens = Math.min(
    profiledTokens,
    Math.max(2048, Math.min(serving.maximumLength, serving.maximumBatchedTokens)),
  );
  const width = shape.feedForward.experts
    ? shape.feedForward.experts.perToken * shape.feedForward.experts.width + shape.feedForward.experts.sharedWidth
    : shape.feedForward.width;
  const prefill = tokens * (8 * shape.hidden + (4 * width) / parallel.tensor);
  return prefill + samplerBytesPerLogit * serving.maximumSequences * shape.vocabulary;
}

function reserveBytes(plan: Plan): number {
  const group = plan.parallel.tensor > 1 ? nonTorchGroupGiB : nonTorchGiB;
  return profiledActivations(plan) + group * bytesPerGiB;
}

/** Pool blocks that a cache growing by concatenation leaves behind: about its own size again (transformers' dynamic cache). */
export function growthSlack(plan: Plan, moment: Moment): number {
  return fillsDevice(plan) ? 0 : (moment.parts['kv-cache'] ?? 0);
}

/** Tokens that the KV pool holds at one plan; undefined where the device is not known. */
export function poolTokens(plan: Plan): number | undefined {
  const { shape, serving, accelerator, parallel } = plan;
  if (!shape || !serving) return undefined;
  // A cache made for one load holds that load.
  if (!fillsDevice(plan)) return (serving.concurrency ?? 1) * serving.maximumLength;
  if (!accelerator) return undefined;
  const total = accelerator.usableMemory ?? accelerator.memory;
  const pool = total * serving.memoryUtilization - servingWeights(plan) - reserveBytes(plan);
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
  const doubt = fillsDevice(likely) ? poolDoubt(likely) / Math.max(1, perToken) : 0;
  const kvTokens = interval(Math.max(0, tokens.low - doubt), tokens.likely, tokens.high + doubt);
  const perSequence = serving.maximumLength * windowShare(shape, serving.maximumLength);
  return {
    kvTokens,
    kvBytesPerToken: perToken,
    fullLengthSequences: interval(
      kvTokens.low / perSequence,
      kvTokens.likely / perSequence,
      kvTokens.high / perSequence,
    ),
    weights: weightInterval(servingWeights(likely)),
  };
}

/** Relative half width of printed weights: buffers, adapters' slots and rounding of the log. */
const weightDoubt = 0.02;

function weightInterval(value: number): Interval<Bytes> {
  return widen(exactly(bytes(value)), weightDoubt);
}

/** What engine versions set aside more or less than profiled, in bytes: a fixed part and a share of the reserve. */
function poolDoubt(plan: Plan): number {
  return 0.3 * bytesPerGiB + 0.35 * reserveBytes(plan);
}

/** What an engine or a plain generation loop keeps on the device. */
export function servingMoment(plan: Plan): Moment {
  const weights = servingWeights(plan);
  const { serving, shape, accelerator, parallel } = plan;
  if (!serving || !shape) return { phase: 'serving', parts: { weights }, bytes: weights, lasting: weights };
  if (fillsDevice(plan) && accelerator) {
    const total = (accelerator.usableMemory ?? accelerator.memory) * serving.memoryUtilization;
    const cache = Math.max(0, total - weights - reserveBytes(plan));
    const activations = profiledActivations(plan);
    const bytes = weights + cache + activations;
    return { phase: 'serving', parts: { weights, 'kv-cache': cache, activations }, bytes, lasting: bytes };
  }
  const perToken = kvBytesPerToken(shape, serving.kvPrecision, parallel.tensor, parallel.pipeline);
  const batch = serving.concurrency ?? 1;
  const context = (serving.inputLength ?? 0) + (serving.outputLength ?? 0);
  const cache = perToken * batch * context * windowShare(shape, context);
  // The cache grows by copying: one layer's keys and values live twice for a moment.
  const activations = cache / shape.layers + (plan.quantization === 'nf4' ? dequantizedBytes(plan) : 0);
  const bytes = weights + cache + activations;
  return { phase: 'serving', parts: { weights, 'kv-cache': cache, activations }, bytes, lasting: weights };
}
