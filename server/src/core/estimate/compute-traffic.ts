import type { TransformerShape } from '../workload/architecture.ts';
import { flavourOf } from './flavour.ts';
import { attendingShare, isSingleFile, mixtureLayers } from './layer-kinds.ts';
import type { Plan } from './plan.ts';
import { segmentsOf } from './segments.ts';

/** How far the code between the matmuls is fused: decides bytes moved and kernels launched. */
export type Fusion = 'eager' | 'fused' | 'compiled';

/** Stacks whose layers come with hand-fused kernels. */
const fusedStacks: ReadonlySet<Plan['stack']> = new Set([
  'megatron',
  'unsloth',
  'vllm',
  'sglang',
  'tensorrt-llm',
  'tgi',
]);
/** Stacks that compile the whole step (XLA). */
const compiledStacks: ReadonlySet<Plan['stack']> = new Set(['maxtext', 'jax', 'keras']);

/** Fusion of a plan's layers. */
export function fusionOf(plan: Plan): Fusion {
  if (plan.compiled || compiledStacks.has(plan.stack)) return 'compiled';
  return plan.fusedLayers || fusedStacks.has(plan.stack) ? 'fused' : 'eager';
}

/** Bytes moved per token and hidden unit, and kernels, of one forward pass through one layer. */
export interface LayerTraffic {
  readonly bytes: number;
  readonly kernels: number;
}

/** Backward over forward bytes of elementwise kernels (340 against 150 counted on Llama code). */
export const backwardTraffic = 2.27;
/** Backward over forward kernels (71 against 38 counted on Llama code). */
export const backwardKernels = 1.87;

/**
 * Elementwise traffic of one layer in 16-bit code, from the operators' reads and writes:
 * a norm written in Python moves 36 bytes (casts, square, mean, scale), a native one 4; rotary embedding 16 or 4;
 * a residual sum 6 or, fused with the norm, 4; SiLU and product 10 r or 6 r; GELU 4 r; r = feed-forward over hidden width.
 * Experts whose products and activations are one kernel (`expertsInOne`) move nothing between them.
 */
export function layerTraffic(shape: TransformerShape, fusion: Fusion, expertsInOne = false): LayerTraffic {
  const { attention: a, feedForward: f } = shape;
  const eager = fusion === 'eager';
  if (shape.denoiser) {
    const second = shape.denoiser.crossed ? 1 : shape.denoiser.doubleLayers / shape.layers;
    return { bytes: 0, kernels: (denoiserKernels.one + denoiserKernels.second * second) * (eager ? 1 : 0.5) };
  }
  const single = isSingleFile(shape);
  const attending = attendingShare(a);
  const parts = f.share ?? 1;
  const mixed = single ? mixtureLayers(shape) / shape.layers : 1;
  const scans = a.state?.share ?? 0;
  const grouped = 1 + a.kvHeads / Math.max(1, a.heads);
  const wide = (a.heads * a.headDim) / shape.hidden;
  const width = f.experts ? f.experts.perToken * f.experts.width + f.experts.sharedWidth : f.width;
  const r = width / shape.hidden;
  const rms = shape.norm === 'rms';
  const norms = single ? shape.normsPerLayer : Math.max(2, shape.normsPerLayer);
  const rotary = shape.learnedPositions === 0 && shape.kind === 'decoder';
  const norm = norms * (eager && rms ? 36 : 4) + (a.qkNorm ? attending * grouped * wide * (eager ? 36 : 4) : 0);
  const rope = rotary ? attending * grouped * wide * (eager ? 16 : 4) : 0;
  const residual = (eager ? 12 : 8) / (single ? 2 : 1);
  const gate = f.gated ? (eager ? 10 : 6) : 4;
  const activation =
    expertsInOne && f.experts ? 0 : parts * r * (spellsGate(shape) && fusion !== 'compiled' ? spelledGate : gate);
  // A routed token is gathered to its expert and scattered back: read and write, twice, per expert taken.
  const sent = (f.experts?.latent ?? shape.hidden) / shape.hidden;
  const routing = f.experts ? mixed * 12 * f.experts.perToken * sent : 0;
  const gemms = f.gated ? 7 : 6;
  const small = (rms ? 14 : 4) + (rotary ? 10 : 2) + 3 + (f.gated ? 2 : 1) + (a.qkNorm ? 14 : 0);
  const latent = a.kind === 'mla' ? latentKernels : 0;
  const kernels = eager ? gemms + small + 2 : fusion === 'fused' ? gemms + 10 : gemms + 6;
  return {
    bytes: norm + rope + residual + activation + routing,
    kernels: (kernels + latent) / (single ? 2 : 1) + scans * scanKernels + (f.experts ? mixed * (eager ? 30 : 40) : 0),
  };
}

