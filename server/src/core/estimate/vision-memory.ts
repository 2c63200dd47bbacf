import { bytesPerElement, type Plan } from './plan.ts';

/**
 * Bytes kept for the backward pass over bytes of conv and linear outputs in fp32, by family, measured on timm
 * models in train mode: two for plain residual nets, more where activations cannot work in place.
 */
const keptOverOutputs: readonly (readonly [RegExp, number])[] = [
  [/densenet/, 4.7],
  [/efficientnet|tf_efficient|mixnet/, 3.3],
  [/mobilenet|ghostnet|inception|maxvit|mnasnet/, 2.7],
  [/vgg(?!.*bn)/, 1.35],
  [/resnet18|resnet34|regnety|res2net|vgg/, 2.3],
  [/vit|deit|beit/, 1.9],
  [/./, 2],
];
/** Autocast keeps about half of it: outputs in 16 bits, statistics and masks as they were. */
const autocastShare = 0.53;
/** Workspaces that cuDNN picks while benchmarking: 0.1 to 1 GB. */
const cudnnWorkspace = 0.3 * 2 ** 30;

/** Activation bytes of a vision network known by its operation counts. */
export function visionActivationBytes(plan: Plan): number {
  const { vision, microBatch, imageSize, precision } = plan;
  if (!vision) return 0;
  const factor = keptOverOutputs.find(([family]) => family.test(vision.family))?.[1] ?? 2;
  const area = (imageSize / vision.imageSize) ** 2;
  const narrow = bytesPerElement[precision.compute] < 4;
  const width = narrow ? 4 * autocastShare : 4;
  return factor * width * vision.activations * area * microBatch + cudnnWorkspace;
}
