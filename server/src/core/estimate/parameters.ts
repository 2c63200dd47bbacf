import type { AttentionShape, ConvolutionalShape, TransformerShape } from '../workload/architecture.ts';
import { denoiserCounts } from './denoiser.ts';
import { attendingShare, feedForwardLayers, isSingleFile, mixtureLayers } from './layer-kinds.ts';

export { mixtureLayers } from './layer-kinds.ts';

/**
 * Parameters of one model by what they are, which decides how they are sharded, quantised and recomputed.
 * `total` is the sum of all other whole-model groups.
 */
export interface ParameterCounts {
  /** Token embedding, without positions. */
  readonly embedding: number;
  /** Learned positions, token types, patch and audio convolutions. */
  readonly inputs: number;
  /** Output projection of its own; 0 where it is the embedding or where there is none. */
  readonly head: number;
  /** Attention matrices of all layers. */
  readonly attention: number;
  /** Dense feed-forward matrices of all layers, shared experts included. */
  readonly feedForward: number;
  /** Routed expert matrices of all layers. */
  readonly experts: number;
  /** Router matrices of all layers. */
  readonly routers: number;
  /** Norm weights, biases and other vectors: never quantised, never sharded by tensor parallelism. */
  readonly vectors: number;
  readonly total: number;
  /** Parameters that one token passes: routed experts counted by how many it takes. */
  readonly active: number;
  /** Parameters of the biggest layer: the unit of FSDP and of recomputation. */
  readonly layer: number;
  /** Elements of the biggest single matrix outside embedding and head. */
  readonly largestMatrix: number;
}

/** Matrix and vector parameters of one block. */
interface BlockCounts {
  readonly attention: number;
  readonly feedForward: number;
  readonly experts: number;
  readonly routers: number;
  readonly vectors: number;
}

/** Width of one norm's parameters over hidden size: RMSNorm keeps a weight, LayerNorm a bias too. */
const normVectors = { rms: 1, layer: 2, 'layer-nobias': 1, none: 0 } as const;

/** Encoder positions of Whisper: 30 s of audio at 50 frames a second (openai/whisper). */
const whisperEncoderPositions = 1500;
/** Decoder positions of Whisper (openai/whisper). */
const whisperDecoderPositions = 448;
/** Buckets of T5's relative position bias, one table for the encoder and one for the decoder (google-research/t5x). */
const t5RelativeBuckets = 32;
/** Relative position embeddings of DeBERTa-v2 and v3 (`position_buckets` 256, both directions; microsoft/DeBERTa). */
const debertaRelativePositions = 512;
/** BART offsets its learned positions by two (facebookresearch/fairseq). */
const bartPositionOffset = 2;

/** Matrices of a layer's mixer in the mean: attention, and those of the layers that keep a state instead. */
export function attentionMatrices(shape: TransformerShape): number {
  const { state } = shape.attention;
  const full = matricesOfAttention(shape);
  return state ? attendingShare(shape.attention) * full + state.share * state.matrices : full;
}

/** Matrices of one attention block: `h a d + 2 h k d + a d h`, or the low-rank form of DeepSeek's latent attention. */
function matricesOfAttention(shape: TransformerShape): number {
  const { hidden: h, attention: a } = shape;
  if (a.kind === 'mla' && a.mla) {
    const { qRank, kvRank, nopeDim, ropeDim, valueDim } = a.mla;
    const query = qRank > 0 ? h * qRank + qRank * a.heads * (nopeDim + ropeDim) : h * a.heads * (nopeDim + ropeDim);
    return query + h * (kvRank + ropeDim) + kvRank * a.heads * (nopeDim + valueDim) + a.heads * valueDim * h;
  }
  const local = h * ((a.gated ? 3 : 2) * a.heads + 2 * a.kvHeads) * a.headDim;
  if (!a.global) return local;
  const { headDim, kvHeads, sharedValues } = a.global;
  return overKinds(a, local, h * (2 * a.heads + (sharedValues ? 1 : 2) * kvHeads) * headDim);
}

/** Mean over windowed layers and those that see all, where the two differ. */
function overKinds({ windowShare = 1 }: AttentionShape, local: number, all: number): number {
  return windowShare * local + (1 - windowShare) * all;
}

/** Vectors of a layer's mixer in the mean. */
function attentionVectors(shape: TransformerShape): number {
  const { state } = shape.attention;
  const own = vectorsOfAttention(shape);
  return state ? attendingShare(shape.attention) * own + state.share * (state.vectors ?? 0) : own;
}

function vectorsOfAttention(shape: TransformerShape): number {
  const { hidden: h, attention: a, bias } = shape;
  if (a.kind === 'mla' && a.mla) return a.mla.kvRank + a.mla.qRank;
  const headDim = a.global ? overKinds(a, a.headDim, a.global.headDim) : a.headDim;
  const norms = a.qkNorm === 'head' ? 2 * headDim : a.qkNorm === 'full' ? (a.heads + a.kvHeads) * a.headDim : 0;
  return (bias.qkv ? (a.heads + 2 * a.kvHeads) * a.headDim : 0) + (bias.out ? h : 0) + norms;
}

