import type { TransformerShape } from '#core/workload/architecture.ts';

interface Dimensions {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly width: number;
  readonly vocabulary: number;
  readonly headDim?: number;
}

/** A decoder of the Llama family by its dimensions. */
export function decoder(d: Dimensions, more: Partial<TransformerShape> = {}): TransformerShape {
  return {
    family: 'llama',
    kind: 'decoder',
    hidden: d.hidden,
    layers: d.layers,
    attention: { kind: 'full', heads: d.heads, kvHeads: d.kvHeads, headDim: d.headDim ?? d.hidden / d.heads },
    feedForward: { width: d.width, gated: true },
    vocabulary: d.vocabulary,
    tiedEmbeddings: false,
    learnedPositions: 0,
    norm: 'rms',
    normsPerLayer: 2,
    finalNorm: true,
    embeddingNorm: false,
    bias: { qkv: false, out: false, feedForward: false, head: false },
    ...more,
  };
}
