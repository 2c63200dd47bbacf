import { logitsOf, type TransformerShape } from '../workload/architecture.ts';
import { sequencesPerSample, virtualTokens } from './batch-tokens.ts';
import { adapterSeconds, weightSpaceSeconds } from './compute-adapters.ts';
import { castSeconds, isNarrow } from './compute-casts.ts';
import { type MatmulRates, matmulRates, matmulSeconds } from './compute-matmul.ts';
import { type DeviceRates, elementwiseBandwidth, halfCeiling } from './compute-rates.ts';
import {
  backwardTraffic,
  flavourTraffic,
  fusionOf,
  layerTraffic,
  lossTraffic,
  unfusedAttentionBytes,
  widthFactor,
} from './compute-traffic.ts';
import { denoiserBackward, denoiserTraffic } from './denoiser-work.ts';
import { type Efficiency, olderPath } from './efficiency.ts';
import { attendedKeys, attentionBlocks, attentionFlopsPerKey } from './flops.ts';
import { linearsOf } from './flops-linears.ts';
import { outlierCall } from './packed-weights.ts';
import { mixtureLayers } from './parameters.ts';
import { bytesPerElement, type Plan } from './plan.ts';
import { modulesOf, recomputesModules, repeatedWork } from './recomputed-modules.ts';
import { segmentsOf } from './segments.ts';
import { stateSeconds } from './state-work.ts';

/** Seconds of device work of one micro-batch over all layers of one tensor- and context-parallel rank, by cause. */
export interface LayerSeconds {
  readonly matmuls: number;
  /** Attention itself, and the scans of layers that keep a state. */
  readonly attention: number;
  /** Norms, activations, residuals, routing. */
  readonly elementwise: number;
  /** Head and loss, on the ranks that hold them. */
  readonly head: number;
  /** Low-rank adapters. */
  readonly adapters: number;
  /** Frozen weights brought from four or eight bits to the compute format. */
  readonly dequantise: number;
  /** Part of the sum above that is repeated for recomputation. */
  readonly recompute: number;
}

/** Tokens of one micro-batch on one device, padded as far as the batch's longest sample makes it. */
export function computedTokens(plan: Plan): number {
  return (sequencesPerSample(plan) * plan.microBatch * computedLength(plan)) / plan.parallel.context;
}

/**
 * Tokens that one sample takes in a batch: the full length where packed or of one length; else the mean, raised to the
 * expected longest of the batch (normal order statistics at a variation of 0.6, typical of instruction data).
 */
export function computedLength(plan: Plan): number {
  return paddedLength(plan) + virtualTokens(plan);
}

function paddedLength(plan: Plan): number {
  const image = plan.shape?.image;
  // Patches of one image and the class token.
  if (image) return ((plan.imageSize > 0 ? plan.imageSize : image.size) / image.patch) ** 2 + 1;
  if (plan.packed || plan.meanLength >= plan.sequenceLength) return plan.sequenceLength;
  if (plan.paddingFree) return plan.meanLength;
  if (plan.groupedByLength) return Math.min(plan.sequenceLength, plan.meanLength * groupedPadding);
  const longest = 0.6 * 0.56 * Math.log2(Math.max(1, plan.microBatch)) ** 0.85;
  return Math.min(plan.sequenceLength, plan.meanLength * (1 + longest));
}

/** Padding that is left where a batch takes neighbours of some twenty sorted batches (transformers sorts fifty). */
const groupedPadding = 1.05;

/** Share of a model's frozen matrices in the backward pass: input gradients alone where nothing in them is trained. */
function backwardFactor(plan: Plan): number {
  if (plan.task === 'serving') return 0;
  return plan.adapter || plan.quantization ? 1 : 2;
}

/** Share of a forward pass that recomputation repeats, for matmuls and elementwise work, and for attention. */
function recomputeShares(plan: Plan, shape: TransformerShape): { readonly work: number; readonly attention: number } {
  if (plan.recompute === 'none' || plan.task === 'serving') return { work: 0, attention: 0 };
  if (plan.recompute === 'full') return { work: 1, attention: 1 };
  // Per-operator policies save every second matmul.
  if (!recomputesModules(plan)) return { work: 0.45, attention: 0 };
  return { work: repeatedWork(plan, shape), attention: modulesOf(plan).includes('core_attn') ? 1 : 0 };
}

