import type { TransformerShape } from '../workload/architecture.ts';
import type { Precision } from '../workload/spec.ts';
import { attendingShare, stateLayers } from './layer-kinds.ts';
import { bytesPerElement } from './plan.ts';

/** Bytes that one block of a quantised cache spends on scales, per element (GGUF q8_0 and q4_0: an fp16 scale every 32). */
const cacheBytes: Partial<Record<Precision, number>> = { int4: 0.5625, int8: 1.0625 };

/**
 * Bytes of keys and values that one token of context holds on one device: `2 L k d e`, heads split over
 * tensor-parallel ranks but never below one; `L (c + d_rope) e` for latent attention, which every rank holds whole.
 */
export function kvBytesPerToken(
  shape: TransformerShape,
  precision: Precision,
  tensorParallel = 1,
  pipelineParallel = 1,
): number {
  const { attention: a } = shape;
  const e = cacheBytes[precision] ?? bytesPerElement[precision];
  const all =
    (shape.kind === 'encoder-decoder' ? (shape.decoderLayers ?? shape.layers) : shape.layers) / pipelineParallel;
  const layers = all * attendingShare(a);
  if (a.kind === 'linear') return 0;
  if (a.kind === 'mla' && a.mla) return layers * (a.mla.kvRank + a.mla.ropeDim) * e;
  const { local, all: everything } = widthsOf(shape, tensorParallel);
  const { windowShare: share = 1 } = a;
  return 2 * layers * e * (a.global ? share * local + (1 - share) * everything : local);
}

/** Elements of keys, or values, of one token in a windowed layer and in one that sees all. Engines cache shared ones twice. */
function widthsOf({ attention: a }: TransformerShape, tensorParallel: number) {
  const width = (heads: number, dim: number) => Math.max(1, Math.ceil(heads / tensorParallel)) * dim;
  const local = width(a.kvHeads, a.headDim);
  return { local, all: a.global ? width(a.global.kvHeads, a.global.headDim) : local };
}

/** Layers' share of full attention at a context length: sliding-window layers keep at most their window. */
export function windowShare(shape: TransformerShape, context: number): number {
  const { window, windowShare: share = 1 } = shape.attention;
  if (!window || context <= window) return 1;
  const { local, all } = widthsOf(shape, 1);
  const windowed = share * local;
  const seeing = (1 - share) * all;
  return (seeing + (windowed * window) / context) / (seeing + windowed);
}

/** Bytes of one sequence's states in the layers that keep no keys, in fp32 as engines keep them, over tensor-parallel ranks. */
export function stateBytesPerSequence(shape: TransformerShape, tensorParallel = 1): number {
  const { state } = shape.attention;
  return state ? (stateLayers(shape) * state.elements * stateElement) / tensorParallel : 0;
}

const stateElement = 4;
