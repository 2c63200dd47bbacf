import type { TransformerShape } from '../workload/architecture.ts';
import type { Precision } from '../workload/spec.ts';
import { mergesAdapters, stacksExperts } from './adapter-experts.ts';
import { adapterKept } from './adapter-kept.ts';
import { denoiserLayerBytes } from './denoiser-work.ts';
import { type Flavour, flavourOf } from './flavour.ts';
import type { Numbers, SavedBytes } from './kept-bytes.ts';
import { attendingShare, isSingleFile, mixtureLayers } from './layer-kinds.ts';
import { bytesPerElement, type Plan } from './plan.ts';
import { widensNorms } from './prepared-base.ts';
import { droppedBytes, type LayerParts, recomputesModules } from './recomputed-modules.ts';
import { stateKept, stateWorking } from './state-kept.ts';

/** Tokens that the fullest expert-parallel rank gets over the mean: 1.1 to 2 as routers balance. */
const expertSkew = 1.4;
/** Element size of fp32, which softmax, norms and losses compute in. */
const wide = 4;
/** fp8 linears keep their inputs in one byte (Transformer Engine, torchao float8), but for the copies that norms keep. */
const fp8Input = 1;
/** Bytes of an element of an input that Transformer Engine keeps for the weight's gradient: one copy, with scales of sixteen values in fp4. */
const engineInput: Readonly<Partial<Record<Precision, number>>> = { fp8: fp8Input, fp4: 0.5625, mxfp4: 0.5625 };

function numbersOf(plan: Plan): Numbers {
  const { compute, parameters, autocast } = plan.precision;
  // Pictures come into the layers in the format of the products, and stay in it.
  if (plan.shape?.denoiser) {
    const e = Math.max(2, bytesPerElement[compute]);
    return { e, residual: e, autocast: false };
  }
  const e = Math.max(2, bytesPerElement[compute]);
  const residual = widensNorms(plan) ? wide : autocast ? Math.max(e, bytesPerElement[parameters]) : e;
  return { e, residual, autocast: autocast && residual > e };
}

/** Copies of one tensor that the linears reading it keep: one in a single format, one a linear under autocast. */
function inputCopies(n: Numbers, linears: number): number {
  return n.autocast ? n.e * linears : n.e;
}

/** What one norm keeps beside its output, in bytes per element. */
function normBytes(shape: TransformerShape, flavour: Flavour, n: Numbers, frozen: boolean): number {
  if (shape.norm === 'none') return 0;
  if (flavour.fusedNorm) return n.residual;
  // Norms in Python: the widened input, and the normalised value for the weight's gradient unless it is frozen.
  const normalised = frozen ? 0 : flavour.wideNormalised || flavour.spelledLayerNorm ? wide : n.residual;
  return wide + normalised + (flavour.spelledLayerNorm ? wide : 0);
}

/** Bytes that quantised linears keep for one token where each holds an input of its own. */
function quantizedInputs(shape: TransformerShape, n: Numbers): SavedBytes {
  const { hidden: h, feedForward: f } = shape;
  return { replicated: n.e * h * (f.gated ? 3 : 2), sharded: n.e * (h + f.width) };
}

/**
 * Whether torch falls back to products and a softmax of its own: none of its fused kernels takes fp32 where query heads share
 * keys, which transformers hands it as they are (sdpa, torch 2.5 and later).
 */
function spellsScores({ attention, stack }: Plan, shape: TransformerShape, n: Numbers): boolean {
  const { heads, kvHeads, kind } = shape.attention;
  return attention === 'sdpa' && kind === 'full' && n.e >= wide && kvHeads < heads && stacksExperts({ stack });
}

/** Attention's own tensors: queries, keys, values and output, or the probabilities where it is computed eagerly. */
function attentionBytes(plan: Plan, shape: TransformerShape, flavour: Flavour, n: Numbers, frozen: boolean) {
  const { attention: a } = shape;
  if (a.kind === 'mla' && a.mla) {
    const key = a.mla.nopeDim + a.mla.ropeDim;
    const latent = (a.mla.qRank + a.mla.kvRank) * (flavour.fusedNorm ? 2 * n.e : wide + 2 * n.e);
    return { sharded: n.e * a.heads * (2 * key + 2 * a.mla.valueDim), replicated: latent };
  }
  const query = a.heads * a.headDim;
  const spelled = plan.attention === 'eager' || spellsScores(plan, shape, n);
  const keys = flavour.repeatedKv || spelled ? query : a.kvHeads * a.headDim;
  // The log-sum-exp of flash kernels: one fp32 a head.
  let sharded = n.e * (2 * query + 2 * keys) + wide * a.heads;
  if (a.qkNorm) {
    const normalised = frozen ? 0 : flavour.wideNormalised ? wide : n.e;
    sharded += (flavour.fusedNorm ? n.e : wide + normalised) * (query + a.kvHeads * a.headDim);
  }
  if (flavour.partialRotary && !spelled) {
    // Values that are a slice of one projection keep the whole of it.
    const slice = flavour.fusedProjection ? query + a.kvHeads * a.headDim : 0;
    sharded += n.e * ((frozen ? 0 : query) + slice);
  }
  if (spelled && a.kind !== 'linear') {
    const sequence = plan.sequenceLength;
    const window = a.window && (a.windowShare ?? 1) === 1 ? Math.min(a.window, sequence) : sequence;
    // fp32 softmax keeps its output and the cast copy that multiplies the values.
    const narrow = flavour.narrowSoftmax && !n.autocast;
    const softmax = (narrow ? n.e : n.e < wide ? wide + n.e : wide) + (flavour.cappedScores ? n.e : 0);
    const dropped = flavour.hiddenDropout ? 1 + n.e : 0;
    sharded += (softmax + dropped) * a.heads * window;
  }
  return { sharded, replicated: 0 };
}

