import type { TransformerShape } from '../workload/architecture.ts';
import type { AdapterTargets } from './plan.ts';

/** Input and output width of one matrix. */
export interface Matrix {
  readonly inputs: number;
  readonly outputs: number;
}

/** The adapted matrices of one layer; of a mixture's experts those that a token passes, side by side. */
export function adaptedMatrices(shape: TransformerShape, targets: AdapterTargets): readonly Matrix[] {
  const { hidden: h, attention: a, feedForward: f } = shape;
  const query = a.heads * a.headDim;
  const key = a.kvHeads * a.headDim;
  const width = f.experts ? f.experts.perToken * f.experts.width + f.experts.sharedWidth : f.width;
  const all: readonly (readonly [boolean, number, number])[] = [
    [targets.query, h, query],
    [targets.key, h, key],
    [targets.value, h, key],
    [targets.output, query, h],
    [targets.gate && f.gated, h, width],
    [targets.up, h, width],
    [targets.down, width, h],
  ];
  return all.filter(([on]) => on).map(([, inputs, outputs]) => ({ inputs, outputs }));
}

/** Widest input and widest output of some matrices. */
export function widest(matrices: readonly Matrix[]): Matrix {
  return {
    inputs: Math.max(0, ...matrices.map(({ inputs }) => inputs)),
    outputs: Math.max(0, ...matrices.map(({ outputs }) => outputs)),
  };
}
