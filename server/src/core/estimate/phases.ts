import { boundaryBytes, keptBytesPerToken, layerAtWork, layerBytes, onRank } from './activations.ts';
import type { MemoryPart, Phase } from './estimate.ts';
import { logitBytes } from './logits.ts';
import { stateBytesPerParameter, stepTemporaries, wideStateParameters } from './optimizer-states.ts';
import { bytesPerElement, type Plan, tokensPerMicroBatch } from './plan.ts';
import { visionActivationBytes } from './vision-memory.ts';
import { localParameters, localTotal, weightBytes } from './weights.ts';

/** Bytes by part at one moment. */
export type Parts = Partial<Record<MemoryPart, number>>;

/** A moment of the step with everything that is live in it. */
export interface Moment {
  readonly phase: Phase;
  readonly parts: Parts;
  readonly bytes: number;
}

/** DeepSpeed's default reduce and gather buckets, in elements each (5e8; `auto` gives hidden squared). */
const zeroBucketElements = 5e8;
/** Elements of parameters that ZeRO-3 keeps gathered at once (`max_live_parameters`). */
const zeroLiveElements = 1e9;
/** Elements that ZeRO steps over at once in fp32 (`sub_group_size`). */
const zeroSubGroup = 1e9;

/** What stays on the device over the whole step, and what the step adds at its moments; bytes of the fullest device. */
export function momentsOfStep(plan: Plan): readonly Moment[] {
  const persistent = persistentParts(plan);
  const work = workOf(plan);
  const at = (phase: Phase, parts: Parts): Moment => {
    let bytes = 0;
    for (const value of Object.values(parts)) bytes += value;
    return { phase, parts, bytes };
  };
  const { weights, frozen, optimizer, master, gradients, adapter } = persistent;
  const base: Parts = {
    weights: weights + frozen,
    ...(master > 0 ? { 'master-weights': master } : {}),
    optimizer,
    ...(adapter > 0 ? { adapter } : {}),
    ...(persistent.reference > 0 ? { 'reference-model': persistent.reference } : {}),
  };
  // Gradients live in the forward pass only where they add up over micro-batches or lie in flat buffers.
  const carried = plan.accumulation > 1 || persistent.flatGradients ? gradients : 0;
  return [
    at('loss', {
      ...base,
      gradients: carried,
      activations: work.kept,
      logits: work.lossPeak,
      buffers: work.gathered + work.castCopies,
    }),
    at('backward', {
      ...base,
      gradients: Math.max(carried, plan.optimizer.inBackward ? persistent.layerGradients : carried),
      activations: work.kept + work.layerAtWork,
      logits: work.hiddenGradient,
      buffers: work.gathered + work.reduced + work.castCopies,
    }),
    at('optimizer-step', {
      ...base,
      gradients: plan.optimizer.inBackward ? persistent.layerGradients : gradients,
      buffers: Math.max(work.stepTemporaries, work.sweepEnd),
    }),
  ];
}

/** Bytes that stay over the step. */
interface Persistent {
  readonly weights: number;
  readonly frozen: number;
  readonly reference: number;
  readonly master: number;
  readonly optimizer: number;
  readonly gradients: number;
  readonly layerGradients: number;
  readonly adapter: number;
  readonly flatGradients: boolean;
}

function persistentParts(plan: Plan): Persistent {
  const { precision, parallel: p, adapter } = plan;
  const local = localParameters(plan);
  const total = localTotal(local);
  const weightShard = p.zeroStage >= 3 ? p.shardGroup : 1;
  const gradientShard = p.zeroStage >= 2 ? p.shardGroup : 1;
  const stateShard = p.zeroStage >= 1 ? p.shardGroup : 1;
  const weights = p.offloadParameters === 'none' ? weightBytes(plan, local) / weightShard : 0;
  const reference = plan.referenceModel ? (bytesPerElement[precision.parameters] * total) / weightShard : 0;
  const frozen =
    (bytesPerElement[precision.compute === 'fp32' ? 'fp32' : 'bf16'] * plan.frozenParameters) / weightShard;
  const split = adapter ? (adapter.parameters / Math.max(1, plan.parameters)) * total : total;
  const trained = adapter ? Math.min(adapter.parameters, split * 2) : total;
  const stateBytes = stateBytesPerParameter(plan);
  const onDevice = p.offloadOptimizer === 'none' ? 1 : 0;
  const wide = wideStateParameters(plan) * (8 - stateBytes);
  const gradientWidth = adapter ? bytesPerElement[adapter.precision] : bytesPerElement[precision.gradients];
  const flat = p.implementation === 'megatron' || (p.implementation === 'ddp' && p.data > 1);
  // DDP copies gradients into buckets unless told to view them (torch default).
  const bucketCopies = p.implementation === 'ddp' && p.data > 1 ? 2 : 1;
  const gradients = (gradientWidth * trained * bucketCopies) / gradientShard;
  const layerShare = Math.max(plan.counts.layer, plan.counts.embedding) / Math.max(1, plan.counts.total);
  return {
    weights,
    frozen,
    reference,
    master: precision.masterWeights && !adapter ? (4 * trained * onDevice) / stateShard : 0,
    optimizer: ((stateBytes * trained + Math.max(0, wide)) * onDevice) / stateShard,
    gradients: p.offloadOptimizer !== 'none' && p.zeroStage >= 2 ? gradients * layerShare : gradients,
    layerGradients: gradients * layerShare,
    adapter: adapter ? (bytesPerElement[adapter.precision] * trained) / weightShard : 0,
    flatGradients: flat,
  };
}

