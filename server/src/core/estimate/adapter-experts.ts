import type { TransformerShape } from '../workload/architecture.ts';
import type { CodeSpec } from '../workload/spec.ts';
import { bytesPerElement, type Plan } from './plan.ts';

// transformers holds a mixture's experts in two tensors since its release 5: gate and up of all of them, and down of all of them.

const stacking = new Set<CodeSpec['stack']>(['hf-trainer', 'trl', 'accelerate', 'pytorch', 'axolotl', 'llamafactory']);

/** Whether the experts of a layer are two tensors rather than a module each. */
export function stacksExperts({ stack }: Pick<Plan, 'stack'>): boolean {
  return stacking.has(stack);
}

/** Elements of the bigger of the two: gate and up of all experts of a layer. */
export function stackedMatrix(shape: TransformerShape): number {
  const { hidden, feedForward: f } = shape;
  return f.experts ? f.experts.count * (f.gated ? 2 : 1) * hidden * f.experts.width : 0;
}

/**
 * Whether adapters are added to the weights of stacked experts in each pass: peft gives a stack no path of its own beside the
 * weights (peft 0.21, `ParamWrapper`).
 */
export function mergesAdapters(plan: Plan): boolean {
  const { adapter, shape } = plan;
  if (!adapter || !shape?.feedForward.experts || !stacksExperts(plan)) return false;
  return adapter.targets.gate || adapter.targets.up || adapter.targets.down;
}

/** Bytes of one layer's stacked experts with their adapters added on, which the layer keeps for its backward pass. */
export function mergedExperts(plan: Plan): number {
  const { adapter, shape, parallel } = plan;
  const experts = shape?.feedForward.experts;
  if (!adapter || !shape || !experts || !mergesAdapters(plan)) return 0;
  const { gate, up, down } = adapter.targets;
  const matrices = (gate || up ? (shape.feedForward.gated ? 2 : 1) : 0) + Number(down);
  const e = Math.max(2, bytesPerElement[plan.precision.compute]);
  return (e * matrices * experts.count * shape.hidden * experts.width) / Math.max(1, parallel.expert * parallel.tensor);
}