/** Feed-forward tensors of width `width`, the linears' frozen or trained alike in `keepsInner`. */
function feedForwardBytes(shape: TransformerShape, flavour: Flavour, n: Numbers, width: number, keepsInner: boolean) {
  const kept = shape.feedForward.gated
    ? (flavour.fusedGate ? 2 : 3) + Number(keepsInner)
    : flavour.activation === 'relu'
      ? 1
      : 1 + Number(keepsInner);
  if (flavour.activation === 'unfused-tanh' && !shape.feedForward.gated) {
    // Input, tanh, one more than it, and the halved input; autocast takes powers, and so the three after them, in fp32.
    const inner = n.autocast ? 3 * wide + n.e : 4 * n.e;
    return (inner + Number(keepsInner) * n.e) * width;
  }
  return n.e * kept * width;
}

/** What one layer does in the mean over those that are mixtures, or over the others: shares that attend, keep a state and have a feed-forward part. */
function partsOf(shape: TransformerShape, mixture: boolean) {
  const attending = attendingShare(shape.attention);
  const keeping = shape.attention.state?.share ?? 0;
  if (!isSingleFile(shape)) return { attends: attending, keeps: keeping, widens: 1 };
  if (mixture) return { attends: 0, keeps: 0, widens: 1 };
  const mixed = mixtureLayers(shape) / shape.layers;
  const others = Math.max(1 / shape.layers, 1 - mixed);
  return {
    attends: attending / others,
    keeps: keeping / others,
    widens: Math.max(0, (shape.feedForward.share ?? 1) - mixed) / others,
  };
}

/**
 * Bytes kept for one token by one layer, built tensor by tensor. Checked against the bytes that autograd really
 * saves in transformers 5.18 (bf16, fp32 and autocast; flash and eager).
 */
