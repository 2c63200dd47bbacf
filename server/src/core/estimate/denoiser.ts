import type { DenoiserShape, TransformerShape } from '../workload/architecture.ts';
import type { ParameterCounts } from './parameters.ts';

/** What pictures and clips are cut into by networks of which nothing is known: 8 pixels a latent, 4 frames, 2 x 2 latents a token. */
export const usualDenoiser: DenoiserShape = {
  spatial: 8,
  temporal: 4,
  patch: 2,
  patchFrames: 1,
  prompt: 512,
  crossed: false,
  doubleLayers: 0,
  frames: 1,
  width: 1024,
  height: 1024,
};

/**
 * Tokens of one picture or clip: `((F - 1) / temporal + 1)` frames of latents, each of `side / (spatial x patch)` tokens a side, and the
 * prompt's where they pass the same layers. `side` is the root of the picture's area, so that any shape of it counts alike.
 */
export function denoisedTokens(d: DenoiserShape, side: number, frames: number): number {
  const latentFrames = Math.ceil((Math.floor((Math.max(1, frames) - 1) / d.temporal) + 1) / d.patchFrames);
  const perFrame = (side / (d.spatial * d.patch)) ** 2;
  return Math.max(1, Math.round(latentFrames * perFrame)) + (d.crossed ? 0 : d.prompt);
}

/** Matrices of one stream of a layer: self-attention and feed-forward part; those of a second attention apart. */
function streamMatrices(shape: TransformerShape) {
  const { hidden: h, attention: a, feedForward: f } = shape;
  const attention = h * (2 * a.heads + 2 * a.kvHeads) * a.headDim;
  const n = f.gated ? 3 : 2;
  return { attention, feedForward: n * h * (f.experts ? f.experts.sharedWidth : f.width), n };
}

/**
 * Parameters of a denoising transformer by what they are. Two streams have matrices each, of which a token passes one stream's; a prompt
 * that is read by a second attention has its own. Modulation, embedders of time and prompt and the last projection are what is left of
 * the published total (`withRest`): they are multiplied once a sample, not once a token.
 */
export function denoiserCounts(shape: TransformerShape, denoiser: DenoiserShape): ParameterCounts {
  const { layers, hidden: h, feedForward: f } = shape;
  const { attention, feedForward, n } = streamMatrices(shape);
  const crossed = denoiser.crossed ? attention : 0;
  const double = denoiser.doubleLayers;
  const experts = f.experts ? layers * f.experts.count * n * h * f.experts.width : 0;
  // The prompt's stream has a plain feed-forward part where the picture's is a mixture.
  const second = double * (attention + n * h * f.width);
  const groups = {
    embedding: 0,
    inputs: 0,
    head: 0,
    attention: layers * (attention + crossed) + double * attention,
    feedForward: layers * feedForward + double * n * h * f.width,
    experts,
    routers: f.experts ? layers * h * f.experts.count : 0,
    vectors: 0,
  };
  const total = groups.attention + groups.feedForward + groups.experts + groups.routers;
  const idle = f.experts ? experts * (1 - f.experts.perToken / Math.max(1, f.experts.count)) : 0;
  return {
    ...groups,
    total,
    active: total - second - idle,
    layer: total / layers,
    largestMatrix: h * Math.max(f.width, f.experts?.width ?? 0),
  };
}

/** The counts with what a published total has beside the layers' matrices: conditioning that no token passes. */
export function withRest(counts: ParameterCounts, total: number, layers: number): ParameterCounts {
  const rest = Math.max(0, total - counts.total);
  return {
    ...counts,
    inputs: rest,
    total: counts.total + rest,
    active: counts.active + rest,
    layer: counts.layer + rest / layers,
  };
}
