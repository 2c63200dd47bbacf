import type { AttentionShape, FeedForwardShape, TransformerShape } from '../../workload/architecture.ts';
import { type Cells, compact } from '../rows.ts';

const kinds: Readonly<Record<string, TransformerShape['kind']>> = {
  decoder: 'decoder',
  encoder: 'encoder',
  'encoder-rotary': 'encoder',
  'encoder-decoder': 'encoder-decoder',
  vit: 'vit',
  // The model of the text, which sees the images as tokens; the tower that makes them is counted beside it.
  'vision-language': 'decoder',
  // The blocks behind the convolutions that make frames of sound.
  audio: 'encoder',
};

/** Kinds that take no tokens of a vocabulary. */
const wordless = new Set(['vit', 'audio']);

const norms: Readonly<Record<string, TransformerShape['norm']>> = {
  rms: 'rms',
  ln: 'layer',
  ln_nobias: 'layer-nobias',
  none: 'none',
};

/**
 * Share of layers that see the window only, by family, as the models' published configurations lay them out:
 * every other layer (Gemma 2, gpt-oss), five of six (Gemma 3, Gemma 4), three of four (OLMo 3), two of three (ModernBERT).
 */
const windowShares: Readonly<Record<string, number>> = {
  gemma2: 1 / 2,
  gpt_oss: 1 / 2,
  gemma3: 5 / 6,
  gemma4: 5 / 6,
  olmo3: 3 / 4,
  modernbert: 2 / 3,
};

/** Heads of the layers that see all, where they differ from the windowed ones', by family (google/gemma-4-31B config.json). */
const globalHeads: Readonly<Record<string, NonNullable<AttentionShape['global']>>> = {
  gemma4: { headDim: 512, kvHeads: 4, sharedValues: true },
};

/** Positions of Whisper's encoder and decoder, fixed by the architecture. */
const whisperPositions = 448;

/**
 * The blocks of a transformer from its row; undefined where the row gives no dimensions that the formulas apply to
 * (hybrid and multimodal models, diffusion), a reason where the dimensions cannot be.
 */
export function shapeOf(cells: Cells): TransformerShape | { readonly bad: string } | undefined {
  const kind = kinds[cells.text('kind') ?? ''];
  const family = cells.text('family') ?? '';
  const hidden = cells.number('hidden');
  const layers = cells.number('layers');
  const heads = cells.number('heads');
  const width = cells.number('width');
  const vocabulary = cells.number('vocabulary') ?? (wordless.has(cells.text('kind') ?? '') && width ? 0 : undefined);
  if (!kind || !hidden || !layers || !heads || vocabulary === undefined || !width) return undefined;
  if (hidden > 65536 || layers > 400 || heads > 512 || vocabulary > 2e6) return { bad: 'has implausible dimensions' };
  const attention = attentionOf(cells, heads, hidden, family);
  const hybrid = hybrids[family];
  if (attention.heads % attention.kvHeads !== 0) return { bad: 'has heads that its key/value heads do not divide' };
  const bias = new Set((cells.text('bias') ?? 'none').split('+'));
  const maximumPosition = cells.number('maximumPosition');
  const image = cells.number('imageSize');
  const patch = cells.number('patch');
  const shape = compact({
    family,
    kind,
    hidden,
    layers,
    decoderLayers: cells.number('decoderLayers'),
    attention,
    feedForward: feedForwardOf(cells, width),
    vocabulary,
    tiedEmbeddings: cells.flag('tied') ?? false,
    learnedPositions: learnedPositions(cells, family, kind, maximumPosition),
    norm: norms[cells.text('norm') ?? ''] ?? 'rms',
    normsPerLayer: cells.number('normsPerLayer') ?? 2,
    finalNorm: cells.flag('finalNorm') ?? true,
    embeddingNorm: cells.flag('embeddingNorm') ?? cells.text('kind') === 'encoder',
    bias: compact({
      qkv: bias.has('qkv'),
      out: bias.has('o'),
      feedForward: bias.has('mlp'),
      head: bias.has('head'),
      router: bias.has('router') || undefined,
      expert: bias.has('expert') || undefined,
    }),
    maximumPosition,
    embeddingWidth: cells.number('embeddingWidth'),
    tokenTypes: cells.number('tokenTypes'),
    pooler: cells.flag('pooler'),
    sharedLayers: cells.number('sharedLayers'),
    // A decoder that looks at images does so through a tower of its own.
    image: kind === 'vit' && image !== undefined && patch !== undefined ? { size: image, patch } : undefined,
    melBins: family === 'whisper' ? (cells.number('melBins') ?? 80) : undefined,
  });
  const count = cells.number('parameters');
  return hybrid && count !== undefined ? withStates(shape, hybrid, count) : shape;
}

