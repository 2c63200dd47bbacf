import { exactly, interval } from '../units/interval.ts';
import { type Bytes, bytes } from '../units/quantity.ts';
import type { ServingEstimate } from './estimate.ts';
import { kvBytesPerToken } from './kv.ts';
import { bytesPerElement, type Points } from './plan.ts';

/** Memory side of a serving estimate: weights, KV pool, sequences. */
export function estimateServingMemory(points: Points): ServingEstimate | undefined {
  const { likely } = points;
  const { shape, serving, accelerator, parallel } = likely;
  if (!shape || !serving || !accelerator) return undefined;
  const perToken = kvBytesPerToken(shape, serving.kvPrecision, parallel.tensor, parallel.pipeline);
  const weights = (likely.parameters * bytesPerElement[serving.weightPrecision]) / parallel.tensor / parallel.pipeline;
  const pool = accelerator.memory * serving.memoryUtilization - weights;
  const tokens = Math.max(0, pool / Math.max(1, perToken));
  return {
    kvTokens: interval(tokens * 0.9, tokens, tokens * 1.1),
    kvBytesPerToken: perToken,
    fullLengthSequences: exactly(tokens / serving.maximumLength),
    weights: exactly<Bytes>(bytes(weights)),
  };
}
