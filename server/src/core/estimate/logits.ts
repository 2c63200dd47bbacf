import { bytesPerElement, type Plan } from './plan.ts';
import { widensBase } from './prepared-base.ts';

/** Bytes per token and vocabulary entry that the loss needs, and when. */
export interface LogitBytes {
  /** Highest in the forward pass: logits, their widened copy and its log-softmax. */
  readonly forward: number;
  /** Highest in the loss's backward pass. */
  readonly peak: number;
}

/** Logits in 16 bits, widened copy's log-softmax, its gradient: transformers 5.18, logits freed before the backward pass. */
const upcast: LogitBytes = { forward: 10, peak: 12 };
/** The same in fp32 throughout. */
const full: LogitBytes = { forward: 8, peak: 12 };
/** Families that cap their logits by a tanh, whose output is kept beside the capped logits (Gemma 2, 3n and 4, T5Gemma). */
const capped = /^(gemma2|gemma3n|gemma4|t5gemma|vaultgemma|diffusion_gemma|nanochat)/;
/** The training loop keeps the model's output alive over the backward pass. */
const heldExtra = 2;
/** Vocabulary-parallel cross-entropy in fp32 over 16-bit logits (Megatron core). */
const vocabularyParallel: LogitBytes = { forward: 6, peak: 8 };
/** The same before Megatron core took exponentials in place (Megatron-DeepSpeed): 16-bit logits, their fp32 copy and its exponentials. */
const vocabularyParallelCopied: LogitBytes = { forward: 10, peak: 10 };
/**
 * Loss over logits split by DTensor (torchtitan under tensor parallelism): its log-softmax and backward are single eager
 * operators, so that output, its gradient, exponentials, their product and the result are live at once in fp32.
 */
const splitEager: LogitBytes = { forward: 6, peak: 20 };
/**
 * torchtitan's loss over whole logits, an eager operator of its own: the model's output, and its copy, log-softmax and gradient in fp32
 * (16 runs on H100 of 2024 and 2025: 13 to 17 bytes of the pool).
 */
const wholeEager: LogitBytes = { forward: 10, peak: 15 };
/** The same compiled with the model, as torchtitan does since early 2025: output and gradient alone (11 runs on later cards: 1.5 to 6). */
const compiledLoss: LogitBytes = { forward: 4, peak: 4 };

/** Mixtures on later cards show neither, at 9 bytes beside what we count of their layers: they stay between. */
function titanLoss({ compiled, accelerator, shape }: Plan): LogitBytes {
  if (!compiled || !isLater(accelerator)) return wholeEager;
  return shape?.feedForward.experts ? upcast : compiledLoss;
}

/** Cards that came out with releases that compile the loss: a release is not told by runs, but none is older than its card. */
function isLater(accelerator: Plan['accelerator']): boolean {
  return (
    accelerator !== undefined && (/blackwell|cdna/i.test(accelerator.architecture) || /\bH200\b/.test(accelerator.name))
  );
}

/** Cross-entropy over chunks of the sequence: logits and their gradient in 16 bits (torchtune, eight chunks). */
const chunked: LogitBytes = { forward: 2, peak: 2.7 };
/** Chunks whose loss stays in 16 bits, as litgpt's `chunked_cross_entropy`. */
const chunkedNarrow: LogitBytes = { forward: 4, peak: 6 };
/** Linear and loss in one kernel: logits never live (Liger, Cut-CE, which Unsloth takes since November 2024). */
const fusedKernel: LogitBytes = { forward: 0.02, peak: 0.05 };

/**
 * One kernel for softmax, loss and gradient over logits that are formed, which writes the gradient over them (Liger's plain
 * cross-entropy, Unsloth's, fms-acceleration's): fp32 logits and the copy that is shifted by a token.
 */
const inPlace: LogitBytes = { forward: 8, peak: 8 };

/** Logit memory of a plan by its stack and loss. */
export function logitBytes(plan: Plan): LogitBytes {
  if (plan.fusedLoss) return plan.stack === 'torchtune' ? chunked : fusedKernel;
  if (plan.stack === 'unsloth') return fusedKernel;
  if (plan.stack === 'litgpt') return chunkedNarrow;
  if (plan.stack === 'torchtitan' && plan.parallel.tensor > 1) return splitEager;
  if (plan.stack === 'torchtitan') return titanLoss(plan);
  if (plan.parallel.implementation === 'megatron') return vocabularyParallel;
  if (plan.stack === 'megatron') return vocabularyParallelCopied;
  // A projection in fp32 makes logits in fp32, unless autocast narrows both.
  const wide = widensBase(plan) && !plan.precision.autocast;
  const e = wide ? 4 : Math.max(2, bytesPerElement[plan.precision.compute]);
  if (plan.lossInPlace) return inPlace;
  if (plan.narrowLoss && !plan.precision.autocast) return { forward: 3 * e, peak: 4 * e };
  const base = e >= 4 ? full : upcast;
  const held = plan.stack === 'pytorch' || plan.stack === 'accelerate' ? heldExtra : 0;
  const cap = plan.shape && capped.test(plan.shape.family) ? e : 0;
  return held + cap > 0 ? { forward: base.forward + cap, peak: base.peak + held + cap } : base;
}
