import type { TransformerShape } from '../workload/architecture.ts';
import { adaptedMatrices, type Matrix } from './adapter-matrices.ts';
import type { AdapterTargets } from './plan.ts';

/** Methods that train something beside the linears: tokens laid before a sample, norms, rows of the embedding. */
const besideLinears: ReadonlySet<string> = new Set([
  'prompt_tuning',
  'multitask_prompt_tuning',
  'p_tuning',
  'prefix_tuning',
  'cpt',
  'cartridge',
  'adaption_prompt',
  'adapter',
  'ln_tuning',
  'trainable_tokens',
]);

/** Whether what a method trains keeps the base's format: norms and prompts that peft makes as the model is, and widens none of. */
export function trainsInBase(method: string): boolean {
  return method === 'ln_tuning' || method === 'adaption_prompt';
}

/** A method's name as it is written here: small, words joined by underscores. */
export function methodName(word: string): string {
  return word.toLowerCase().replace(/-/g, '_');
}

/** Whether a method adapts linears at all. */
export function adaptsLinears(method: string): boolean {
  return !besideLinears.has(method);
}

const everyLinear = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

/** Linears that a method adapts where none are named: query and value, but for a few (peft 0.21, for Llama and its kin; litgpt). */
export function usualTargets(method: string): readonly string[] {
  if (method === 'ia3') return ['k_proj', 'v_proj', 'down_proj'];
  if (method === 'osf' || method === 'adapter_v2') return everyLinear;
  return method === 'beft' ? ['v_proj'] : ['q_proj', 'v_proj'];
}

/** Ranks that peft 0.21 takes where none is stated and it is not 8. */
const usualRanks: Readonly<Record<string, number>> = {
  adalora: 12,
  adamss: 100,
  gralora: 32,
  hira: 32,
  lily: 32,
  miss: 64,
  peanut: 32,
  psoft: 32,
  pvera: 256,
  randlora: 32,
  shira: 32,
  tinylora: 2,
  unilora: 4,
  vblora: 4,
  vera: 256,
};

/** Rank of a method where none is stated (peft 0.21). */
export function usualRank(method: string): number {
  return usualRanks[method] ?? 8;
}

/** Defaults of the keys that a method has of its own (peft 0.21). */
export const usual = {
  boftBlock: 4,
  circulantBlock: 256,
  oftBlock: 32,
  frequencies: 1000,
  wavelets: 2592,
  sparseRate: 0.01,
  superShare: 0.01,
  tinyVector: 64,
  subspaces: 5,
  lilyBases: 2,
  bankVectors: 256,
  vectorLength: 256,
  uniVector: 256,
} as const;

/** Trained parameters of one adapted matrix under a method at a rank: the sizes of peft 0.21's tensors. */
type Trained = (matrix: Matrix, rank: number) => number;

const lowRank: Trained = ({ inputs, outputs }, r) => r * (inputs + outputs);

const trainedOf: Readonly<Record<string, Trained>> = {
  adalora: (m, r) => lowRank(m, r) + r,
  adamss: ({ outputs }, r) => outputs + usual.subspaces * r,
  beft: ({ outputs }) => outputs,
  boft: ({ inputs, outputs }) => inputs * usual.boftBlock + outputs,
  c3a: ({ inputs, outputs }) => (inputs * outputs) / usual.circulantBlock,
  delora: (m, r) => lowRank(m, r) + 1,
  fourierft: () => usual.frequencies,
  frod: ({ inputs }) => inputs + usual.sparseRate * inputs ** 2,
  glora: (m, r) => 2 * lowRank(m, r),
  hra: ({ inputs }, r) => inputs * r,
  ia3: ({ outputs }) => outputs,
  loha: (m, r) => 2 * lowRank(m, r),
  miss: ({ outputs }, r) => r * outputs,
  bone: ({ outputs }, r) => r * outputs,
  oft: ({ inputs }) => (inputs * (usual.oftBlock - 1)) / 2,
  peanut: ({ outputs }, r) => 2 * r * outputs,
  psoft: (_, r) => (r * (r - 1)) / 2 + 2 * r,
  pvera: ({ outputs }, r) => outputs + 2 * r,
  randlora: ({ inputs, outputs }, r) => Math.ceil(Math.min(inputs, outputs) / r) * (r + Math.min(inputs, outputs)),
  road: ({ outputs }) => outputs,
  supertuning: ({ inputs, outputs }) => usual.superShare * inputs * outputs,
  tinylora: () => usual.tinyVector,
  vblora: ({ inputs, outputs }, r) => ((inputs + outputs) / usual.vectorLength) * r * usual.bankVectors,
  vera: ({ outputs }, r) => outputs + r,
  waveft: () => usual.wavelets,
};

/**
 * Trained parameters of a method that is no plain low-rank product, over all layers; undefined for those that are, and for what
 * cannot be told from the linears. IA3's vectors scale what the feed-forward part's last matrix reads.
 */
export function methodParameters(
  method: string,
  shape: TransformerShape,
  targets: AdapterTargets,
  rank: number,
  virtualTokens: number | undefined,
): number | undefined {
  const { hidden, attention: a, normsPerLayer, finalNorm } = shape;
  const layers = shape.layers + (shape.decoderLayers ?? 0);
  const biased = shape.norm === 'layer' ? 2 : 1;
  if (method === 'ln_tuning') return biased * hidden * (layers * normsPerLayer + Number(finalNorm));
  if (virtualTokens !== undefined) {
    if (method === 'prompt_tuning') return virtualTokens * hidden;
    if (method === 'prefix_tuning') return virtualTokens * layers * 2 * a.kvHeads * a.headDim;
    if (method === 'p_tuning') return virtualTokens * hidden + promptEncoder(hidden);
  }
  const matrices = adaptedMatrices(shape, targets);
  // Where neighbours share what they learn: one projection an input, a few an output; one bank; one vector.
  if (method === 'lily') {
    const shared = matrices.reduce((sum, { outputs }) => sum + usual.lilyBases * rank * outputs, 0);
    return shared + layers * matrices.reduce((sum, { inputs }) => sum + rank * (inputs + usual.lilyBases), 0);
  }
  if (method === 'unilora') return usual.uniVector;
  const of = trainedOf[method];
  if (!of || matrices.length === 0) return undefined;
  const bank = method === 'vblora' ? usual.bankVectors * usual.vectorLength : 0;
  const all = matrices.reduce((sum, matrix) => sum + of(matrix, rank), 0);
  const scaled = method === 'ia3' && targets.down ? shape.feedForward.width - hidden : 0;
  return bank + layers * (all + scaled);
}

/** Parameters of p-tuning's encoder: three square linears as wide as the model, where it is not told otherwise (peft). */
export function promptEncoder(hidden: number): number {
  return 3 * hidden * (hidden + 1);
}