/** Kernels of a layer of a denoising transformer with one stream, and those of a second stream or attention (diffusers 0.40: 47 to 94). */
const denoiserKernels = { one: 55, second: 37 } as const;

/** Kernels of latent attention beyond those of plain: two more products, norms of both latents, splits, and heads put together of a part that turns and one that does not. */
const latentKernels = 12;

/** Kernels of a scan in chunks beyond those of the attention in whose place it stands: convolution, decays, states, their passing, products. */
const scanKernels = 5;

/**
 * Bytes per token and hidden unit that a flavour adds to a forward pass: unfused attention lays query, key, value and result out
 * anew for its batched products; a dropout behind attention and feed-forward reads, masks and writes. Both move as much
 * backward as forward, not 2.27 times: what is counted here is their share of forward and backward together.
 */
export function flavourTraffic(plan: Plan, shape: TransformerShape): number {
  if (fusionOf(plan) !== 'eager') return 0;
  const wide = (shape.attention.heads * shape.attention.headDim) / shape.hidden;
  const copies = plan.attention === 'eager' ? 16 * wide : 0;
  const dropout = plan.task !== 'serving' && flavourOf(plan, shape).hiddenDropout ? 10 : 0;
  return ((copies + dropout) * 2) / (1 + backwardTraffic) + (segmentsOf(shape)?.traffic ?? 0);
}

/**
 * Bytes per unit of inner width that gpt-oss's experts move between their products, in every framework that has no kernel of its
 * own for them (Megatron before its containers of 2026-08): biases added expert by expert and joined (16), two clamps, `x sigmoid(1.702 x)`,
 * the shifted other half and the product (32), the router's weight (4).
 */
const spelledGate = 52;

/** Whether gate and up are clamped and shifted before they are multiplied, with a bias for each expert. */
function spellsGate({ family, feedForward }: TransformerShape): boolean {
  return feedForward.experts !== undefined && /^gpt_oss/.test(family);
}

/** Bytes over those of 16-bit code: fp32 operators move twice as much but cast nothing; autocast keeps the residual wide. */
export function widthFactor(plan: Plan): number {
  if (plan.precision.compute === 'fp32' || plan.precision.compute === 'tf32') return 1.45;
  return plan.precision.autocast && plan.precision.parameters === 'fp32' && plan.stack !== 'megatron' ? 1.25 : 1;
}

/** Bytes per token and vocabulary entry that the loss moves, forward and backward: casts, log-softmax, its gradient. */
export function lossTraffic(plan: Plan): number {
  const fusion = fusionOf(plan);
  return plan.fusedLoss || fusion === 'fused' ? 10 : fusion === 'compiled' ? 14 : 32;
}

/** Bytes of one pass forward and one backward. */
interface Passes {
  readonly forward: number;
  readonly backward: number;
}

/** Products write and read scores, scale and mask pass over them, softmax once more, all in 16 bits. */
const narrowScores: Passes = { forward: 16, backward: 18 };
/** Softmax in fp32 with its result cast back (Hugging Face's decoders). */
const widenedSoftmax: Passes = { forward: 24, backward: 28 };
/** Autocast casts the scores, keeps softmax and dropout in fp32, and casts what the second product reads. */
const autocastSoftmax: Passes = { forward: 32, backward: 36 };
/** Scale, mask and softmax in one kernel that stays in 16 bits (Megatron), dropout beside it. */
const fusedSoftmax: Passes = { forward: 13, backward: 19 };
/** Dropout of the probabilities reads, writes and keeps or reads a mask of bytes; twice as wide but for the mask in fp32. */
const probabilityDropout = { narrow: 5, wide: 9 } as const;

/** Bytes that unfused attention moves per head, token and key in 16-bit code, counted from its operators' reads and writes. */
export function unfusedAttentionBytes(plan: Plan, shape: TransformerShape): Passes {
  if (plan.stack === 'megatron') return fusedSoftmax;
  const { hiddenDropout, narrowSoftmax } = flavourOf(plan, shape);
  const half = plan.precision.compute !== 'fp32' && plan.precision.compute !== 'tf32';
  const autocast = half && plan.precision.autocast;
  const base = autocast ? autocastSoftmax : narrowSoftmax || !half ? narrowScores : widenedSoftmax;
  const drops = plan.task !== 'serving' && hiddenDropout;
  const dropout = drops ? probabilityDropout[autocast ? 'wide' : 'narrow'] : 0;
  return { forward: base.forward + dropout, backward: base.backward + dropout };
}