/** Families of which most layers keep a state of fixed size. */
interface Hybrid {
  /** Share of layers without keys and values, as the published configurations lay them out. */
  readonly share: number;
  /** Elements of one sequence's state in one such layer, by hidden size and matrix parameters of its mixer. */
  readonly elements: (hidden: number, matrices: number) => number;
}

/** Width of one head of a gated delta net, and the width of all its keys (Qwen3-Next and 3.5: 16 heads of 128). */
const deltaHead = 128;
const deltaKeys = 2 * 16 * deltaHead;
/** State size of a Mamba layer over twice the hidden size, and the reach of its convolution. */
const mambaState = 16;
const mambaReach = 4;

const delta: Hybrid = {
  share: 3 / 4,
  // Mixer: queries, keys, values and gates in, values out: h (keys + 3 values).
  elements: (hidden, matrices) => deltaHead * Math.max(0, (matrices / hidden - deltaKeys) / 3),
};
const mamba = (share: number): Hybrid => ({ share, elements: (hidden) => 2 * hidden * (mambaState + mambaReach) });

const hybrids: Readonly<Record<string, Hybrid>> = {
  qwen3_next: delta,
  qwen3_5: delta,
  qwen3_5_moe: delta,
  jamba: mamba(7 / 8),
  // Short convolutions over three tokens (LFM2: 10 of 16 layers).
  lfm2: { share: 5 / 8, elements: (hidden) => 3 * hidden },
};

/** The shape whose state layers hold what the published count leaves for them beside embeddings, attention and feed-forward parts. */
function withStates(shape: TransformerShape, { share, elements }: Hybrid, count: number): TransformerShape {
  const { hidden: h, layers, attention: a, feedForward: f, vocabulary } = shape;
  const { experts } = f;
  const gate = f.gated ? 3 : 2;
  const mixtures = experts ? Math.floor(layers / Math.max(1, experts.step)) : 0;
  const inner = experts ? experts.count * experts.width + experts.sharedWidth + experts.count / gate : 0;
  const attending = (1 - share) * layers * 2 * h * (a.heads + a.kvHeads) * a.headDim;
  const norms = h * (layers * shape.normsPerLayer + 1) + (a.qkNorm === 'head' ? 2 * layers * a.headDim : 0);
  const ends = vocabulary * h * (shape.tiedEmbeddings ? 1 : 2);
  const fixed = ends + norms + gate * h * (mixtures * inner + (layers - mixtures) * f.width);
  const matrices = Math.max(0, count - fixed - attending) / (share * layers);
  return { ...shape, attention: { ...a, state: { share, matrices, elements: elements(h, matrices) } } };
}

function attentionOf(cells: Cells, heads: number, hidden: number, family: string): AttentionShape {
  const kvRank = cells.number('kvRank');
  const nopeDim = cells.number('nopeDim');
  const ropeDim = cells.number('ropeDim');
  const valueDim = cells.number('valueDim');
  const qkNorm = cells.text('qkNorm');
  const mla =
    kvRank !== undefined && nopeDim !== undefined && ropeDim !== undefined && valueDim !== undefined
      ? { qRank: cells.number('qRank') ?? 0, kvRank, nopeDim, ropeDim, valueDim }
      : undefined;
  const window = cells.number('window');
  const positions = cells.number('maximumPosition');
  // A window as wide as the model's reach hides nothing.
  const windowed = window !== undefined && (positions === undefined || window < positions) ? window : undefined;
  return compact({
    kind: mla ? ('mla' as const) : ('full' as const),
    heads,
    kvHeads: cells.number('kvHeads') ?? heads,
    headDim: mla ? mla.nopeDim + mla.ropeDim : (cells.number('headDim') ?? Math.floor(hidden / heads)),
    window: windowed,
    windowShare: windowed === undefined ? undefined : windowShares[family],
    global: windowed === undefined ? undefined : globalHeads[family],
    qkNorm: qkNorm === 'head' || qkNorm === 'full' ? (qkNorm as 'head' | 'full') : undefined,
    mla,
  });
}

function feedForwardOf(cells: Cells, width: number): FeedForwardShape {
  const count = cells.number('experts');
  const perToken = cells.number('expertsPerToken');
  const expertWidth = cells.number('expertWidth');
  const experts =
    count && perToken && expertWidth
      ? {
          count,
          perToken,
          width: expertWidth,
          sharedWidth: cells.number('sharedExpertWidth') ?? 0,
          denseLayers: cells.number('denseLayers') ?? 0,
          step: cells.number('expertStep') ?? 1,
        }
      : undefined;
  return compact({ width, gated: cells.flag('gated') ?? false, experts });
}

function learnedPositions(cells: Cells, family: string, kind: string, maximum: number | undefined): number {
  if (family === 'whisper') return whisperPositions;
  if (kind === 'vit') return 0;
  if (cells.text('positions') !== 'learned' || maximum === undefined) return 0;
  return maximum;
}
