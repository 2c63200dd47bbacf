/** How a layer that keeps a state works on its tokens. */
export interface StateMixer {
  /**
   * `ssd`: Mamba-2's scan in chunks. `selective`: Mamba's scan. `delta`: gated delta rule in chunks (Qwen3-Next, Kimi Linear).
   * `convolution`: short gated convolution (LFM2). `linear`: linear attention in chunks (MiniMax-01). `recurrent`: RWKV.
   */
  readonly kind: 'ssd' | 'selective' | 'delta' | 'convolution' | 'linear' | 'recurrent';
  /** Outputs of the projections that read the layer's input. */
  readonly entries: number;
  /** Width of the values: what the output projection reads. */
  readonly inner: number;
  /** Heads of the values. */
  readonly heads: number;
  /** Width of all keys together, and of all queries: groups, or key heads, times the state's size. */
  readonly keys: number;
  /** Elements of state for each of the values. */
  readonly size: number;
  /** Channels that pass a short convolution. */
  readonly convolved: number;
  /** Tokens that the kernels take at once. */
  readonly chunk: number;
}

/** Attention of one block kind. */
export interface AttentionShape {
  /** `full`: multi-head, grouped or multi-query by head counts. `mla`: latent (DeepSeek). `linear`: state-space or linear attention. */
  readonly kind: 'full' | 'mla' | 'linear';
  readonly heads: number;
  readonly kvHeads: number;
  /** Share of the layers that attend; absent: all but those that keep a state. Layers may do both (Falcon-H1) or neither (Nemotron-H). */
  readonly share?: number;
  /** The output is weighed by a gate of its own width, made by the query's projection (Qwen3-Next). */
  readonly gated?: boolean;
  /** Width of one query/key head. */
  readonly headDim: number;
  /** Tokens a sliding-window layer sees; absent where every layer sees all. */
  readonly window?: number;
  /** Share of layers with the window (Gemma 3: 5/6); 1 where absent. */
  readonly windowShare?: number;
  /** Heads of the layers without the window where they differ (Gemma 4). */
  readonly global?: {
    readonly headDim: number;
    readonly kvHeads: number;
    /** Values are the keys: one matrix for both. */
    readonly sharedValues: boolean;
  };
  readonly qkNorm?: 'head' | 'full';
  /** Layers that keep a state of fixed size instead of keys and values (Mamba, gated delta nets, short convolutions). */
  readonly state?: {
    /** Share of the layers that are such. */
    readonly share: number;
    /** Matrix parameters of one such layer's mixer. */
    readonly matrices: number;
    /** Elements of one sequence's state in one layer. */
    readonly elements: number;
    /** Norm weights, biases, convolutions and decays of one such layer. */
    readonly vectors?: number;
    readonly mixer: StateMixer;
  };
  readonly mla?: {
    readonly qRank: number;
    readonly kvRank: number;
    readonly nopeDim: number;
    readonly ropeDim: number;
    readonly valueDim: number;
  };
}

/** Feed-forward part of a block. */
export interface FeedForwardShape {
  readonly width: number;
  /** Share of the layers that have such a part; 1 where absent. Less where a layer is either a mixer or a feed-forward part (Nemotron-H). */
  readonly share?: number;
  /** Three matrices (SwiGLU and kin) rather than two. */
  readonly gated: boolean;
  readonly experts?: {
    readonly count: number;
    readonly perToken: number;
    readonly width: number;
    /** Width that tokens are brought to before they are sent to experts, and back from (Nemotron 3 Super); the hidden size where absent. */
    readonly latent?: number;
    /** Total width of the experts that every token passes. */
    readonly sharedWidth: number;
    /** Leading layers that are dense. */
    readonly denseLayers: number;
    /** Every n-th layer is a mixture. */
    readonly step: number;
  };
}

/** What a model's head gives for each token: a row over the vocabulary, or classes. */
export type Outputs = 'vocabulary' | 'classes';