/** Stacks of the years before FlashAttention-2 and fused layers were common. */
function isEarlyStack(plan: Plan): boolean {
  return plan.stack === 'llm-foundry' || (plan.stack === 'megatron' && plan.attention === 'eager');
}

/** Device seconds of one micro-batch, forward, recomputation and backward, as if the device never waited. */
export function layerSeconds(plan: Plan, shape: TransformerShape, rates: DeviceRates, k: Efficiency): LayerSeconds {
  const era = isEarlyStack(plan) ? k.earlyStack : 1;
  const at = matmulRates(rates, plan.precision.compute, k, era);
  const wide = matmulRates(rates, isNarrow(plan.precision.compute) ? 'bf16' : plan.precision.compute, k, era);
  const tokens = computedTokens(plan);
  const casts = castSeconds(plan, shape, tokens, rates, k);
  const { tensor } = plan.parallel;
  const again = recomputeShares(plan, shape);
  const forward = matmulsForward(plan, shape, tokens, at, k);
  const core = attentionSeconds(plan, shape, tokens, rates, k);
  const scan = stateSeconds(plan, shape, tokens, rates, k);
  const traffic = layerTraffic(shape, fusionOf(plan), plan.recordedSteps);
  const layers = shape.layers + (shape.kind === 'encoder-decoder' ? (shape.decoderLayers ?? shape.layers) : 0);
  const split = plan.parallel.sequence ? tensor : 1 + 0.6 * (tensor - 1);
  const moved = shape.denoiser
    ? denoiserTraffic(plan, shape, shape.denoiser)
    : (traffic.bytes + flavourTraffic(plan, shape)) * widthFactor(plan);
  const elementwise =
    (moved * k.traffic * tokens * shape.hidden * layers) /
    split /
    elementwiseBandwidth(rates, 2 * tokens * shape.hidden, k);
  const back = plan.task === 'serving' ? 0 : 1;
  const backwards = shape.denoiser ? denoiserBackward : backwardTraffic;
  const passes = 1 + backwardFactor(plan) + again.work;
  const head = headSeconds(plan, shape, tokens * plan.written, rates, wide, k);
  const adapters =
    adapterSeconds(plan, shape, tokens, rates, k) * (1 + again.work / 3) +
    weightSpaceSeconds(plan, shape, tokens, rates, at, k, again.work);
  return {
    matmuls: forward * passes,
    attention:
      core.forward * (1 + again.attention) +
      core.backward * back +
      scan.forward * (1 + again.work) +
      scan.backward * back,
    elementwise:
      elementwise * (1 + backwards * back + again.work) +
      casts.forward * (1 + again.work) +
      casts.backward +
      casts.weights,
    head,
    adapters,
    dequantise: dequantiseSeconds(plan, shape, rates, k) * (2 + again.work),
    recompute: (forward + elementwise + casts.forward + scan.forward) * again.work + core.forward * again.attention,
  };
}

function matmulsForward(plan: Plan, shape: TransformerShape, tokens: number, at: MatmulRates, k: Efficiency): number {
  const { tensor, expert } = plan.parallel;
  const { experts } = shape.feedForward;
  const memory = segmentsOf(shape)?.memory ?? 0;
  let sum = 0;
  for (const one of linearsOf(shape)) {
    if (!one.expert) {
      const inputs = one.cut === 'inputs' ? one.inputs / tensor : one.inputs;
      const outputs = one.cut === 'outputs' ? one.outputs / tensor : one.outputs;
      const read = /^(?:query|key|value)$/.test(one.part) ? tokens * (1 + memory) : tokens;
      sum += one.count * matmulSeconds(read, inputs, outputs, at);
    } else if (experts) {
      // Balanced routing: a rank's experts together see top-k copies of its own number of tokens.
      const local = Math.max(1, experts.count / expert);
      const rows = (tokens * experts.perToken) / local / tensor;
      sum += (one.count * local * matmulSeconds(rows, one.inputs, one.outputs, at)) / k.expertShare;
    }
  }
  if (experts) sum += mixtureLayers(shape) * matmulSeconds(tokens, shape.hidden, experts.count, at);
  return sum;
}

interface Core {
  readonly forward: number;
  readonly backward: number;
}

