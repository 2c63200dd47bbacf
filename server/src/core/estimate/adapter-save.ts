import type { TransformerShape } from '../workload/architecture.ts';
import { adaptedMatrices, type Matrix, widest } from './adapter-matrices.ts';
import { promptEncoder, usual } from './adapter-trained.ts';
import { type AdapterPlan, bytesPerElement, type Plan } from './plan.ts';

/** Bytes of an index as sparse methods save it (SHiRA, super-tuning: int32; FRoD: int64 pairs). */
const shortIndex = 4;
const longIndex = 8;

/**
 * Bytes of an adapter's weights in one save: what is trained, with the frozen tensors that a method holds beside it, by
 * what peft 0.21 puts into an adapter's file (test/reference/oracle/layers/methods.json).
 */
export function adapterSaveBytes({ adapter, shape, precision }: Plan): number {
  if (!adapter) return 0;
  const own = bytesPerElement[precision.parameters];
  const wide = bytesPerElement[adapter.precision];
  const modules = own * adapter.savedModules;
  // A count that is stated for what lies beside goes before any of ours.
  if (!shape || adapter.frozenParameters > 0) return wide * (adapter.parameters + adapter.frozenParameters) + modules;
  return wide * savedParameters(adapter, shape) + besideBytes(adapter, shape, wide, own) + modules;
}

/** Trained parameters that a save holds: fewer where a method ends with less than it trained. */
function savedParameters(adapter: AdapterPlan, shape: TransformerShape): number {
  const { method = 'lora', parameters, keptShare = 1 } = adapter;
  switch (method) {
    case 'adalora':
      return parameters * keptShare;
    case 'p_tuning':
      // The encoder is left away: what it made of the virtual tokens is enough.
      return virtualTokensOf(adapter, shape) * shape.hidden || parameters;
    case 'prefix_tuning':
      return adapter.virtualTokens === undefined
        ? parameters
        : adapter.virtualTokens * shape.layers * 2 * shape.attention.kvHeads * shape.attention.headDim;
    case 'trainable_tokens':
      // Embedding and tied head each hold the rows.
      return parameters * (shape.tiedEmbeddings ? 2 : 1);
    case 'lora':
      return bothFactors(adapter, shape);
    default:
      return parameters;
  }
}

/** Parameters of both factors of low-rank adapters where only one is trained (MiCA, LoRA-FA): both are saved. */
function bothFactors({ parameters, rank, targets, decomposed }: AdapterPlan, shape: TransformerShape): number {
  if (decomposed) return parameters;
  const matrices = adaptedMatrices(shape, targets);
  const layers = shape.layers + (shape.decoderLayers ?? 0);
  const first = layers * rank * matrices.reduce((sum, { inputs }) => sum + inputs, 0);
  const second = layers * rank * matrices.reduce((sum, { outputs }) => sum + outputs, 0);
  return first !== second && (parameters === first || parameters === second) ? first + second : parameters;
}

/** Tokens that a method lays before every sample: as stated, or what is trained over the hidden width, an encoder left away. */
export function virtualTokensOf({ method, parameters, virtualTokens }: AdapterPlan, shape: TransformerShape): number {
  if (method !== 'prompt_tuning' && method !== 'p_tuning') return 0;
  if (virtualTokens !== undefined) return virtualTokens;
  const rows = (parameters - (method === 'p_tuning' ? promptEncoder(shape.hidden) : 0)) / shape.hidden;
  return rows > 0 && Number.isInteger(rows) ? rows : 0;
}

/** Bytes of what is saved beside the trained tensors. */
function besideBytes(adapter: AdapterPlan, shape: TransformerShape, wide: number, own: number): number {
  const { method = 'lora', parameters, rank: r, targets } = adapter;
  const layers = shape.layers + (shape.decoderLayers ?? 0);
  const matrices = adaptedMatrices(shape, targets);
  const each = (elements: (matrix: Matrix) => number) => layers * matrices.reduce((sum, one) => sum + elements(one), 0);
  const most = widest(matrices);
  switch (method) {
    case 'vera':
      return wide * r * (most.inputs + most.outputs);
    case 'pvera':
      return wide * r * (2 * most.inputs + most.outputs);
    case 'randlora': {
      // Every module's reference to the shared bases is written out, and the bases once more.
      const narrow = Math.max(0, ...matrices.map((m) => Math.min(m.inputs, m.outputs)));
      const bases = narrow + Math.ceil(narrow / r) * Math.max(most.inputs, most.outputs);
      return wide * (layers * matrices.length + 1) * r * bases;
    }
    case 'shira':
      return 2 * shortIndex * parameters;
    case 'supertuning':
      return shortIndex * parameters;
    case 'delora':
      return wide * each(({ inputs }) => inputs);
    case 'glora':
      // Paths that are switched off are zeros in the base's format.
      return own * each(({ inputs, outputs }) => inputs + 2 * outputs);
    case 'tinylora':
      return wide * each(({ inputs, outputs }) => r * (inputs + outputs) + usual.tinyVector * r * r);
    case 'adamss':
      return wide * each(({ inputs }) => r * inputs);
    case 'lily': {
      const written = each(({ inputs, outputs }) => r * (inputs + usual.lilyBases * (outputs + 1)));
      return wide * Math.max(0, written - parameters);
    }
    case 'frod':
      // One base and one set of places for each kind of matrix.
      return matrices.reduce(
        (sum, { inputs }) => sum + own * inputs ** 2 + 2 * longIndex * usual.sparseRate * inputs ** 2,
        0,
      );
    default:
      return 0;
  }
}

/** Tensors that one adapted matrix saves, where they are not two. */
const tensorsOf: Readonly<Record<string, number>> = {
  adalora: 3,
  dora: 3,
  beft: 1,
  c3a: 1,
  delora: 4,
  fourierft: 1,
  glora: 7,
  hra: 1,
  ia3: 1,
  lily: 3,
  loha: 4,
  lokr: 3,
  miss: 1,
  bone: 1,
  oft: 1,
  osf: 3,
  psoft: 3,
  randlora: 4,
  tinylora: 3,
  waveft: 1,
};

/** How many tensors an adapter's file has. */
export function savedTensors({ adapter, shape }: Plan): number {
  if (!adapter || !shape) return 0;
  const layers = shape.layers + (shape.decoderLayers ?? 0);
  const method = adapter.decomposed ? 'dora' : (adapter.method ?? 'lora');
  if (method === 'ln_tuning') return layers * shape.normsPerLayer + Number(shape.finalNorm);
  if (method === 'adaption_prompt') return 2 * layers;
  const modules = layers * adaptedMatrices(shape, adapter.targets).length;
  if (method === 'adamss') return modules * (1 + 2 * subspacesOf(adapter, shape));
  return Math.max(1, modules * (tensorsOf[method] ?? 2));
}

/** Subspaces of AdaMSS that follow from what is trained: every output once, and a row of the rank for each subspace. */
export function subspacesOf({ parameters, rank, targets }: AdapterPlan, shape: TransformerShape): number {
  const matrices = adaptedMatrices(shape, targets);
  const outputs = matrices.reduce((sum, matrix) => sum + matrix.outputs, 0);
  const found = (parameters / shape.layers - outputs) / (rank * Math.max(1, matrices.length));
  return found >= 1 ? Math.round(found) : usual.subspaces;
}
