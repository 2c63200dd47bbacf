import type { Matrix } from './adapter-matrices.ts';
import type { AdapterPlan } from './plan.ts';

/** Work on the weights of an adapted matrix, whatever the number of tokens: bytes for each of its elements. */
export interface WeightWork {
  /** Of what: the matrix, a square as wide as its input, or a square of its lesser width. */
  readonly of: 'matrix' | 'input' | 'narrow';
  /** Kept for the backward pass. */
  readonly kept: number;
  /** Come and go beside it while the method is at work. */
  readonly passing: number;
  /** Read and written, forward and backward. */
  readonly forward: number;
  readonly backward: number;
  /** All of these once for every rank. */
  readonly everyRank?: true;
  /** Products of all tokens with what is spelled out, counted in forward passes; the backward pass has two for each. */
  readonly products?: number;
  /** These products are in the base's format, not in the adapter's. */
  readonly narrowProducts?: true;
  /** The matrix itself is multiplied with one as wide as its input. */
  readonly square?: true;
}

/** What a method does to one adapted matrix beside the bare product. */
export interface AdapterMethod {
  /** Elements kept for the backward pass in the adapter's format, for one token: of its input, its output, and the rank. */
  readonly kept: readonly [inputs: number, outputs: number, ranks: number];
  /** Bytes read and written for one token, forward and backward, for an element of its input and of its output. */
  readonly moved: readonly [inputs: number, outputs: number];
  /** Kernels of a forward and of a backward pass. */
  readonly kernels: readonly [forward: number, backward: number];
  /** The same for each of the parts that a method walks through one by one (AdaMSS's subspaces). */
  readonly kernelsOfPart?: readonly [forward: number, backward: number];
  readonly weights?: WeightWork;
  /** Every module's forward pass waits for the device: the size of its sparse matrix is brought to the host (FRoD). */
  readonly waits?: true;
}

const lora: AdapterMethod = { kept: [1, 0, 1], moved: [30, 54], kernels: [6, 9] };

const spelled = (kept: number, passing: number, forward: number, backward: number, products = 1): WeightWork => ({
  of: 'matrix',
  kept,
  passing,
  forward,
  backward,
  products,
});

/**
 * What the operators of peft 0.21 keep, hold, read and write on a bf16 linear with adapters in fp32, torch 2.13
 * (test/reference/oracle/layers/methods.json). DoRA's work on the weights is 40 to 48 bytes by the shape of the matrix; the least
 * is taken.
 */
