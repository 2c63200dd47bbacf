import type { Precision } from '../workload/spec.ts';
import { isNarrow } from './compute-casts.ts';
import { type DeviceRates, matmulCeiling, narrowCeiling } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';

/** A device under one compute format: what a matmul's time is worked out from. */
export interface MatmulRates {
  /** FLOP/s of large matmuls. */
  readonly compute: number;
  /** Bytes per second of their operands. */
  readonly memory: number;
  /** Bytes of one operand element. */
  readonly element: number;
}

/** Bytes of one matmul operand. */
function elementOf(compute: Precision): number {
  return compute === 'fp32' || compute === 'tf32' ? 4 : 2;
}

/** Rates of a device under a compute format; `share` is what the code around the matmuls leaves of the ceiling. */
export function matmulRates(rates: DeviceRates, compute: Precision, k: Efficiency, share = 1): MatmulRates {
  return {
    compute: (isNarrow(compute) ? narrowCeiling(rates, compute, k) : matmulCeiling(rates, compute, k)) * share,
    memory: rates.bandwidth * k.memoryShare,
    element: elementOf(compute),
  };
}

/**
 * Seconds of one matmul of `m x inputs` by `inputs x outputs`: the roofline with a rounded knee,
 * `sqrt((F / P e_c)^2 + (bytes / B e_m)^2)`, as fitted on public operator tables of five GPU generations.
 */
export function matmulSeconds(m: number, inputs: number, outputs: number, at: MatmulRates): number {
  const compute = (2 * m * inputs * outputs) / at.compute;
  const memory = (at.element * (m * inputs + m * outputs + inputs * outputs)) / at.memory;
  return Math.sqrt(compute * compute + memory * memory);
}