export function layerBytes(plan: Plan, shape: TransformerShape, mixture: boolean): SavedBytes {
  if (shape.denoiser) return { replicated: denoiserLayerBytes(plan, shape, shape.denoiser), sharded: 0 };
  const n = numbersOf(plan);
  const flavour = flavourOf(plan, shape);
  const { hidden: h, attention: a, feedForward: f } = shape;
  const frozen = plan.adapter !== undefined && !flavour.keepsFrozenInputs;
  const fp8 = plan.precision.compute === 'fp8' && !frozen;
  // Transformer Engine casts within its linears: what norms and activations hand them is kept narrow alone.
  const narrow = plan.stack === 'megatron' && !frozen ? engineInput[plan.precision.compute] : undefined;
  const norm = normBytes(shape, flavour, n, frozen) * h;
  const linearsOfAttention = flavour.fusedProjection || a.kind === 'mla' ? 1 : 3;
  const linearsOfFeedForward = !f.gated || flavour.fusedGateUp ? 1 : 2;
  const input = (linears: number) => (frozen ? 0 : (narrow ?? (fp8 ? fp8Input + n.e : inputCopies(n, linears))) * h);
  // What the linear that narrows a feed-forward part again reads, and the projection after attention, beside the kernel's own copy.
  const saved = narrow === undefined ? 0 : n.e - narrow;
  const query = narrow === undefined ? 0 : narrow * a.heads * (a.mla?.valueDim ?? a.headDim);
  const { attends, keeps, widens } = partsOf(shape, mixture);
  const parallelResidual = shape.normsPerLayer === 1 && !isSingleFile(shape);
  let replicated = shape.normsPerLayer * norm + attends * input(linearsOfAttention);
  // Where both read one tensor it is kept once.
  replicated += Math.max(0, Math.min(keeps, 1 - attends)) * input(1);
  if (!parallelResidual) replicated += widens * input(linearsOfFeedForward);
  else if (n.autocast) replicated += widens * input(linearsOfFeedForward);
  if (flavour.sharedNormInput) replicated -= n.residual * h;
  if (flavour.hiddenDropout) replicated += 2 * h;
  const attention = attentionBytes(plan, shape, flavour, n, frozen);
  replicated += attends * attention.replicated;
  let sharded = attends * (attention.sharded + query) + keeps * stateKept(plan, shape, n.e, frozen);
  const keepsInner = !frozen;
  if (mixture && f.experts) {
    const { perToken, width, sharedWidth, count, latent } = f.experts;
    // Gathered input and output of each routed copy, its inner tensors, and the router's logits and probabilities.
    const skew = plan.parallel.expert > 1 ? expertSkew : 1;
    // Experts with merged adapters have weights that a gradient goes through.
    const inert = frozen && !mergesAdapters(plan);
    // Megatron weights the copies at their activation, others where they come back, which keeps the experts' output.
    const side = n.e * (latent ?? h) * (inert || plan.stack === 'megatron' ? 1 : 2);
    const routed =
      skew * perToken * (feedForwardBytes(shape, flavour, n, width, !inert) + side - saved * (width + (latent ?? h)));
    sharded += routed;
    if (sharedWidth > 0) sharded += feedForwardBytes(shape, flavour, n, sharedWidth, keepsInner) - saved * sharedWidth;
    replicated += 2 * wide * count + (sharedWidth > 0 && flavour.gatedShared ? n.e * h : 0);
    // What comes back from latent experts is the input of the matrix that widens it.
    if (latent !== undefined && !frozen) replicated += n.e * latent;
  } else {
    sharded += widens * (feedForwardBytes(shape, flavour, n, f.width, keepsInner) - saved * f.width);
  }
  const adapters = adapterKept(plan, shape, flavour, n);
  const quantized = flavour.keepsQuantizedInputs ? quantizedInputs(shape, n) : { replicated: 0, sharded: 0 };
  return {
    replicated: replicated + adapters.replicated + quantized.replicated,
    sharded: sharded + adapters.sharded + quantized.sharded,
  };
}

/** The parts of one layer that may be dropped by themselves, in bytes for one token. */
function layerParts(plan: Plan, shape: TransformerShape, mixture: boolean): LayerParts {
  const n = numbersOf(plan);
  const flavour = flavourOf(plan, shape);
  const { hidden: h, attention: a, feedForward: f } = shape;
  const spelled = attentionBytes(plan, shape, flavour, n, false).sharded;
  const fused = attentionBytes({ ...plan, attention: 'flash' }, shape, flavour, n, false).sharded;
  const experts = mixture ? f.experts : undefined;
  const copies = experts ? (plan.parallel.expert > 1 ? expertSkew : 1) * experts.perToken : 0;
  return {
    scores: Math.max(0, spelled - fused),
    dense: mixture ? 0 : feedForwardBytes(shape, flavour, n, f.width, true),
    routed: experts
      ? copies * (feedForwardBytes(shape, flavour, n, experts.width, true) + n.e * (experts.latent ?? h))
      : 0,
    shared: experts && experts.sharedWidth > 0 ? feedForwardBytes(shape, flavour, n, experts.sharedWidth, true) : 0,
    activated: experts ? copies * n.e * experts.width : 0,
    normed: shape.normsPerLayer * n.e * h,
    widened: a.mla ? n.e * a.heads * (2 * (a.mla.nopeDim + a.mla.ropeDim) + a.mla.valueDim) : 0,
  };
}

/** What one layer keeps of a token where some of its modules are recomputed, and what these take when they are back. */
function withoutModules(plan: Plan, shape: TransformerShape, mixture: boolean) {
  const whole = layerBytes(plan, shape, mixture);
  const dropped = droppedBytes(plan, layerParts(plan, shape, mixture));
  const back = onRank(dropped, plan);
  return { kept: Math.max(0, onRank(whole, plan) - back), back };
}

/** Bytes of a layer's input kept for one token where the layer is recomputed. */
export function boundaryBytes(plan: Plan, shape: TransformerShape): number {
  return numbersOf(plan).residual * shape.hidden;
}

/** Bytes for one token that lie between the last layer and the output projection: kept, and live beside it in the forward pass. */
export interface HeadInput {
  readonly kept: number;
  /** The last hidden state, where it is another tensor than what the projection keeps. */
  readonly passing: number;
}

/** The final norm's tensors and the output projection's input; a frozen projection keeps none. */
export function headInputBytes(plan: Plan, shape: TransformerShape): HeadInput {
  const n = numbersOf(plan);
  const flavour = flavourOf(plan, shape);
  const frozen = plan.adapter !== undefined && !flavour.keepsFrozenInputs;
  const norm = shape.finalNorm ? normBytes(shape, flavour, n, frozen) : 0;
  return {
    kept: (norm + (frozen ? 0 : n.e)) * shape.hidden,
    passing: n.autocast || frozen ? n.residual * shape.hidden : 0,
  };
}

