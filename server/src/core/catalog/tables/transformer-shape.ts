import type { AttentionShape, FeedForwardShape, TransformerShape } from '../../workload/architecture.ts';
import { type Cells, compact } from '../rows.ts';
import { denoiserOf } from './denoisers.ts';
import { stateOf } from './state-layers.ts';

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
  diffusion: 'denoiser',
};

/** Kinds that take no tokens of a vocabulary. */
const wordless = new Set(['vit', 'audio', 'diffusion']);

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
 * (multimodal models, diffusion), a reason where the dimensions cannot be.
 */
export function shapeOf(cells: Cells): TransformerShape | { readonly bad: string } | undefined {
  const kind = kinds[cells.text('kind') ?? ''];
  const family = cells.text('family') ?? '';
  const hidden = cells.number('hidden');
  const layers = cells.number('layers');
  const state = hidden && layers ? stateOf(cells, hidden, layers) : undefined;
  // Layers that are a mixer alone attend with no heads and have no width.
  const heads = cells.number('heads') ?? (state ? 1 : undefined);
  const width = cells.number('width') ?? (state ? 0 : undefined);
  const vocabulary = cells.number('vocabulary') ?? (wordless.has(cells.text('kind') ?? '') && width ? 0 : undefined);
  if (!kind || !hidden || !layers || !heads || vocabulary === undefined || width === undefined) return undefined;
  const denoiser = kind === 'denoiser' ? denoiserOf(family, layers) : undefined;
  if (kind === 'denoiser' && !denoiser) return undefined;
  if (hidden > 65536 || layers > 400 || heads > 512 || vocabulary > 2e6) return { bad: 'has implausible dimensions' };
  const attention = attentionOf(cells, heads, hidden, family);
  if (attention.heads % attention.kvHeads !== 0) return { bad: 'has heads that its key/value heads do not divide' };
  const bias = new Set((cells.text('bias') ?? 'none').split('+'));
  const maximumPosition = cells.number('maximumPosition');
  const image = cells.number('imageSize');
  const patch = cells.number('patch');
  const share = (column: string) => {
    const some = cells.number(column);
    return some === undefined ? undefined : some / layers;
  };
  return compact({
    family,
    kind,
    hidden,
    layers,
    decoderLayers: cells.number('decoderLayers'),
    attention: compact({ ...attention, state, share: share('attendingLayers') }),
    feedForward: compact({ ...feedForwardOf(cells, width), share: share('feedForwardLayers') }),
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
    denoiser,
    melBins: family === 'whisper' ? (cells.number('melBins') ?? 80) : undefined,
  });
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
    gated: cells.flag('gatedAttention'),
    qkNorm: qkNorm === 'head' || qkNorm === 'full' ? (qkNorm as 'head' | 'full') : undefined,
    mla,
  });
}

function feedForwardOf(cells: Cells, width: number): FeedForwardShape {
  const count = cells.number('experts');
  const perToken = cells.number('expertsPerToken');
  const expertWidth = cells.number('expertWidth');
  const latent = cells.number('expertLatent');
  const experts =
    count && perToken && expertWidth
      ? {
          count,
          perToken,
          width: expertWidth,
          ...(latent === undefined ? {} : { latent }),
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
