import type { Estimate } from '../estimate/estimate.ts';
import { type Interval, mapInterval } from '../units/interval.ts';
import { bytesPerGB, bytesPerGiB } from '../units/quantity.ts';
import { weightBitsIn } from '../workload/weight-bits.ts';
import type { Sheet } from './case.ts';
import type { Answers } from './index.ts';

/**
 * Figures of memory, cache and storage under the names and units that a case asks for; `average` estimates the run at its average
 * batch, `between` at one so small that nothing of it counts.
 */
export function answerMemory(
  measured: Sheet,
  estimate: Estimate,
  average: () => Estimate,
  between: () => Estimate,
  config: Sheet,
): Answers {
  const unit = measured.text('memory_unit') === 'GiB' ? bytesPerGiB : bytesPerGB;
  const answers: Record<string, Interval> = {};
  const put = (key: string, figure: Interval | undefined, by: number) => {
    if (!measured.has(key) || figure === undefined) return;
    answers[key] = { low: figure.low / by, likely: figure.likely / by, high: figure.high / by };
  };
  const kind = measured.text('memory_kind') ?? '';
  const peak = thatFitted(figureMeant(estimate, kind), estimate.memory?.capacity);
  put('peak_memory_gb', peak, unit);
  put('peak_memory_total_gb', peak, unit / (estimate.devices ?? 1));
  if (measured.has('memory_reserved_avg_gb')) put('memory_reserved_avg_gb', average().memory?.reserved, unit);
  if (measured.has('memory_allocated_avg_gb')) put('memory_allocated_avg_gb', betweenSteps(between()), unit);
  const save = packedFile(estimate, config) ?? estimate.storage?.perSave;
  put('checkpoint_bytes', save, 1);
  put('checkpoint_gb', save, bytesPerGB);
  const { serving } = estimate;
  if (serving) {
    put('kv_cache_tokens', serving.kvTokens, 1);
    put('kv_cache_blocks', serving.kvTokens, config.number('block_size') ?? blockTokens);
    put('kv_cache_gb_per_gpu', serving.kvTokens, unit / serving.kvBytesPerToken);
    put('weights_gb_per_gpu', serving.weights, unit);
  }
  return answers;
}

/** A file of llama.cpp or ExLlama: every parameter in the bits that its type has in the mean. */
function packedFile({ parameters }: Estimate, config: Sheet): Interval | undefined {
  const bits = weightBitsIn(config.text('quantization') ?? '');
  return bits === undefined || !parameters ? undefined : mapInterval(parameters, (count) => (count * bits) / 8);
}

/** A run that prints its peak had no more than its card has. */
function thatFitted(peak: Interval | undefined, capacity: number | undefined): Interval | undefined {
  if (peak === undefined || capacity === undefined || peak.high <= capacity) return peak;
  return { low: Math.min(peak.low, capacity), likely: Math.min(peak.likely, capacity), high: capacity };
}

/** Tokens in one block of a paged cache (vLLM's default). */
const blockTokens = 16;

/** The figure that the words of a case mean: tensors, the allocator's pool, or the whole process. */
function figureMeant(estimate: Estimate, kind: string): Interval | undefined {
  const { memory } = estimate;
  if (!memory) return undefined;
  if (/allocated|active/.test(kind)) return memory.allocated;
  if (/smi|process/.test(kind)) return memory.device;
  if (/reserved/.test(kind)) return memory.reserved;
  // A script that times generation prints the tensors of its own process.
  if (kind === '' && memory.phase === 'serving') return memory.allocated;
  const { reserved, device } = memory;
  return { low: reserved.low, likely: (reserved.likely + device.likely) / 2, high: device.high };
}

/** What stays between steps where gradients are cleared at the next one's start (peft's method comparison): all but activations and logits. */
function betweenSteps(estimate: Estimate): Interval | undefined {
  const { memory } = estimate;
  if (!memory) return undefined;
  const lasting = new Set(['weights', 'master-weights', 'optimizer', 'gradients', 'adapter', 'reference-model']);
  const sum = { low: 0, likely: 0, high: 0 };
  for (const { part, bytes } of memory.terms) {
    if (!lasting.has(part)) continue;
    sum.low += bytes.low;
    sum.likely += bytes.likely;
    sum.high += bytes.high;
  }
  return sum;
}
