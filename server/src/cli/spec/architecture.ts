import { z } from 'zod';

const count = z.int().min(0);
const size = z.int().min(1);

const attention = z.object({
  kind: z.enum(['full', 'mla', 'linear']).default('full'),
  heads: size,
  kvHeads: size,
  headDim: z.number().positive(),
  window: size.optional(),
  windowShare: z.number().min(0).max(1).optional(),
  qkNorm: z.enum(['head', 'full']).optional(),
  mla: z.object({ qRank: count, kvRank: size, nopeDim: size, ropeDim: size, valueDim: size }).optional(),
});

const feedForward = z.object({
  width: size,
  gated: z.boolean(),
  experts: z
    .object({ count: size, perToken: size, width: size, sharedWidth: count, denseLayers: count, step: size })
    .optional(),
});

const transformer = z.object({
  family: z.string().default('stated'),
  kind: z.enum(['decoder', 'encoder', 'encoder-decoder', 'vit']).default('decoder'),
  hidden: size,
  layers: size,
  decoderLayers: size.optional(),
  attention,
  feedForward,
  vocabulary: count,
  tiedEmbeddings: z.boolean().default(false),
  learnedPositions: count.default(0),
  norm: z.enum(['rms', 'layer', 'layer-nobias', 'none']).default('rms'),
  normsPerLayer: count.default(2),
  finalNorm: z.boolean().default(true),
  embeddingNorm: z.boolean().default(false),
  bias: z
    .object({ qkv: z.boolean(), out: z.boolean(), feedForward: z.boolean(), head: z.boolean() })
    .default({ qkv: false, out: false, feedForward: false, head: false }),
  maximumPosition: size.optional(),
  embeddingWidth: size.optional(),
  tokenTypes: count.optional(),
  pooler: z.boolean().optional(),
  sharedLayers: size.optional(),
  image: z.object({ size, patch: size }).optional(),
  melBins: size.optional(),
});

const vision = z.object({
  kind: z.literal('vision'),
  family: z.string().default('stated'),
  macs: z.number().positive(),
  activations: z.number().positive(),
  imageSize: size,
});

/** A model's dimensions as a spec file writes them. */
export const architecture = z.union([vision, transformer]);
