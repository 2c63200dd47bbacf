import { virtualTokensOf } from './adapter-save.ts';
import type { Plan } from './plan.ts';

/** Longest sample over mean length: instruction data run from 3.5 (alpaca-gpt4-zh) to 13 (alpaca). */
const longestOverMean = 6;
/** Deviation of sample lengths over their mean, and how many deviations the fullest batch of a run lies out. */
const lengthVariation = 0.7;
const extremeDeviations = 3;

/**
 * Tokens of the fullest micro-batch of a run on one device, which sets the peak: all samples at the longest length
 * where they are padded, their sum where they lie end to end, the stated length where they are packed.
 */
export function fullestBatchTokens(plan: Plan): number {
  const { microBatch: b, sequenceLength: s, meanLength: mean, packed, paddingFree, parallel } = plan;
  const split = parallel.context;
  const before = b * virtualTokens(plan);
  if (packed || mean >= s) return (b * s + before) / split;
  const longest = Math.min(s, longestOverMean * mean);
  if (!paddingFree) return (b * longest + before) / split;
  const sum = b * mean * (1 + (extremeDeviations * lengthVariation) / Math.sqrt(b));
  return (Math.min(b * s, Math.max(sum, longest)) + before) / split;
}

/** Trained tokens that prompt tuning and p-tuning lay before every sample (peft). */
export function virtualTokens({ adapter, shape }: Plan): number {
  return adapter && shape ? virtualTokensOf(adapter, shape) : 0;
}

/** Sequences of one sample: a preference has a chosen and a rejected answer, an embedding model passes every text of a pair. */
export function sequencesPerSample(plan: Plan): number {
  return plan.task === 'dpo' || plan.task === 'reward' ? 2 : (plan.textsPerSample ?? 1);
}
