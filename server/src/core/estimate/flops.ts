import { logitsOf, type TransformerShape } from '../workload/architecture.ts';
import { attendingLayers } from './layer-kinds.ts';
import type { Plan } from './plan.ts';
import { segmentsOf } from './segments.ts';
import { workShare } from './stacks.ts';
import { stateFlops } from './state-work.ts';

/** Floating-point operations of one token's way forward, by what they are (a multiply-add counts two). */
export interface TokenFlops {
  /** Matrices of all layers that the token passes: `2 N` of their parameters. */
  readonly linear: number;
  /** Scores and weighted values of all layers, and the scans of those that keep a state. */
  readonly attention: number;
  /** Output projection. */
  readonly head: number;
}

/**
 * Keys that one token attends to in the mean: all `s` without a mask, half of them under a causal mask;
 * a sliding window caps them in the layers that have it.
 */
export function attendedKeys(shape: TransformerShape, length: number, causal: boolean): number {
  const { window, windowShare = 1 } = shape.attention;
  const { denoiser } = shape;
  // A second attention holds every token against the prompt.
  const all = causal ? length / 2 : length + (denoiser?.crossed ? denoiser.prompt : 0);
  if (window === undefined || window >= length) return all;
  const seen = causal ? window * (1 - window / (2 * length)) : window;
  // Wider heads of the layers that see all count as so many more keys.
  const wider = shape.attention.global ? shape.attention.global.headDim / shape.attention.headDim : 1;
  return windowShare * seen + (1 - windowShare) * all * wider;
}

/** FLOPs of attention itself for one token over one key in one layer: `2 a d` for scores and `2 a d_v` for values. */
export function attentionFlopsPerKey(shape: TransformerShape): number {
  const { attention: a } = shape;
  if (a.kind === 'mla' && a.mla) return 2 * a.heads * (a.mla.nopeDim + a.mla.ropeDim + a.mla.valueDim);
  // Linear attention keeps a state instead of keys; its cost is in the matrices.
  return a.kind === 'linear' ? 0 : 4 * a.heads * a.headDim;
}

/** Attention blocks of a model; layers that keep a state are none; an encoder-decoder's decoder layers attend twice. */
export function attentionBlocks(shape: TransformerShape): number {
  return attendingLayers(shape) + (shape.kind === 'encoder-decoder' ? 2 * (shape.decoderLayers ?? shape.layers) : 0);
}

/**
 * Forward FLOPs of one token at a sequence length: twice the parameters of every matrix it passes, the attention
 * core and the head; an embedding is looked up, not multiplied.
 * `halved`: count a causal mask's upper half as not computed (Megatron-LM since 2024); published MFU of torchtitan,
 * llm-foundry, PaLM and nanotron does not (Chowdhery et al. 2022, appendix B).
 */
export function tokenFlops(plan: Plan, halved = false): TokenFlops {
  const { shape, counts } = plan;
  const length = plan.sequenceLength;
  if (!shape) return { linear: 2 * plan.active, attention: 0, head: 0 };
  const passed = counts.active - counts.embedding - counts.inputs - counts.head - counts.vectors;
  const causal = halved && shape.kind === 'decoder';
  const keys = attendedKeys(shape, length, causal);
  const head = 2 * shape.hidden * logitsOf(shape) * (segmentsOf(shape)?.logits ?? 1) * plan.written;
  return {
    linear: 2 * Math.max(0, passed) * workShare(plan, shape),
    attention: attentionFlopsPerKey(shape) * keys * attentionBlocks(shape) + stateFlops(shape),
    head,
  };
}

/**
 * Model FLOPs of training one token: three times forward; frozen matrices have no weight gradient, so twice.
 * Recomputation is work of the machine, not of the model, and is not counted.
 */
export function trainingFlopsPerToken(plan: Plan, halved = false): number {
  const { linear, attention, head } = tokenFlops(plan, halved);
  const frozen = plan.adapter !== undefined || plan.quantization !== undefined;
  const weights = frozen ? 2 : 3;
  return linear * weights + attention * 3 + head * weights + (frozen ? 6 * plan.trainable : 0);
}

/** Model FLOPs of one training pass of one image: three times `2 MACs` at the image size, which scales with the area. */
export function trainingFlopsPerImage(plan: Plan): number | undefined {
  if (!plan.vision) return undefined;
  return 6 * plan.vision.macs * imageScale(plan);
}

/** Work at the plan's image size over work at the table's: area for convolutions and windows. */
export function imageScale(plan: Plan): number {
  const { vision } = plan;
  if (!vision || plan.imageSize <= 0 || vision.imageSize <= 0) return 1;
  return (plan.imageSize / vision.imageSize) ** 2;
}
