import type { ConvolutionalShape } from '../workload/architecture.ts';
import { busBandwidth, domainOf, groupOf, networkOf, reduceSeconds } from './communication.ts';
import { optimizerSeconds } from './compute-optimizer.ts';
import { type DeviceRates, matmulCeiling } from './compute-rates.ts';
import { fusionOf } from './compute-traffic.ts';
import type { Efficiency } from './efficiency.ts';
import { imageScale } from './flops.ts';
import type { Plan } from './plan.ts';
import { hostExcess, idle, type StepSeconds } from './step-parts.ts';
import { unetSeconds } from './unet.ts';

/**
 * Bytes saved per activation element over those of a plain residual network, measured by family on 26 networks
 * in training: what is saved is written and read, so traffic follows it. Other families are taken as plain.
 */
const familyTraffic: readonly (readonly [RegExp, number])[] = [
  [/densenet/i, 2.35],
  [/efficientnet/i, 1.65],
  [/mobilenet|mnasnet|ghostnet|inception|maxvit/i, 1.35],
  [/regnety|res2net|resnet18|resnet34|vgg.*bn/i, 1.13],
  [/^vgg/i, 0.68],
];

function trafficOf(family: string): number {
  return familyTraffic.find(([pattern]) => pattern.test(family))?.[1] ?? 1;
}

/**
 * Times that an activation element is read or written to turn its layout: matrix units convolve with channels innermost, so cuDNN
 * turns a convolution's input and output of the other layout, forward and for both gradients, reading and writing each.
 */
const layoutPasses = 12;

/**
 * Format that convolutions compute in: what is asked for, but TF32 for fp32 on cards that have it, which cuDNN is allowed to take
 * unless a program forbids it (`torch.backends.cudnn.allow_tf32`, true since PyTorch 1.7; TensorFlow since 2.4), while matmuls are not.
 */
function convolutionFormat({ precision, vision }: Plan, rates: DeviceRates): Plan['precision']['compute'] {
  const convolves = vision !== undefined && !ofPatches.test(vision.family);
  return precision.compute === 'fp32' && convolves && rates.tf32 > rates.vector ? 'tf32' : precision.compute;
}

/** Families whose work is matmuls rather than convolutions. */
const ofPatches = /vit|deit|beit|swin|mixer|cait|xcit|pvt|twins|eva|crossvit|gmlp|poolformer|nest|coat/i;

/** Families whose convolutions keep to vector units, one filter a channel, or to the first layer: their layout costs nothing. */
const convolvesLittle = new RegExp(`${ofPatches.source}|convnext`, 'i');

/** Whether convolutions turn their operands: images in PyTorch's default layout on matrix units, in code that no compiler lays out. */
function turnsLayout(plan: Plan, rates: DeviceRates): boolean {
  if (plan.channelsLast || fusionOf(plan) === 'compiled') return false;
  if (plan.vision && convolvesLittle.test(plan.vision.family)) return false;
  const compute = convolutionFormat(plan, rates);
  return compute === 'tf32' ? rates.tf32 > rates.vector : compute !== 'fp32';
}

/** Share of a training pass that inference makes: forward of three equal passes. */
const forwardShare = 1 / 3;

/** Seconds of device work for one image: multiply-accumulates, then the traffic of what lies between them. */
export function imageSeconds(
  plan: Plan,
  vision: ConvolutionalShape,
  rates: DeviceRates,
  k: Efficiency,
  training: boolean,
): { readonly work: number; readonly moved: number } {
  const scale = imageScale(plan);
  const compute = convolutionFormat(plan, rates);
  const passes = training ? 1 : forwardShare;
  const again = training && plan.recompute === 'full' ? 4 / 3 : 1;
  const work =
    (6 * vision.macs * scale) / (matmulCeiling(rates, compute, k) * (compute === 'fp32' ? 1 : k.convolution));
  const element = compute === 'fp32' || compute === 'tf32' ? 4 : 2;
  const fused = fusionOf(plan) === 'eager' ? 1 : 0.7;
  const turned = training && turnsLayout(plan, rates) ? layoutPasses : 0;
  const moved =
    (vision.activations * scale * element * (k.visionTraffic * trafficOf(vision.family) * fused + turned)) /
    (rates.bandwidth * k.memoryShare);
  return { work: work * passes * again, moved: moved * passes * again };
}

/** Images that one CPU core decodes and augments in a second at 224 pixels (JPEG, torchvision or Pillow-SIMD: 100-150). */
const imagesPerCore = 120;
/** Images of fewer pixels a side are not decoded from photographs: they lie in arrays (CIFAR, MNIST). */
const photograph = 160;
/** Arrays of 32 pixels that one core crops, flips, turns into tensors and normalises in a second (Pillow 12, torch 2.13: 4,900). */
const arraysPerCore = 5000;

/** Seconds of one optimiser step of a vision network; bound by the loader where its workers are stated and too few. */
export function visionStep(plan: Plan, vision: ConvolutionalShape, rates: DeviceRates, k: Efficiency): StepSeconds {
  const images = plan.microBatch * plan.accumulation;
  if (plan.task === 'serving') return servedBatch(plan, vision, rates, k);
  const unet = vision.denoises ? unetSeconds(plan, vision, vision.denoises, rates, k) : undefined;
  const image = unet ?? imageSeconds(plan, vision, rates, k, true);
  const attention = images * (unet?.attention ?? 0);
  const working = images * (image.work + image.moved) + attention;
  const host = unet
    ? plan.accumulation * hostExcess(working / plan.accumulation, unet.kernels * k.launch * rates.host)
    : 0;
  const device = working + host;
  const g = groupOf(plan.parallel.data, 1, domainOf(plan, rates));
  const gradient = plan.precision.gradients === 'fp32' ? 4 : 2;
  const reduce = reduceSeconds(plan.trainable * gradient, g, busBandwidth(g, rates, networkOf(plan, rates), k));
  const hidden = Math.min(reduce, 0.6 * device);
  const optimizer = optimizerSeconds(plan, rates, k);
  const perCore = plan.imageSize >= photograph ? imagesPerCore : arraysPerCore;
  const loading = plan.workers && plan.workers > 0 ? images / (plan.workers * perCore) : 0;
  // Without workers the process that trains decodes as well, between two steps.
  const serial = plan.workers === 0 && plan.imageSize >= photograph ? images / imagesPerCore : 0;
  const overhead = k.stepOverhead;
  const busy = device + reduce - hidden + k.overlapCost * hidden + optimizer + overhead;
  return {
    ...idle,
    matmuls: images * image.work,
    attention,
    elementwise: images * image.moved,
    host,
    communication: reduce - hidden + k.overlapCost * hidden,
    optimizer: optimizer + overhead,
    data: serial > 0 ? serial : Math.max(0, loading - busy),
  };
}

/** One batch of a served vision network: a forward pass, at least what its host takes to launch it. */
function servedBatch(plan: Plan, vision: ConvolutionalShape, rates: DeviceRates, k: Efficiency): StepSeconds {
  const image = imageSeconds(plan, vision, rates, k, false);
  const matmuls = plan.microBatch * image.work;
  const elementwise = plan.microBatch * image.moved;
  const host = hostExcess(matmuls + elementwise, servedKernels * k.launch * rates.host);
  return { ...idle, matmuls, elementwise, host, data: servedLoop * rates.host };
}

/** Seconds of the loop around a served batch: the next images copied, the answer awaited (NVIDIA's tables at one image: 3 to 5 ms). */
const servedLoop = 4e-3;

/** Kernels of a forward pass of a network of about fifty layers. */
const servedKernels = 170;
