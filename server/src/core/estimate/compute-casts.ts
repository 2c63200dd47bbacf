import type { TransformerShape } from '../workload/architecture.ts';
import type { Precision } from '../workload/spec.ts';
import type { DeviceRates } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import { linearsOf } from './flops-linears.ts';
import type { Plan } from './plan.ts';

/** Seconds that narrow products spend on bringing their operands to eight or four bits, one micro-batch on one rank. */
export interface CastSeconds {
  /** Inputs, in every forward pass. */
  readonly forward: number;
  /** Gradients of outputs, once. */
  readonly backward: number;
  /** Weights, once a micro-batch where nothing keeps the narrow copy. */
  readonly weights: number;
}

const none: CastSeconds = { forward: 0, backward: 0, weights: 0 };

/**
 * Bytes of one element's cast: read in 16 bits, written along rows for one product and along columns for the other. A scale for a whole tensor is known
 * only after one more pass over it (dynamic and current scaling); a scale for every 32 or 16 elements (MX, NVFP4) is found on the way.
 */
const castBytes = { tensor: 6, block: 4 } as const;

/** Formats whose products read operands narrower than 16 bits. */
export function isNarrow(compute: Precision): boolean {
  return compute === 'fp8' || compute === 'fp4' || compute === 'mxfp4';
}

/** Casts of all linears of a model; nothing in formats of 16 bits and more, nor where nothing is trained. */
export function castSeconds(
  plan: Plan,
  shape: TransformerShape,
  tokens: number,
  rates: DeviceRates,
  k: Efficiency,
): CastSeconds {
  if (!isNarrow(plan.precision.compute) || plan.task === 'serving') return none;
  const { tensor, expert } = plan.parallel;
  const { experts } = shape.feedForward;
  const bytes = rates.generation === 'blackwell' ? castBytes.block : castBytes.tensor;
  let inputs = 0;
  let outputs = 0;
  let weights = 0;
  for (const one of linearsOf(shape)) {
    if (one.expert && experts) {
      const local = Math.max(1, experts.count / expert);
      const rows = (tokens * experts.perToken) / tensor;
      // In one kernel with the activation, only what goes into the first product and its gradient are cast apart.
      if (!plan.recordedSteps || one.part === 'expert-in') inputs += one.count * rows * one.inputs;
      if (!plan.recordedSteps || one.part === 'expert-out') outputs += one.count * rows * one.outputs;
      weights += one.count * local * one.inputs * one.outputs;
    } else {
      inputs += (one.count * tokens * one.inputs) / (one.cut === 'inputs' ? tensor : 1);
      outputs += (one.count * tokens * one.outputs) / (one.cut === 'outputs' ? tensor : 1);
      weights += (one.count * one.inputs * one.outputs) / tensor;
    }
  }
  const rate = bytes / (rates.bandwidth * k.memoryShare);
  // Query, key and value read one input, as do gate and up: what is cast once serves them all.
  const kept = plan.parallel.implementation === 'megatron' ? 1 / Math.max(1, plan.accumulation) : 2;
  return { forward: inputs * sharedInputs * rate, backward: outputs * rate, weights: weights * kept * rate };
}

/** Distinct inputs over inputs of all linears: four over seven in a gated layer, fewer where projections are one matrix. */
const sharedInputs = 0.6;
