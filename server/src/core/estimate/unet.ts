import type { ConvolutionalShape, UNetShape } from '../workload/architecture.ts';
import { type DeviceRates, matmulCeiling } from './compute-rates.ts';
import { fusionOf } from './compute-traffic.ts';
import type { Efficiency } from './efficiency.ts';
import { imageScale } from './flops.ts';
import { bytesPerElement, type Plan } from './plan.ts';

/** Bytes kept over those of all outputs of convolutions and linears in fp32, all weights trained in it (SD 1.5 1.97, SDXL 1.93). */
const keptOverOutputs = 1.95;
/** Share of it under autocast over fp32 weights (0.66, 0.58), and under adapters over a frozen 16-bit base (0.58, 0.53). */
const autocastShare = 0.62;
const adaptedShare = 0.55;
const narrowShare = 0.5;
/** Share of it that blocks' inputs take where blocks are computed again, and that of the block at work. */
const boundaryShare = 0.165;
const workShare = 0.13;
/** Share of all scores that the largest attention has: one of five at full size. */
const largestScores = 0.2;

/** Bytes of activations for a batch: kept over the forward pass, and of the block at work. */
export interface UNetBytes {
  readonly kept: number;
  readonly atWork: number;
}

/** Bytes that a UNet keeps: linear in the area of its pictures, but for scores that are spelled out, which grow with its square. */
export function unetBytes(plan: Plan, vision: ConvolutionalShape, unet: UNetShape): UNetBytes {
  const area = imageScale(plan);
  const narrow = bytesPerElement[plan.precision.compute] < 4;
  const share = !narrow ? 1 : plan.adapter ? adaptedShare : plan.precision.autocast ? autocastShare : narrowShare;
  const all = plan.microBatch * area * 4 * keptOverOutputs * vision.activations * share;
  // Softmax under autocast is fp32, and cast for the product.
  const score = !narrow ? 4 : plan.precision.autocast ? 6 : 2;
  const scores = plan.attention === 'eager' ? plan.microBatch * area * area * unet.scores * score : 0;
  if (plan.recompute === 'none') return { kept: all + scores, atWork: largestScores * scores };
  return { kept: boundaryShare * all, atWork: workShare * all + 2 * largestScores * scores };
}

/** Bytes that the operators between the products move backward over those forward (1.3 to 2.1). */
const backwardTraffic = 1.7;
/** Passes over spelled-out scores, forward and backward together, in elements: scale, softmax, its gradient, products. */
const scorePasses = 14;
/** Kernels backward over forward. */
const backwardKernels = 1.1;
/** Kernels of adapters on the projections of attention, over those of the network itself (SD 1.5 1.2, SDXL 1.45). */
const adapterKernels = 1.35;
/** Share of the rate of products that attention over heads of 40 to 64 channels reaches. */
const attentionShare = 0.5;

/** Seconds of one picture in training on the device, and launches of one batch. */
export function unetSeconds(
  plan: Plan,
  vision: ConvolutionalShape,
  unet: UNetShape,
  rates: DeviceRates,
  k: Efficiency,
): { readonly work: number; readonly attention: number; readonly moved: number; readonly kernels: number } {
  const area = imageScale(plan);
  const { compute } = plan.precision;
  const ceiling = matmulCeiling(rates, compute, k);
  const again = plan.recompute === 'none' ? 0 : 1;
  const passes = 2 + again + (plan.adapter ? 0 : 1);
  const work = (2 * (vision.macs - unet.attention) * area * passes) / ceiling;
  // Backward does 2.5 times the work of forward.
  const attention = (2 * unet.attention * area * area * (3.5 + again)) / (ceiling * attentionShare);
  const element = bytesPerElement[compute] >= 4 ? 4 : 2;
  const scores = plan.attention === 'eager' ? unet.scores * area * area * element * (scorePasses + 5 * again) : 0;
  const fused = fusionOf(plan) === 'eager' ? 1 : 0.4;
  const moved = unet.moved * area * (1 + backwardTraffic + again) * fused + scores;
  return {
    work,
    attention,
    moved: moved / (rates.bandwidth * k.memoryShare),
    kernels: unet.kernels * (plan.adapter ? adapterKernels : 1) * (1 + backwardKernels + again) * fused,
  };
}