/**
 * FlashAttention-2 under a causal mask up to Ada: 0.7 of the matrix rate forward on rows without end (Dao 2023: 0.73 of A100's at most), half of it on
 * 700 tokens, of whose tiles a large part is cut by the mask or empty.
 */
const longRows = { share: 0.7, half: 700 } as const;
/** Tokens at which kernels before it and those of Hopper reach half of theirs. */
const shortRows = 256;

/** FlashAttention's backward does 2.5 times the forward's work at 0.85 of its rate (Dao 2023). */
const flashBackward = 2.5 / 0.85;

function attentionSeconds(
  plan: Plan,
  shape: TransformerShape,
  tokens: number,
  rates: DeviceRates,
  k: Efficiency,
): Core {
  const perKey = attentionFlopsPerKey(shape);
  if (perKey <= 0) return { forward: 0, backward: 0 };
  const blocks = attentionBlocks(shape) / plan.parallel.tensor;
  const length = plan.packed && plan.meanLength < plan.sequenceLength ? plan.meanLength : computedLength(plan);
  const ceiling = halfCeiling(rates, k);
  if (plan.attention === 'eager') {
    const segments = segmentsOf(shape);
    const keys = attendedKeys(shape, length, false) * (1 + (segments?.memory ?? 0));
    const wide = plan.precision.compute === 'fp32' || plan.precision.compute === 'tf32' ? 2 : 1;
    const peak = wide === 2 ? (plan.precision.compute === 'tf32' ? rates.tf32 : rates.vector) : rates.half;
    const moved = (shape.attention.heads * keys * tokens * wide) / (rates.bandwidth * k.memoryShare);
    const compute = (perKey * ((segments?.products ?? 2) / 2) * keys * tokens) / (peak * k.attentionEager);
    const bytes = segments?.scores ?? unfusedAttentionBytes(plan, shape);
    return {
      forward: blocks * (compute + moved * bytes.forward),
      backward: blocks * (2 * compute + moved * bytes.backward),
    };
  }
  const keys = attendedKeys(shape, length, shape.kind === 'decoder');
  const recent = rates.generation === 'hopper' || rates.generation === 'blackwell';
  const tuned = recent && fusionOf(plan) === 'fused';
  const flash = k.attentionFlashNew * (rates.generation === 'blackwell' ? olderPath : 1);
  const era = isEarlyStack(plan) ? k.earlyAttention : 1;
  const long = !recent && era === 1;
  const share = era * (recent ? (tuned ? k.attentionTuned : flash) : long ? longRows.share : k.attentionFlash);
  const filled = length / (length + (long ? longRows.half : shortRows));
  const forward = (blocks * perKey * keys * tokens) / Math.min(ceiling, rates.half * rates.powered * share * filled);
  return { forward, backward: forward * flashBackward };
}

function headSeconds(
  plan: Plan,
  shape: TransformerShape,
  tokens: number,
  rates: DeviceRates,
  at: MatmulRates,
  k: Efficiency,
): number {
  const segments = segmentsOf(shape);
  const outputs = (logitsOf(shape) * (segments?.logits ?? 1)) / plan.parallel.tensor;
  if (outputs <= 0) return 0;
  const passes = 1 + backwardFactor(plan);
  const sliced = (segments?.slices ?? 0) * shape.vocabulary * shape.hidden * bytesPerElement[plan.precision.gradients];
  const bytes = lossTraffic(plan) * tokens * outputs + sliced;
  return passes * matmulSeconds(tokens, shape.hidden, outputs, at) + bytes / (rates.bandwidth * k.memoryShare);
}

function dequantiseSeconds(plan: Plan, shape: TransformerShape, rates: DeviceRates, k: Efficiency): number {
  const { quantization, counts, parallel } = plan;
  if (!quantization || quantization === 'bf16' || quantization === 'fp16') return 0;
  const matrices = counts.attention + counts.feedForward + counts.experts;
  const bytes =
    quantization === 'int4'
      ? k.dequantBytesGptq
      : quantization === 'nf4' || quantization === 'fp4'
        ? k.dequantBytes
        : 3;
  const waits = quantization === 'int8' ? shape.layers * 7 * outlierCall * rates.host : 0;
  return (matrices * bytes) / parallel.tensor / (rates.bandwidth * k.memoryShare) + waits;
}