/** Matrices of a feed-forward part: three when gated, else two. */
const matricesOf = (gated: boolean) => (gated ? 3 : 2);

function block(shape: TransformerShape, mixture: boolean): BlockCounts {
  const { hidden: h, feedForward: f, bias, layers } = shape;
  const n = matricesOf(f.gated);
  const mixed = mixtureLayers(shape);
  const single = isSingleFile(shape);
  // Where a layer is one thing, mixers are what the layers are that hold no mixture.
  const mixers = !single ? 1 : mixture ? 0 : layers / Math.max(1, layers - mixed);
  const attention = mixers * attentionMatrices(shape);
  const shared = mixers * attentionVectors(shape) + shape.normsPerLayer * h * normVectors[shape.norm];
  const { experts } = f;
  if (!mixture || !experts) {
    const parts = single ? Math.max(0, feedForwardLayers(shape) - mixed) / Math.max(1, layers - mixed) : 1;
    const vectors = bias.feedForward ? (n - 1) * f.width + h : 0;
    return {
      attention,
      feedForward: parts * n * h * f.width,
      experts: 0,
      routers: 0,
      vectors: shared + parts * vectors,
    };
  }
  const { latent } = experts;
  return {
    attention,
    feedForward: n * h * experts.sharedWidth + (latent === undefined ? 0 : 2 * h * latent),
    experts: experts.count * n * (latent ?? h) * experts.width,
    routers: h * (experts.count + (experts.sharedWidth > 0 && hasSharedGate(shape.family) ? 1 : 0)),
    vectors:
      shared + (bias.router ? experts.count : 0) + (bias.expert ? experts.count * ((n - 1) * experts.width + h) : 0),
  };
}

/** Families whose shared expert has a gate of one output beside the router (Qwen 2 MoE, Qwen3-Next). */
export function hasSharedGate(family: string): boolean {
  return /^(qwen2_moe|qwen3_next|qwen3_5_moe)/.test(family);
}

const blockTotal = (b: BlockCounts) => b.attention + b.feedForward + b.experts + b.routers + b.vectors;

function largestMatrixOf(shape: TransformerShape): number {
  const { hidden: h, attention: a, feedForward: f } = shape;
  return Math.max(
    h * f.width,
    h * (f.experts?.sharedWidth ?? 0),
    h * a.heads * a.headDim,
    h * (a.state?.mixer.entries ?? 0),
  );
}

function decoderCounts(shape: TransformerShape): ParameterCounts {
  const { hidden: h, vocabulary: v, layers } = shape;
  const mixed = mixtureLayers(shape);
  const dense = block(shape, false);
  const mixture = block(shape, true);
  const layersOfWeights = shape.sharedLayers && shape.sharedLayers > 0 ? shape.sharedLayers : layers;
  const denseLayers = layersOfWeights - mixed;
  const over = (key: keyof BlockCounts) => denseLayers * dense[key] + mixed * mixture[key];
  const e = shape.embeddingWidth ?? h;
  const norm = normVectors[shape.norm];
  // Decoders that look at images do so through a tower of their own.
  const image =
    shape.kind === 'vit' && shape.image
      ? 3 * shape.image.patch ** 2 * h + h + ((shape.image.size / shape.image.patch) ** 2 + 1) * h + h
      : 0;
  const positions = shape.learnedPositions > 0 ? shape.learnedPositions * e : 0;
  const relative = /^deberta/.test(shape.family) && positions === 0 ? debertaRelativePositions * h + 2 * h : 0;
  const inputs = image > 0 ? image : positions + relative + (shape.tokenTypes ?? 0) * e + (e === h ? 0 : e * h + h);
  const classifies = shape.outputs === 'classes';
  const headBias = shape.bias.head && !classifies ? v : 0;
  const groups = {
    embedding: image > 0 ? 0 : v * e,
    inputs,
    head:
      (image > 0 ? h * v : 0) +
      (shape.tiedEmbeddings || image > 0 || classifies ? 0 : v * h) +
      (shape.pooler ? h * h : 0),
    attention: over('attention'),
    feedForward: over('feedForward'),
    experts: over('experts'),
    routers: over('routers'),
    vectors:
      over('vectors') +
      (shape.embeddingNorm ? e * norm : 0) +
      (shape.finalNorm ? h * norm : 0) +
      headBias +
      (shape.pooler ? h : 0),
  };
  const total = sumOf(groups);
  const spared = shape.feedForward.experts
    ? groups.experts * (1 - shape.feedForward.experts.perToken / Math.max(1, shape.feedForward.experts.count))
    : 0;
  const idleBiases =
    shape.bias.expert && shape.feedForward.experts
      ? mixed *
        (shape.feedForward.experts.count - shape.feedForward.experts.perToken) *
        ((matricesOf(shape.feedForward.gated) - 1) * shape.feedForward.experts.width + h)
      : 0;
  return {
    ...groups,
    total,
    active: total - spared - idleBiases,
    layer: Math.max(denseLayers > 0 ? blockTotal(dense) : 0, mixed > 0 ? blockTotal(mixture) : 0),
    largestMatrix: largestMatrixOf(shape),
  };
}

