import type { Accelerator } from '#core/catalog/accelerator.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import type { ParallelPlan, Plan } from '#core/estimate/plan.ts';
import { bytes, bytesPerGiB } from '#core/units/quantity.ts';
import { decoder } from './shapes.ts';

/** An H100 SXM by its data sheet. */
export const h100: Accelerator = {
  name: 'H100-SXM',
  vendor: 'NVIDIA',
  architecture: 'Hopper',
  memory: bytes(80 * bytesPerGiB),
  bandwidth: 3.35e12,
  peak: { fp32: 67e12, tf32: 494.5e12, fp16: 989e12, bf16: 989e12, fp8: 1979e12 },
  interconnect: 'NVLink 4',
  linkBandwidth: 450e9,
  powerWatts: 700,
  perNode: 8,
  aliases: [],
  source: 'NVIDIA H100 data sheet',
};

/** An A100 SXM by its data sheet. */
export const a100: Accelerator = {
  ...h100,
  name: 'A100-80GB-SXM',
  architecture: 'Ampere',
  bandwidth: 2.039e12,
  peak: { fp32: 19.5e12, tf32: 156e12, fp16: 312e12, bf16: 312e12 },
  interconnect: 'NVLink 3',
  linkBandwidth: 300e9,
  powerWatts: 400,
};

/** A B200 by its data sheet. */
export const b200: Accelerator = {
  ...h100,
  name: 'B200',
  architecture: 'Blackwell',
  bandwidth: 8e12,
  peak: { fp32: 80e12, tf32: 1125e12, fp16: 2250e12, bf16: 2250e12, fp8: 4500e12, fp4: 9000e12 },
  interconnect: 'NVLink 5',
  linkBandwidth: 900e9,
  powerWatts: 1000,
};

export const llama8b = decoder({
  hidden: 4096,
  layers: 32,
  heads: 32,
  kvHeads: 8,
  width: 14336,
  vocabulary: 128256,
});

const alone: ParallelPlan = {
  data: 1,
  tensor: 1,
  pipeline: 1,
  context: 1,
  expert: 1,
  sequence: false,
  zeroStage: 0,
  shardGroup: 1,
  offloadOptimizer: 'none',
  offloadParameters: 'none',
  implementation: 'none',
  pipelineChunks: 1,
};

/** A full fine-tuning of Llama 3 8B on one H100, changed in what a test is about. */
export function trainingPlan(change: Partial<Plan> = {}, parallel: Partial<ParallelPlan> = {}): Plan {
  const shape = change.shape ?? llama8b;
  const counts = countParameters(shape);
  return {
    task: 'finetune',
    stack: 'hf-trainer',
    shape,
    counts,
    parameters: counts.total,
    active: counts.active,
    trainable: counts.total,
    frozenParameters: 0,
    referenceModel: false,
    doubleQuantization: false,
    precision: { parameters: 'bf16', compute: 'bf16', autocast: false, masterWeights: false, gradients: 'bf16' },
    optimizer: { name: 'adamw', fused: true, inBackward: false },
    attention: 'flash',
    compiled: false,
    channelsLast: false,
    fusedLoss: false,
    fusedLayers: false,
    sequenceLength: 4096,
    meanLength: 4096,
    packed: true,
    paddingFree: false,
    groupedByLength: false,
    written: 1,
    imageSize: 224,
    microBatch: 1,
    accumulation: 1,
    recompute: 'none',
    recomputeOffloaded: false,
    checkpoint: { enabled: false, savesOptimizer: true },
    accelerator: h100,
    devices: 1,
    perNode: 1,
    nodes: 1,
    ...change,
    parallel: { ...alone, ...parallel },
  };
}
