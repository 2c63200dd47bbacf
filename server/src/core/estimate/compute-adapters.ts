import type { TransformerShape } from '../workload/architecture.ts';
import { adaptedMatrices, type Matrix } from './adapter-matrices.ts';
import { methodOf, type WeightWork, worked } from './adapter-methods.ts';
import { subspacesOf } from './adapter-save.ts';
import { type MatmulRates, matmulRates, matmulSeconds } from './compute-matmul.ts';
import { type DeviceRates, elementwiseBandwidth } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import { type AdapterPlan, bytesPerElement, type Plan } from './plan.ts';

/**
 * Bytes of a token that low-rank products move under autocast over those in one format: the input is widened and narrowed
 * again, products and sums stay in 16 bits.
 */
const autocast = { inputs: 12 / 10, outputs: 7 / 18 } as const;

/** Seconds that low-rank products beside the frozen linears take in one micro-batch, forward and backward. */
export function adapterSeconds(
  plan: Plan,
  shape: TransformerShape,
  tokens: number,
  rates: DeviceRates,
  k: Efficiency,
): number {
  const { adapter } = plan;
  if (!adapter) return 0;
  const mixed = plan.precision.autocast && adapter.precision === 'fp32';
  const wide = adapter.precision === 'fp32' ? 1 : 0.5;
  const [inputs, outputs] = methodOf(adapter).moved;
  const ofInput = inputs * (mixed ? autocast.inputs : 1);
  const ofOutput = outputs * (mixed ? autocast.outputs : 1);
  const matrices = adaptedMatrices(shape, adapter.targets);
  const bytes = wide * matrices.reduce((sum, one) => sum + ofInput * one.inputs + ofOutput * one.outputs, 0);
  return (
    (bytes * tokens * shape.layers) / plan.parallel.tensor / elementwiseBandwidth(rates, 2 * tokens * shape.hidden, k)
  );
}

/** Kernels that methods without adapted linears add to a layer, forward and backward (operators of peft 0.21 on Llama code). */
const layerKernels: Readonly<Record<string, readonly [forward: number, backward: number]>> = {
  adaption_prompt: [24, 17],
  prefix_tuning: [11, 0],
};

/** Kernels that the adapters of one layer add, counted in forward passes of which the backward pass has `backward` more. */
export function adapterKernels({ adapter }: Plan, shape: TransformerShape, backward: number): number {
  if (!adapter) return 0;
  const ofLayer = layerKernels[adapter.method ?? 'lora'];
  if (ofLayer) return (ofLayer[0] + ofLayer[1]) / (1 + backward);
  const { kernels, kernelsOfPart: part } = methodOf(adapter);
  const parts = part ? subspacesOf(adapter, shape) * (part[0] + part[1]) : 0;
  return (adaptedMatrices(shape, adapter.targets).length * (kernels[0] + kernels[1] + parts)) / (1 + backward);
}

/** Passes of a product in training: forward, and for each of its two gradients. */
const trainingPasses = 3;

/**
 * Seconds that a method works on its weights and multiplies tokens with what it spells out of them, in one training pass;
 * `base`: rates of the base's products, `again`: share of the forward pass that is repeated.
 */
export function weightSpaceSeconds(
  plan: Plan,
  shape: TransformerShape,
  tokens: number,
  rates: DeviceRates,
  base: MatmulRates,
  k: Efficiency,
  again: number,
): number {
  const { adapter } = plan;
  if (adapter?.method === 'adaption_prompt') return promptSeconds(adapter, shape, tokens, base) * shape.layers;
  const work = adapter && methodOf(adapter).weights;
  if (!work) return 0;
  // What a method builds lies in the adapter's format, and its products run there.
  const wide = bytesPerElement[adapter.precision] >= 4 && !plan.precision.autocast;
  const own = matmulRates(rates, wide ? 'fp32' : plan.precision.compute, k, 1);
  const passes = trainingPasses + again;
  let seconds = 0;
  for (const matrix of adaptedMatrices(shape, adapter.targets)) {
    const moved = (work.forward * (1 + again) + work.backward) * worked(matrix, work, adapter.rank);
    seconds += moved / (rates.bandwidth * k.memoryShare) + productSeconds(matrix, work, tokens, own, base) * passes;
  }
  return (seconds * shape.layers) / plan.parallel.tensor;
}

/** Bytes that scores over a prompt move for a token, a head and a trained row: two products, scale, softmax in fp32 and its cast, and their gradients. */
const scoreBytes = 40;

/** Seconds that LLaMA-Adapter's attention over its prompt takes in a layer: queries are projected anew, forward and backward (peft). */
function promptSeconds({ parameters }: AdapterPlan, shape: TransformerShape, tokens: number, at: MatmulRates): number {
  const { heads, headDim } = shape.attention;
  const length = Math.max(0, (parameters / shape.layers - 1) / shape.hidden);
  return (
    2 * matmulSeconds(tokens, shape.hidden, heads * headDim, at) + (scoreBytes * heads * length * tokens) / at.memory
  );
}

/** Seconds of one pass of a method's products: tokens with what it spells out, the matrix with a square one. */
function productSeconds(
  { inputs, outputs }: Matrix,
  work: WeightWork,
  tokens: number,
  own: MatmulRates,
  base: MatmulRates,
): number {
  const narrow = Math.min(inputs, outputs);
  const wide = work.of === 'matrix' ? outputs : work.of === 'input' ? inputs : narrow;
  const spelled = work.products
    ? work.products *
      matmulSeconds(tokens, work.of === 'narrow' ? narrow : inputs, wide, work.narrowProducts ? base : own)
    : 0;
  return spelled + (work.square ? matmulSeconds(outputs, inputs, narrow, own) : 0);
}
