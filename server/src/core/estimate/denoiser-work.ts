import type { DenoiserShape, TransformerShape } from '../workload/architecture.ts';
import { fusionOf } from './compute-traffic.ts';
import { bytesPerElement, type Plan } from './plan.ts';

/** Bytes that one layer keeps for one token and unit of hidden size, beside its feed-forward part. */
interface Kept {
  /** All weights trained: in 16 bits throughout, and under autocast over fp32 weights. */
  readonly trained: number;
  readonly autocast: number;
  /** Adapters on the projections of attention over a frozen base: in 16 bits throughout, and under autocast over 16-bit weights. */
  readonly adapted: number;
  readonly adaptedAutocast: number;
}

/**
 * Counted on the stand-in GPU with the model code of diffusers 0.40, as the difference of three layers and two
 * (`test/reference/oracle/denoisers`): norms without weights, their scale and shift, gates, norms of queries and keys, rotation and the
 * joining of streams are operators of their own, and autocast takes norms in fp32. Layers of two streams and of one are taken in the mean.
 */
const keptByFamily: readonly (readonly [RegExp, Kept])[] = [
  [/^cogvideox/, { trained: 30.3, autocast: 46.3, adapted: 20.4, adaptedAutocast: 32.4 }],
  [/^hunyuan_video/, { trained: 37.4, autocast: 51, adapted: 24.7, adaptedAutocast: 31.1 }],
  [/^sd3/, { trained: 26.1, autocast: 38, adapted: 15.9, adaptedAutocast: 23.4 }],
  [/^(flux|chroma)/, { trained: 36.1, autocast: 47.4, adapted: 20.6, adaptedAutocast: 27.2 }],
];
/** Of families that were not counted: the mean of those that were. */
const joinedPrompt: Kept = { trained: 33, autocast: 46, adapted: 20, adaptedAutocast: 29 };
/** Layers with a second attention over the prompt (Wan and LTX-Video come within 5 % of one another). */
const crossedPrompt: Kept = { trained: 67, autocast: 72, adapted: 41, adaptedAutocast: 45 };

/** Bytes of one fp32 element over those of a 16-bit one. */
const wide = 2;

/** Bytes that one layer keeps for one token: beside the feed-forward part, in it, and the inputs that adapters of its linears need. */
export function denoiserLayerBytes(plan: Plan, shape: TransformerShape, denoiser: DenoiserShape): number {
  const { adapter, precision } = plan;
  const { hidden: h, feedForward: f, family } = shape;
  const usual = denoiser.crossed ? crossedPrompt : joinedPrompt;
  const kept = keptByFamily.find(([name]) => name.test(family))?.[1] ?? usual;
  const width = f.experts ? f.experts.perToken * f.experts.width + f.experts.sharedWidth : f.width;
  // What goes into the activation, and what comes out where a linear behind it is trained; gate, its activation and the other half beside.
  const inner = (f.gated ? 6 : 2) * width + (adapter && !adapter.targets.down ? 0 : 2 * width);
  const narrow = bytesPerElement[precision.compute] < 4;
  const cast = narrow && precision.autocast;
  const outer = adapter ? (cast ? kept.adaptedAutocast : kept.adapted) : cast ? kept.autocast : kept.trained;
  const entry = adapter?.targets.up ? 2 * h : 0;
  return (outer * h + inner + entry) * (narrow ? 1 : wide);
}

/** Bytes that the operators between the products move for one token and unit of hidden size, forward: in 16 bits throughout, and under autocast. */
interface Moved {
  readonly narrow: number;
  readonly autocast: number;
}

/** Reads and writes of all operators but products and attention, counted as the bytes that a layer keeps are; 4 bytes a unit of inner width in each. */
const movedByFamily: readonly (readonly [RegExp, Moved])[] = [
  [/^cogvideox/, { narrow: 178, autocast: 268 }],
  [/^(flux|chroma|hunyuan_video)/, { narrow: 252, autocast: 313 }],
  [/^sd3/, { narrow: 76, autocast: 136 }],
];
const movedJoined: Moved = { narrow: 170, autocast: 240 };
const movedCrossed: Moved = { narrow: 358, autocast: 414 };
/** Share of it that is left where a compiler joins the operators: one pass over their inputs and one over their outputs. */
const compiledShare = 0.3;

/** Bytes that those operators move backward over those forward (1.4 to 1.9). */
export const denoiserBackward = 1.6;

/** Bytes per token and unit of hidden size that the operators between the products of one layer move in a forward pass. */
export function denoiserTraffic(plan: Plan, shape: TransformerShape, denoiser: DenoiserShape): number {
  const usual = denoiser.crossed ? movedCrossed : movedJoined;
  const { narrow, autocast } = movedByFamily.find(([name]) => name.test(shape.family))?.[1] ?? usual;
  const { precision } = plan;
  const bytes = bytesPerElement[precision.compute] >= 4 ? wide * narrow : precision.autocast ? autocast : narrow;
  return bytes * (fusionOf(plan) === 'eager' ? 1 : compiledShare);
}
