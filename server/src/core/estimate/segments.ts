import type { TransformerShape } from '../workload/architecture.ts';

/** How a model that reads a text in segments differs from one that reads each by itself. */
export interface Segments {
  /** Tokens of the segment before over those of one segment: keys and values are made and attended for both. */
  readonly memory: number;
  /** Products of one score: with the key and with its distance, and with the value. */
  readonly products: number;
  /** Share of the vocabulary that a token's logits reach into on average. */
  readonly logits: number;
  /** Forward and backward bytes of one 16-bit score, from its operators' reads and writes. */
  readonly scores: { readonly forward: number; readonly backward: number };
  /** Bytes that a forward pass moves per token and hidden unit beyond a plain decoder layer. */
  readonly traffic: number;
  /** Launches of an optimiser that steps through its tensors one by one, for each layer. */
  readonly stepLaunches: number;
  /** Times that a gradient as large as the embedding is written or read in one micro-batch, beyond what a plain head does. */
  readonly slices: number;
}

/**
 * Transformer-XL as NVIDIA's examples train it on WikiText-103 (code: `mem_transformer.py`, `proj_adaptive_softmax.py`). A memory as long as a segment;
 * two products to a score, a shift by padding, scale, mask and softmax apart: 12 passes forward, 18 backward. The adaptive softmax has a head
 * of 20,000 words for every token; of the rest 4 % of the tokens take 20,000 more, 5 % 160,000 and 1 % the last 68,000. Each of the four
 * slices of the tied embedding gives a gradient of its full size, which are summed. Beside the scores a layer joins the memory to its input and
 * once more to what it remembers, adds two biases to its queries and lays keys and values of both out anew: 29 passes of 16 bits. Its LAMB and Adam
 * step through the eleven tensors of a layer one by one, in some eight kernels each (`lamb.py`, PyTorch before 1.12).
 */
const transformerXl: Segments = {
  memory: 1,
  products: 3,
  logits: 0.11,
  scores: { forward: 24, backward: 36 },
  traffic: 58,
  stepLaunches: 11 * 8,
  slices: 17,
};

/** The same with the whole vocabulary in one product (`adaptive` off, the default of its program; its own configurations turn it on). */
const wholeVocabulary: Segments = { ...transformerXl, logits: 1, slices: 0 };

/** Segments of a shape; undefined for models that read each text by itself. */
export function segmentsOf({ family }: TransformerShape): Segments | undefined {
  if (!/^transfo_?xl/.test(family)) return undefined;
  return /whole/.test(family) ? wholeVocabulary : transformerXl;
}