const methods: Readonly<Record<string, AdapterMethod>> = {
  lora,
  dora: {
    kept: [1, 1.5, 1],
    moved: [30, 140],
    kernels: [18, 19],
    weights: { of: 'matrix', kept: 0, passing: 20, forward: 40, backward: 0 },
  },
  // litgpt's: every linear's output with a bias added and scaled.
  adapter_v2: { kept: [0, 1, 0], moved: [0, 56], kernels: [2, 5] },
  // Its loss asks both factors of every matrix to be orthogonal: ten operators more forward, twelve backward.
  adalora: { kept: [1, 1, 1], moved: [30, 98], kernels: [18, 29] },
  adamss: { kept: [0, 0, 0.5], moved: [11, 45], kernels: [6, 2], kernelsOfPart: [4, 7] },
  beft: { kept: [0, 0, 0], moved: [0, 28], kernels: [2, 3] },
  boft: {
    kept: [0, 0.5, 0],
    moved: [12, 46],
    kernels: [19, 21],
    weights: { of: 'input', kept: 6, passing: 4, forward: 39, backward: 29, square: true },
  },
  c3a: { kept: [1, 0, 0], moved: [114, 86], kernels: [9, 14] },
  deft: { kept: [1, 1, 2], moved: [30, 104], kernels: [11, 18] },
  delora: { kept: [1, 0, 2], moved: [38, 36], kernels: [14, 36] },
  fourierft: { kept: [1, 0, 0], moved: [30, 40], kernels: [9, 9], weights: spelled(4, 16, 52, 36) },
  frod: {
    kept: [0.5, 0, 0],
    moved: [48, 0],
    kernels: [11, 12],
    waits: true,
    weights: { of: 'input', kept: 2, passing: 2, forward: 7, backward: 9, products: 1.67, narrowProducts: true },
  },
  glora: {
    kept: [0, 0, 0],
    moved: [12, 36],
    kernels: [11, 13],
    weights: { ...spelled(2, 6, 40, 39), narrowProducts: true },
  },
  gralora: { kept: [1, 0, 2], moved: [38, 46], kernels: [8, 10] },
  hira: { kept: [1, 0, 0], moved: [30, 40], kernels: [6, 9], weights: spelled(4, 4, 18, 26) },
  hra: {
    kept: [1, 0, 0],
    moved: [20, 20],
    kernels: [73, 156],
    weights: { of: 'input', kept: 5, passing: 0.3, forward: 30, backward: 46, everyRank: true, square: true },
  },
  ia3: { kept: [0, 0.5, 0], moved: [0, 46], kernels: [3, 6] },
  lily: { kept: [1, 0, 1], moved: [30, 46], kernels: [10, 15] },
  loha: { kept: [1, 0, 0], moved: [30, 40], kernels: [12, 15], weights: spelled(4, 16, 32, 65) },
  lokr: { kept: [1, 0, 0], moved: [30, 40], kernels: [10, 13], weights: spelled(4, 8, 16, 41) },
  miss: { kept: [0, 0, 1], moved: [30, 40], kernels: [5, 7] },
  bone: { kept: [1, 0, 0], moved: [20, 20], kernels: [10, 8], weights: spelled(8, 10, 66, 35) },
  oft: { kept: [1, 0, 0], moved: [64, 0], kernels: [16, 23] },
  osf: { kept: [1, 0.5, 0], moved: [41, 41], kernels: [10, 15], weights: spelled(6, 4, 31, 46, 1.6) },
  peanut: { kept: [1, 0, 0], moved: [30, 30], kernels: [9, 10], weights: spelled(8, 4, 27, 29) },
  psoft: { kept: [0, 0, 1], moved: [26, 52], kernels: [18, 25] },
  pvera: { kept: [0, 1, 4], moved: [26, 68], kernels: [12, 16] },
  randlora: {
    kept: [0.5, 0.5, 0],
    moved: [37, 63],
    kernels: [8, 13],
    weights: { of: 'narrow', kept: 4, passing: 4, forward: 23, backward: 40, products: 2.1 },
  },
  road: { kept: [0, 2, 0], moved: [0, 140], kernels: [11, 22] },
  shira: {
    kept: [0, 0, 0],
    moved: [2, 2],
    kernels: [5, 4],
    weights: { ...spelled(3, 4, 14, 15, 1 / 3), narrowProducts: true },
  },
  supertuning: {
    kept: [0, 0, 0],
    moved: [2, 2],
    kernels: [3, 3],
    weights: { ...spelled(2, 2, 4, 4, 1 / 3), narrowProducts: true },
  },
  tinylora: { kept: [0, 0, 1], moved: [26, 36], kernels: [7, 9] },
  unilora: { kept: [1, 0, 1], moved: [30, 40], kernels: [9, 15] },
  vblora: { kept: [1, 0, 1], moved: [30, 40], kernels: [19, 25] },
  vera: { kept: [0, 1, 1], moved: [26, 68], kernels: [7, 12] },
  waveft: { kept: [1, 0, 0], moved: [30, 40], kernels: [28, 14], weights: spelled(8, 8, 40, 68) },
};

/** What the method of an adapter does; as plain low-rank products do where it is not known. */
export function methodOf({ method, decomposed }: AdapterPlan): AdapterMethod {
  return methods[decomposed ? 'dora' : (method ?? 'lora')] ?? lora;
}

/** Elements of what a method works on of one matrix. */
export function worked({ inputs, outputs }: Matrix, { of, everyRank }: WeightWork, rank: number): number {
  const elements = of === 'matrix' ? inputs * outputs : (of === 'input' ? inputs : Math.min(inputs, outputs)) ** 2;
  return everyRank ? elements * rank : elements;
}