/** Bytes that come and go within the step. */
interface Work {
  readonly kept: number;
  readonly lossPeak: number;
  readonly hiddenGradient: number;
  readonly layerAtWork: number;
  readonly gathered: number;
  readonly reduced: number;
  readonly castCopies: number;
  readonly stepTemporaries: number;
  readonly sweepEnd: number;
}

function workOf(plan: Plan): Work {
  const { shape, parallel: p, precision, counts, adapter } = plan;
  const local = localParameters(plan);
  const total = localTotal(local);
  const trained = adapter ? adapter.parameters : total;
  const e = Math.max(2, bytesPerElement[precision.compute]);
  const shardOfStep = p.zeroStage >= 1 ? p.shardGroup : 1;
  const subGroup = p.implementation === 'deepspeed' && p.zeroStage >= 1 && !adapter;
  const stepTemporary = subGroup
    ? 4 * (p.zeroStage === 3 ? Math.min(zeroSubGroup, trained / shardOfStep) : trained / shardOfStep)
    : (stepTemporaries(plan) * trained) / shardOfStep;
  const dequantized = plan.quantization ? 2 * counts.largestMatrix : 0;
  const gathered = gatheredBytes(plan, total) + dequantized;
  const reduced = reducedBytes(plan, total);
  const stepTemporaryBytes = p.offloadOptimizer === 'none' ? stepTemporary : 0;
  if (!shape) {
    const kept = visionActivationBytes(plan);
    return {
      kept,
      lossPeak: 0,
      hiddenGradient: 0.05 * kept,
      layerAtWork: 0,
      gathered,
      reduced,
      castCopies: 0,
      stepTemporaries: stepTemporaryBytes,
      sweepEnd: 0,
    };
  }
  const tokens = tokensPerMicroBatch(plan);
  const vocabulary = shape.kind === 'vit' ? 0 : shape.vocabulary / p.tensor;
  const layers = ((shape.layers + (shape.decoderLayers ?? 0)) / p.pipeline) * inFlight(plan);
  const kept = keptBytesPerToken(plan, shape, layers) * tokens + e * shape.hidden * tokens;
  const logits = logitBytes(plan);
  const lossTokens = tokens * (plan.task === 'dpo' ? 1 : 1);
  const atWork = layerAtWork(plan, shape) * tokens;
  // The first layer's own working set is alive when all gradients are.
  const lastLayer = plan.recompute === 'none' ? onRank(layerBytes(plan, shape, false), plan) * tokens : atWork;
  const recomputing = plan.recompute !== 'none';
  const castCopies =
    precision.autocast && !recomputing && e < bytesPerElement[precision.parameters] && !adapter
      ? e * (local.matrices + local.experts + local.embeddings)
      : 0;
  return {
    kept,
    lossPeak: logits.peak * vocabulary * lossTokens,
    hiddenGradient: 2 * boundaryBytes(plan, shape) * tokens,
    layerAtWork: atWork,
    gathered,
    reduced,
    castCopies,
    stepTemporaries: stepTemporaryBytes,
    sweepEnd: lastLayer + gathered,
  };
}

/** Micro-batches' worth of layers that the first pipeline stage keeps: as many as stages under 1F1B. */
function inFlight(plan: Plan): number {
  const { pipeline: p, pipelineChunks: v } = plan.parallel;
  if (p <= 1) return 1;
  const interleaved = v > 1 ? 1 + (p - 1) / (p * v) : 1;
  return Math.min(plan.accumulation, p) * interleaved;
}

/** Weights gathered for work while they are sharded. */
function gatheredBytes(plan: Plan, total: number): number {
  const { parallel: p, counts, precision } = plan;
  if (p.zeroStage < 3 || p.shardGroup <= 1) {
    return p.offloadParameters === 'none' ? 0 : 2 * (2 * counts.layer) + 2 * (counts.embedding + counts.head);
  }
  const e = Math.max(2, bytesPerElement[precision.compute]);
  if (p.implementation === 'deepspeed') return e * Math.min(total, zeroLiveElements);
  const unit = plan.quantization ? 0.5625 : e;
  // Two layers gathered, the copy that goes into the gather, and the root unit of embedding and head.
  return (
    unit * ((2 * counts.layer) / p.tensor + counts.layer / p.tensor) + (e * (counts.embedding + counts.head)) / p.tensor
  );
}

/** Gradients on their way to the rank that keeps them. */
function reducedBytes(plan: Plan, total: number): number {
  const { parallel: p, counts, adapter } = plan;
  if (p.zeroStage < 2 || adapter || p.shardGroup <= 1) return 0;
  if (p.implementation === 'deepspeed') return 2 * 2 * Math.min(zeroBucketElements, total);
  return (4 * counts.layer) / p.tensor;
}
