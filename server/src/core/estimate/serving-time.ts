import type { ServingEstimate } from './estimate.ts';
import type { Points } from './plan.ts';

/** Rates of a serving engine, beside the memory figures of `estimateServingMemory`. */
export type ServingRates = Pick<ServingEstimate, 'prefillTokensPerSecond' | 'decodeTokensPerSecond'>;

/** Prefill and decode rates of one replica; empty where nothing about the device is known. */
export function estimateServingRates(_points: Points, _kvTokens: number): ServingRates {
  return {};
}