/** The same while spelled-out scores go backward: two of their size in fp32, when the feed-forward part's tensors are gone. */
function attentionWorkingBytes(plan: Plan, shape: TransformerShape, mixture: boolean, n: Numbers): number {
  if (plan.attention !== 'eager' && !spellsScores(plan, shape, n)) return 0;
  const { attention: a, feedForward: f } = shape;
  const flavour = flavourOf(plan, shape);
  const keys = a.window && (a.windowShare ?? 1) === 1 ? Math.min(a.window, plan.sequenceLength) : plan.sequenceLength;
  const element = flavour.narrowSoftmax && !n.autocast ? n.e : wide;
  const width = mixture && f.experts ? f.experts.perToken * f.experts.width : f.width;
  return 2 * element * a.heads * keys - feedForwardBytes(shape, flavour, n, width, plan.adapter === undefined);
}

/**
 * Gradients and temporaries of one layer at work in the backward pass, for one token. They are most when a gated product goes
 * backward: its gradient and those of both factors, while the product itself, where it was kept, is gone.
 */
export function workingBytes(plan: Plan, shape: TransformerShape, mixture: boolean): SavedBytes {
  const n = numbersOf(plan);
  const { feedForward: f } = shape;
  const width = mixture && f.experts ? f.experts.perToken * f.experts.width + f.experts.sharedWidth : f.width;
  const { adapter } = plan;
  const attention = attentionWorkingBytes(plan, shape, mixture, n);
  const gated = adapter && !adapter.targets.down && !flavourOf(plan, shape).keepsFrozenInputs ? 3 : 2;
  return {
    replicated: 2 * n.residual * shape.hidden,
    sharded: Math.max(attention, stateWorking(shape, n.e), n.e * (f.gated ? gated : 1) * width),
  };
}

/** Bytes on one rank: replicated parts are split only under sequence parallelism. */
export function onRank(bytes: SavedBytes, plan: Plan): number {
  const { tensor, sequence } = plan.parallel;
  return bytes.sharded / tensor + bytes.replicated / (sequence ? tensor : 1);
}

/** Op-level selective recomputation keeps every second matmul's output and attention's (torchtitan): bytes per token and hidden. */
const selectiveBytesPerHidden = 15.5;

/** Bytes kept for one token by all layers of one device, before pipeline in-flight copies; the recompute mode applied. */
export function keptBytesPerToken(plan: Plan, shape: TransformerShape, layers: number): number {
  const all = shape.layers + (shape.decoderLayers ?? 0);
  const mixedShare = mixtureLayers(shape) / all;
  const { tensor, sequence } = plan.parallel;
  const boundary = boundaryBytes(plan, shape) / (sequence ? tensor : 1);
  if (plan.recompute === 'full') return plan.recomputeOffloaded ? 2 * boundary : layers * boundary;
  const byModules = recomputesModules(plan);
  const keptBy = (mixture: boolean) =>
    byModules ? withoutModules(plan, shape, mixture).kept : onRank(layerBytes(plan, shape, mixture), plan);
  const dense = mixedShare < 1 ? keptBy(false) : 0;
  const mixture = mixedShare > 0 ? keptBy(true) : 0;
  const layer = dense * (1 - mixedShare) + mixture * mixedShare;
  if (plan.recompute === 'selective' && !byModules) {
    // Scans are kept as they are; a layer that is one thing has half the operators.
    const scans = ((shape.attention.state?.share ?? 0) * stateKept(plan, shape, numbersOf(plan).e, false)) / tensor;
    const most =
      ((isSingleFile(shape) ? 0.5 : 1) * selectiveBytesPerHidden * shape.hidden) /
      (sequence ? tensor : Math.sqrt(tensor));
    return layers * (scans + Math.min(Math.max(0, layer - scans), most));
  }
  return layers * layer;
}

/** Bytes of one layer at work for one token: what recomputation brings back, and the backward pass's temporaries. */
export function layerAtWork(plan: Plan, shape: TransformerShape): number {
  const mixture = mixtureLayers(shape) > 0;
  const temporaries = onRank(workingBytes(plan, shape, mixture), plan);
  if (plan.recompute === 'none') return temporaries;
  if (recomputesModules(plan)) return temporaries + withoutModules(plan, shape, mixture).back;
  const layer = onRank(layerBytes(plan, shape, mixture), plan);
  const other = isSingleFile(shape) && mixture ? onRank(layerBytes(plan, shape, false), plan) : 0;
  return temporaries + Math.max(layer, other);
}
