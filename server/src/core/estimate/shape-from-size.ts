import type { TransformerShape } from '../workload/architecture.ts';

/** Hidden size over layers of present-day decoders (Llama 3 8B: 128, 70B: 102; Qwen2.5 7B: 128). */
const hiddenPerLayer = 128;
/** Matrix parameters of a layer over hidden size squared: 4 for attention, 8 for the feed-forward part. */
const parametersPerHiddenSquared = 12;
const headWidth = 128;
/** Between the 32,000 entries of older models and the 152,000 of newer ones. */
const usualVocabulary = 64_000;

/** A model is taken for a mixture where a token passes less than this share of it. */
const mixtureShare = 0.6;
/** Routed experts of a layer in present-day mixtures (Qwen3, GPT-OSS). */
const expertsOfToday = 128;

const shapes = new Map<string, TransformerShape>();

/**
 * The usual shape of a decoder of a given size, for models of which only the size is known:
 * hidden and layers in today's proportion, grouped attention, gated feed-forward.
 */
export function shapeOf(parameters: number, active = parameters): TransformerShape {
  const key = `${parameters}/${active}`;
  const known = shapes.get(key);
  if (known) return known;
  const mixture = active < mixtureShare * parameters;
  const passed = mixture ? active : parameters;
  const raw = Math.cbrt((passed * hiddenPerLayer) / parametersPerHiddenSquared);
  const hidden = Math.max(headWidth, Math.round(raw / headWidth) * headWidth);
  const layers = Math.max(1, Math.round(passed / (parametersPerHiddenSquared * hidden * hidden)));
  const heads = hidden / headWidth;
  const expert = Math.max(1, Math.round((parameters - passed / 2) / (3 * hidden * layers * expertsOfToday)));
  const experts = {
    count: expertsOfToday,
    perToken: 8,
    width: expert,
    sharedWidth: 0,
    denseLayers: 0,
    step: 1,
  };
  const shape: TransformerShape = {
    family: 'unknown',
    kind: 'decoder',
    hidden,
    layers,
    attention: { kind: 'full', heads, kvHeads: Math.max(1, Math.round(heads / 4)), headDim: headWidth },
    feedForward: { width: Math.round(3.2 * hidden), gated: true, ...(mixture ? { experts } : {}) },
    vocabulary: Math.min(usualVocabulary, Math.max(1, Math.round(passed / hidden / 4))),
    tiedEmbeddings: parameters < 4e9,
    learnedPositions: 0,
    norm: 'rms',
    normsPerLayer: 2,
    finalNorm: true,
    embeddingNorm: false,
    bias: { qkv: false, out: false, feedForward: false, head: false },
  };
  if (shapes.size > 1000) shapes.clear();
  shapes.set(key, shape);
  return shape;
}
