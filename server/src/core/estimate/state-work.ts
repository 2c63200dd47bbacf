import type { StateMixer, TransformerShape } from '../workload/architecture.ts';
import { type DeviceRates, halfCeiling } from './compute-rates.ts';
import { type Efficiency, olderPath } from './efficiency.ts';
import { stateLayers } from './layer-kinds.ts';
import type { Plan } from './plan.ts';

/** What the kernels of one layer that keeps a state do for one token, its projections left out. */
export interface StateWork {
  /** Bytes read and written. */
  readonly bytes: number;
  /** Multiply-adds of small matrix products, counted two each. */
  readonly flops: number;
  /** Exponentials, of which a device makes a sixteenth of its fp32 FLOP/s. */
  readonly exponentials: number;
}

interface Passes {
  readonly forward: StateWork;
  readonly backward: StateWork;
}

/** Bytes of fp32, which states between chunks and products of keys are kept in. */
const wide = 4;

/**
 * Mamba-2's training path, kernel by kernel (state-spaces/mamba `ssd_combined.py`): convolution, cumulated decays, states of chunks,
 * their passing on, products of keys and queries, the scan, the gated norm; backward all but the scan again before twelve more.
 */
function scanInChunks(m: StateMixer, e: number): Passes {
  const state = (m.inner * m.size) / m.chunk;
  const products = (m.keys / m.size) * m.chunk;
  const far = 2 * m.inner * m.size;
  const near = m.inner * m.chunk;
  const scores = 2 * products * m.size;
  return {
    forward: {
      bytes: e * (2 * m.convolved + 6 * m.inner + 4 * m.keys) + (2 * wide + 2 * e) * state + 2 * wide * products,
      flops: 2 * far + near + scores,
      exponentials: 0,
    },
    backward: {
      bytes:
        e * (5 * m.convolved + 17 * m.inner + 11 * m.keys) +
        4 * wide * m.keys +
        (6 * wide + 5 * e) * state +
        6 * wide * products,
      flops: 5 * far + 3 * near + 3 * scores,
      exponentials: 0,
    },
  };
}

/**
 * The gated delta rule in chunks (fla-org/flash-linear-attention `gated_delta_rule/chunk.py`): convolution, keys and queries laid out for
 * every head and normed, the chunk's triangular system, states, outputs, the gated norm; backward the system's products and the states again.
 */
function deltaInChunks(m: StateMixer, e: number): Passes {
  const keys = m.heads * m.size;
  const state = (m.inner * m.size) / m.chunk;
  const system = m.heads * m.chunk;
  const far = 2 * m.inner * m.size;
  return {
    forward: {
      bytes: e * (2 * m.convolved + 2 * m.keys + 12 * keys + 9 * m.inner + system + 2 * state),
      flops: 3 * far + m.chunk * (6 * keys + 4 * m.inner),
      exponentials: 0,
    },
    backward: {
      bytes: e * (3 * m.convolved + 2 * m.keys + 29 * keys + 20 * m.inner + 2 * system + 4 * state),
      flops: 8 * far + m.chunk * (14 * keys + 12 * m.inner),
      exponentials: 0,
    },
  };
}

/** Linear attention in chunks: activations of queries, keys and values, products, states, norm and gate. */
function linearInChunks(m: StateMixer, e: number): Passes {
  const state = (m.inner * m.size) / m.chunk;
  const far = 2 * m.inner * m.size;
  return {
    forward: {
      bytes: e * (16 * m.inner + 2 * state),
      flops: 2 * far + 2 * m.chunk * m.inner,
      exponentials: 0,
    },
    backward: {
      bytes: e * (40 * m.inner + 4 * state),
      flops: 5 * far + 5 * m.chunk * m.inner,
      exponentials: 0,
    },
  };
}

/** Mamba's scan (`selective_scan_interface.py`): one kernel each way that keeps the state in registers, an exponential for each of its elements. */
function selectiveScan(m: StateMixer, e: number): Passes {
  const elements = m.inner * m.size;
  return {
    forward: { bytes: e * (2 * m.convolved + 5 * m.inner), flops: 0, exponentials: elements },
    backward: { bytes: e * (5 * m.convolved + 10 * m.inner), flops: 0, exponentials: 2 * elements },
  };
}

/** Passes over tensors of the layer's width: products and a convolution (LFM2), or mixes with the token before and the weighted sum (RWKV-4). */
function plainPasses(m: StateMixer, e: number): Passes {
  const passes = m.kind === 'recurrent' ? 20 : 8;
  return {
    forward: { bytes: e * passes * m.inner, flops: 0, exponentials: 0 },
    backward: { bytes: 2 * e * passes * m.inner, flops: 0, exponentials: 0 },
  };
}

const works: Readonly<Record<StateMixer['kind'], (m: StateMixer, e: number) => Passes>> = {
  ssd: scanInChunks,
  delta: deltaInChunks,
  linear: linearInChunks,
  selective: selectiveScan,
  convolution: plainPasses,
  recurrent: plainPasses,
};

/** What one layer's kernels do for one token forward and backward; `element`: bytes of an activation. */
export function stateWork(mixer: StateMixer, element: number): Passes {
  return works[mixer.kind](mixer, element);
}

/** FLOPs of one token's way forward through the scans of all layers. */
export function stateFlops(shape: TransformerShape): number {
  const mixer = shape.attention.state?.mixer;
  return mixer ? stateLayers(shape) * stateWork(mixer, 2).forward.flops : 0;
}

/** FLOP/s of fp32 for one exponential a second: sixteen special-function lanes beside 128 that multiply and add. */
const flopsPerExponential = 16;

/**
 * Bytes a second that scans of small blocks keep under way on Blackwell: what H100 moves, for 148 multiprocessors instead of 132, whose registers and
 * shared memory have not grown with the memory's rate.
 */
const underWay = (3.35e12 * 148) / 132;

/** Seconds that the scans of all layers take on one tensor-parallel rank for `tokens` tokens, forward and backward. */
export function stateSeconds(
  plan: Pick<Plan, 'precision' | 'parallel'>,
  shape: TransformerShape,
  tokens: number,
  rates: DeviceRates,
  k: Efficiency,
): { readonly forward: number; readonly backward: number } {
  const mixer = shape.attention.state?.mixer;
  if (!mixer) return { forward: 0, backward: 0 };
  const { compute } = plan.precision;
  const element = compute === 'fp32' || compute === 'tf32' ? 4 : 2;
  const passes = stateWork(mixer, element);
  const older = rates.generation === 'blackwell';
  const products = Math.min(
    halfCeiling(rates, k),
    rates.half * rates.powered * k.attentionFlash * (older ? olderPath : 1),
  );
  const bandwidth = older ? Math.min(rates.bandwidth, underWay) : rates.bandwidth;
  const seconds = ({ bytes, flops, exponentials }: StateWork) =>
    (Math.hypot(bytes / (bandwidth * k.memoryShare), flops / products) +
      (exponentials * flopsPerExponential) / rates.vector) *
    ((tokens * stateLayers(shape)) / plan.parallel.tensor);
  return { forward: seconds(passes.forward), backward: seconds(passes.backward) };
}
