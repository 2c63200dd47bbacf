import type { Precision } from '../workload/spec.ts';
import { bytesPerElement, type Plan } from './plan.ts';

/** fp32 scale for every 256 elements beside two one-byte moments (bitsandbytes block-wise 8-bit). */
const eightBitMoment = 1 + 4 / 256;
/** Scale for every 128 elements beside half a byte (torchao 4-bit). */
const fourBitMoment = 0.5 + 4 / 128;
/** Default rank of low-rank projections (GaLore, Apollo). */
const projectionRank = 128;

/** Moments of one optimiser: how many tensors of the parameters' size, and their width where it is fixed. */
interface Moments {
  readonly count: number;
  readonly bytes?: number;
  /** States are kept for a low-rank image of each matrix. */
  readonly lowRank?: boolean;
  /** Row and column statistics only. */
  readonly factored?: boolean;
  readonly paged?: boolean;
}

const recipes = new Map<string, Moments>();
/** Names remembered at most: more than any framework has. */
const mostNames = 500;

/** Recipe by the optimiser's normalised name; widths in the parameters' format where not fixed. Remembered by name. */
export function momentsOf(name: string, vision = false): Moments {
  const key = vision ? `${name} of images` : name;
  const before = recipes.get(key);
  if (before) return before;
  const found = recipeOf(name, vision);
  if (recipes.size >= mostNames) recipes.clear();
  recipes.set(key, found);
  return found;
}

function recipeOf(name: string, vision: boolean): Moments {
  const n = name.toLowerCase().replace(/[-\s]+/g, '_');
  const paged = n.includes('paged');
  const narrow = /8_?bit/.test(n)
    ? { bytes: eightBitMoment }
    : /4_?bit/.test(n)
      ? { bytes: fourBitMoment }
      : /fp8/.test(n)
        ? { bytes: 1 }
        : {};
  const with_ = (moments: Moments): Moments => ({ ...moments, ...narrow, ...(paged ? { paged } : {}) });
  if (/galore|apollo|q_galore/.test(n)) return with_({ count: 2, lowRank: true });
  // Where it began, and what the step size is drawn from, beside Adam's two (prodigyopt).
  if (/prodigy/.test(n)) return with_({ count: 4 });
  if (/adafactor/.test(n)) return { count: 0, factored: true };
  if (/came/.test(n)) return { count: 1 };
  if (/lomo/.test(n)) return { count: 0 };
  if (/lion|signum|adagrad|rmsprop|muon|adam_mini/.test(n)) return with_({ count: 1 });
  if (/^sgd|_sgd|^momentum|lars/.test(n)) return { count: vision || /momentum|nesterov|lars/.test(n) ? 1 : 0 };
  return with_({ count: 2 });
}

/** Bytes of optimiser state per trainable parameter in a format (the adapters' or weights' own), without a master copy. */
export function stateBytesPerParameter(
  plan: Plan,
  trained: Precision = plan.adapter ? plan.adapter.precision : plan.precision.parameters,
): number {
  const moments = momentsOf(plan.optimizer.name, plan.task === 'vision');
  const own = plan.precision.masterWeights ? 4 : bytesPerElement[trained];
  const hidden = plan.shape?.hidden ?? 4096;
  const rank = moments.lowRank ? Math.min(1, projectionRank / hidden) * 1.5 : 1;
  return moments.count * (moments.bytes ?? own) * rank;
}

/** Trainable parameters whose states stay 32-bit under 8-bit optimisers: embeddings, as Hugging Face registers them. */
export function wideStateParameters(plan: Plan): number {
  const { stack, adapter, counts, optimizer } = plan;
  if (adapter || !/8_?bit/.test(optimizer.name)) return 0;
  const huggingFace = stack === 'hf-trainer' || stack === 'trl' || stack === 'axolotl' || stack === 'llamafactory';
  return huggingFace ? counts.embedding : 0;
}

/** fp32 copies of gradient and weight where both are narrow, the squared gradient and its estimate (transformers' Adafactor, saved). */
const adafactorTemporaries = { narrow: 16, wide: 8 };

/** Temporaries of optimisers that step tensor by tensor, in bytes per element of the biggest tensor. */
export function tensorTemporaries(plan: Plan): number {
  const { optimizer, precision, parallel, adapter } = plan;
  if (optimizer.inBackward || parallel.implementation === 'megatron' || parallel.implementation === 'deepspeed')
    return 0;
  if (!/adafactor/.test(optimizer.name)) return 0;
  const wide = bytesPerElement[adapter ? adapter.precision : precision.parameters] >= 4;
  return wide ? adafactorTemporaries.wide : adafactorTemporaries.narrow;
}

/** Temporaries of the step, in bytes per parameter of the shard: multi-tensor kernels keep one list more. */
export function stepTemporaries(plan: Plan): number {
  const { optimizer, precision, parallel, adapter } = plan;
  if (optimizer.inBackward || optimizer.fused) return 0;
  if (parallel.implementation === 'megatron' || parallel.implementation === 'deepspeed') return 0;
  if (/8_?bit|4_?bit|lomo|galore|fp8/.test(optimizer.name)) return 0;
  if (!/adam|lamb|radam/.test(optimizer.name)) return 0;
  return bytesPerElement[adapter ? adapter.precision : precision.parameters];
}
