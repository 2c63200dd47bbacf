import type { TransformerShape } from '../workload/architecture.ts';
import { type DeviceRates, elementwiseBandwidth } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import type { Plan } from './plan.ts';

/** Bytes that adapters move per token in a third of a training pass: input read and cast; output written, scaled, added and cast back (peft). */
const adapterBytes = { input: 10, output: 18 } as const;
/** The same under autocast: the input is widened and narrowed again, products and sums stay in 16 bits. */
const autocastBytes = { input: 12, output: 7 } as const;

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
  const { inputs, outputs } = adaptedWidths(plan, shape);
  const mixed = plan.precision.autocast && adapter.precision === 'fp32';
  const wide = adapter.precision === 'fp32' ? 1 : 0.5;
  const each = mixed ? autocastBytes : adapterBytes;
  const bytes = wide * (each.input * inputs + each.output * outputs) * 3;
  return (
    (bytes * tokens * shape.layers) / plan.parallel.tensor / elementwiseBandwidth(rates, 2 * tokens * shape.hidden, k)
  );
}

/** Work that a method does on the weights of an adapted matrix in each forward pass, whatever the number of tokens. */
interface WeightSpace {
  /** Bytes moved for one weight: what is spelled out as wide as the matrix, in fp32, and added, scaled, narrowed. */
  readonly bytes: number;
  /** The matrix is multiplied with one as wide as its input: rotations, full-rank sums of bases. */
  readonly square: boolean;
  /** The bytes pass once for every rank. */
  readonly everyRank?: boolean;
}

/**
 * Methods that do more than pass tokens through two small matrices: what their work on the weights takes on published runs. The
 * operators of peft 0.21 read and write less of some (test/reference/oracle/layers/traffic.json: DoRA 42, LoHa 32, LoKr 16,
 * FourierFT 52, WaveFT 40, SHiRA 21, MiSS 66, BOFT 38, RandLoRA 20), each in small kernels that do not reach the memory's rate.
 * HRA is by those operators alone: every reflection passes over the whole matrix.
 */
const weightSpace: Readonly<Record<string, WeightSpace>> = {
  dora: { bytes: 98, square: false },
  loha: { bytes: 50, square: false },
  lokr: { bytes: 50, square: false },
  glora: { bytes: 70, square: false },
  fourierft: { bytes: 60, square: false },
  waveft: { bytes: 60, square: false },
  shira: { bytes: 20, square: false },
  bone: { bytes: 66, square: false },
  hra: { bytes: 29, square: true, everyRank: true },
  boft: { bytes: 40, square: true },
  randlora: { bytes: 40, square: true },
};

/** Kernels that one adapter adds to a forward pass: dropout, cast, two products, scale, sum; more where a method builds what it applies. */
const methodKernels: Readonly<Record<string, number>> = {
  lora: 6,
  dora: 20,
  adalora: 10,
  vera: 10,
  pvera: 16,
  delora: 16,
  gralora: 16,
  loha: 20,
  lokr: 25,
  glora: 20,
  randlora: 20,
  hra: 30,
  oft: 30,
  psoft: 30,
  boft: 60,
};

/** Kernels of one adapter of a plan in a forward pass. */
export function adapterKernels({ adapter }: Plan): number {
  return methodKernels[adapter?.decomposed ? 'dora' : (adapter?.method ?? 'lora')] ?? 6;
}

/** Seconds that a method works on its weights in one forward pass; its backward pass is reckoned as one more. */
export function weightSpaceSeconds(plan: Plan, shape: TransformerShape, rates: DeviceRates, k: Efficiency): number {
  const { adapter } = plan;
  const work = adapter && weightSpace[adapter.decomposed ? 'dora' : (adapter.method ?? '')];
  if (!work) return 0;
  const { area, cube } = adaptedWidths(plan, shape);
  const layers = shape.layers / plan.parallel.tensor;
  const passes = work.everyRank ? adapter.rank : 1;
  const moved = (work.bytes * passes * area * layers) / (rates.bandwidth * k.memoryShare);
  // Adapters lie in fp32, and so do the products that make them as wide as the matrix.
  const products = work.square ? (squarePasses * 2 * cube * layers) / (rates.vector * k.gemmVector) : 0;
  return moved + products;
}

/** Passes of a product over the weights in training: forward, and for each of its two gradients. */
const squarePasses = 3;

/** Sum of the input and of the output widths of the adapted matrices of one layer, of their sizes, of their products with a square matrix of their lesser width, and how many there are. */
export function adaptedWidths(
  plan: Plan,
  shape: TransformerShape,
): { inputs: number; outputs: number; count: number; area: number; cube: number } {
  const { adapter } = plan;
  const sum = { inputs: 0, outputs: 0, count: 0, area: 0, cube: 0 };
  if (!adapter) return sum;
  const { hidden: h, attention: a, feedForward: f } = shape;
  const query = a.heads * a.headDim;
  const key = a.kvHeads * a.headDim;
  const width = f.experts ? f.experts.perToken * f.experts.width + f.experts.sharedWidth : f.width;
  const add = (on: boolean, inputs: number, outputs: number) => {
    if (!on) return;
    sum.inputs += inputs;
    sum.outputs += outputs;
    sum.count += 1;
    sum.area += inputs * outputs;
    sum.cube += inputs * outputs * Math.min(inputs, outputs);
  };
  const { targets } = adapter;
  add(targets.query, h, query);
  add(targets.key, h, key);
  add(targets.value, h, key);
  add(targets.output, query, h);
  add(targets.gate, h, width);
  add(targets.up, h, width);
  add(targets.down, width, h);
  return sum;
}