function encoderDecoderCounts(shape: TransformerShape): ParameterCounts {
  const { hidden: h, vocabulary: v, layers, attention: a, feedForward: f, family } = shape;
  const decoders = shape.decoderLayers ?? layers;
  const matrices = 4 * h * a.heads * a.headDim;
  const plain = /^u?m?t5$/.test(family);
  const whisper = family === 'whisper';
  const ff = matricesOf(f.gated) * h * f.width;
  const attentionBias = plain ? 0 : whisper ? 3 * h : 4 * h;
  const ffBias = plain ? 0 : f.width + h;
  const norm = plain ? h : 2 * h;
  const inputs = plain
    ? 2 * t5RelativeBuckets * a.heads
    : whisper
      ? (shape.melBins ?? 80) * h * 3 + 3 * h * h + 2 * h + (whisperEncoderPositions + whisperDecoderPositions) * h
      : 2 * (shape.learnedPositions + (family === 'bart' ? bartPositionOffset : 0)) * h;
  const groups = {
    embedding: v * h,
    inputs,
    head: plain && !shape.tiedEmbeddings ? v * h : 0,
    attention: (layers + 2 * decoders) * matrices,
    feedForward: (layers + decoders) * ff,
    experts: 0,
    routers: 0,
    vectors:
      (layers + 2 * decoders) * attentionBias +
      (layers + decoders) * ffBias +
      (2 * layers + 3 * decoders) * norm +
      // Final norms of both stacks; BART and Pegasus norm both embeddings instead.
      2 * norm,
  };
  const total = sumOf(groups);
  const layer = 2 * (matrices + attentionBias) + ff + ffBias + 3 * norm;
  return { ...groups, total, active: total, layer, largestMatrix: largestMatrixOf(shape) };
}

type Groups = Omit<ParameterCounts, 'total' | 'active' | 'layer' | 'largestMatrix'>;

function sumOf(g: Groups): number {
  return g.embedding + g.inputs + g.head + g.attention + g.feedForward + g.experts + g.routers + g.vectors;
}

const counted = new WeakMap<TransformerShape, ParameterCounts>();

/**
 * Exact parameter counts of a transformer: the sum of its matrices and vectors, block by block.
 * Remembered per shape object, since one shape is estimated many times.
 */
export function countParameters(shape: TransformerShape): ParameterCounts {
  const known = counted.get(shape);
  if (known) return known;
  const counts = shape.denoiser
    ? denoiserCounts(shape, shape.denoiser)
    : shape.kind === 'encoder-decoder'
      ? encoderDecoderCounts(shape)
      : decoderCounts(shape);
  counted.set(shape, counts);
  return counts;
}

/** Counts of a model of which only the number of parameters is known: all of it taken for feed-forward matrices. */
export function countsOf(parameters: number, active = parameters, layers = 1): ParameterCounts {
  return {
    embedding: 0,
    inputs: 0,
    head: 0,
    attention: 0,
    feedForward: parameters,
    experts: 0,
    routers: 0,
    vectors: 0,
    total: parameters,
    active,
    layer: parameters / layers,
    largestMatrix: parameters / layers / 4,
  };
}

/** Difference between a shape's count and the published one that vocabulary padding and rare vectors explain. */
const countTolerance = 0.01;

/** A shape's counts, every group in proportion, where the model is known to have another total than its blocks tell. */
export function countedAs(counts: ParameterCounts, total: number): ParameterCounts {
  const ratio = total / counts.total;
  if (Math.abs(ratio - 1) < countTolerance) return counts;
  return {
    embedding: counts.embedding * ratio,
    inputs: counts.inputs * ratio,
    head: counts.head * ratio,
    attention: counts.attention * ratio,
    feedForward: counts.feedForward * ratio,
    experts: counts.experts * ratio,
    routers: counts.routers * ratio,
    vectors: counts.vectors * ratio,
    total,
    active: counts.active * ratio,
    layer: counts.layer * ratio,
    largestMatrix: counts.largestMatrix,
  };
}

/** Parameters of a vision network are not counted from its operation counts: the table's figure is taken. */
export function isVision(shape: TransformerShape | ConvolutionalShape): shape is ConvolutionalShape {
  return shape.kind === 'vision';
}