/** How a network that denoises pictures or clips cuts them into tokens, and where the prompt's tokens go. */
export interface DenoiserShape {
  /** Pixels a side that one latent of the first stage holds. */
  readonly spatial: number;
  /** Frames that one latent holds, of all frames but the first. */
  readonly temporal: number;
  /** Latents a side, and frames of latents, that one token holds. */
  readonly patch: number;
  readonly patchFrames: number;
  /** Tokens of a prompt, padded as the pipeline pads them. */
  readonly prompt: number;
  /** A second attention reads the prompt; else its tokens pass the layers beside those of the picture. */
  readonly crossed: boolean;
  /** Layers in which the prompt's tokens have matrices of their own. */
  readonly doubleLayers: number;
  /** What it was made to generate: frames, and pixels of each. */
  readonly frames: number;
  readonly width: number;
  readonly height: number;
}

/** A transformer: everything that parameter counts, activations, KV cache and FLOPs are worked out from. */
export interface TransformerShape {
  readonly family: string;
  readonly kind: 'decoder' | 'encoder' | 'encoder-decoder' | 'vit' | 'denoiser';
  readonly hidden: number;
  /** Layers; the encoder's where there is a decoder too. */
  readonly layers: number;
  readonly decoderLayers?: number;
  readonly attention: AttentionShape;
  readonly feedForward: FeedForwardShape;
  readonly vocabulary: number;
  /** Where its last matrix leads: back to the vocabulary, or to a few classes or a score, as a classifier's does. Unset: what the kind is trained with. */
  readonly outputs?: Outputs;
  readonly tiedEmbeddings: boolean;
  /** Learned position vectors; 0 for RoPE, ALiBi or relative. */
  readonly learnedPositions: number;
  readonly norm: 'rms' | 'layer' | 'layer-nobias' | 'none';
  readonly normsPerLayer: number;
  readonly finalNorm: boolean;
  readonly embeddingNorm: boolean;
  readonly bias: {
    readonly qkv: boolean;
    readonly out: boolean;
    readonly feedForward: boolean;
    readonly head: boolean;
    /** Router and expert matrices of a mixture. */
    readonly router?: boolean;
    readonly expert?: boolean;
  };
  readonly maximumPosition?: number;
  /** Width of a factorised embedding (ALBERT), token types, pooler, shared layers: rare shapes that only counts need. */
  readonly embeddingWidth?: number;
  readonly tokenTypes?: number;
  readonly pooler?: boolean;
  readonly sharedLayers?: number;
  readonly image?: { readonly size: number; readonly patch: number };
  /** Tokens and prompt of a network of kind `denoiser`. */
  readonly denoiser?: DenoiserShape;
  /** Mel bins of a speech encoder's convolutions. */
  readonly melBins?: number;
}

/** What a UNet that denoises has beside its operation counts; of one picture at `imageSize`. */
export interface UNetShape {
  /** Multiply-accumulates of attention, which grow with the square of the area. */
  readonly attention: number;
  /** Scores of all heads and layers, kept where attention is spelled out. */
  readonly scores: number;
  /** Bytes that the operators between the products move in a forward pass. */
  readonly moved: number;
  /** Kernels of a forward pass under autocast. */
  readonly kernels: number;
  /** Parameters that adapters on the projections of attention have for each of their ranks. */
  readonly perRank: number;
}

/** A vision network known by its measured operation counts rather than by blocks. */
export interface ConvolutionalShape {
  readonly kind: 'vision';
  readonly family: string;
  /** Multiply-accumulates per image at `imageSize`. */
  readonly macs: number;
  /** Elements of conv and linear outputs per image at `imageSize`. */
  readonly activations: number;
  readonly imageSize: number;
  /** A UNet that denoises what a first stage encodes. */
  readonly denoises?: UNetShape;
}

export type Architecture = TransformerShape | ConvolutionalShape;

/** True for a transformer described by blocks. */
export function isTransformer(shape: Architecture): shape is TransformerShape {
  return shape.kind !== 'vision';
}

/** Entries of the logits of one token: the vocabulary, or none to speak of where a model tells classes (labels, spans, scores, images). */
export function logitsOf(shape: TransformerShape): number {
  const classes = shape.outputs === 'classes' || (shape.outputs === undefined && shape.kind === 'vit');
  return classes ? 0 : shape.vocabulary;
}
