import { assumed, type Known, unknown } from '../known.ts';
import type { Precision, ServingSpec } from '../spec.ts';
import type { FactView } from './fact-view.ts';
import { precisionOf, quantizationOf } from './words.ts';

/** The engine's settings; undefined where the job serves nothing. */
export function resolveServing(facts: FactView): ServingSpec | undefined {
  const engine = facts.get('serving.engine');
  const trains = facts.get('optimizer.lr') !== undefined || facts.get('training.per_device_batch_size') !== undefined;
  if (engine === undefined || trains) return undefined;
  const weights =
    quantizationOf(facts.get('quantization.method'), facts.get('quantization.bits')) ??
    precisionOf(facts.get('serving.dtype') ?? facts.get('model.dtype'));
  const kv = precisionOf(facts.get('serving.kv_dtype'));
  const known = (value: Precision | undefined, ...names: Parameters<FactView['from']>[1][]): Known<Precision> =>
    value === undefined ? unknown('as the checkpoint is') : facts.from(value, ...names);
  const batched = facts.get('serving.max_batched_tokens');
  const replicas = facts.get('serving.replicas') ?? facts.get('serving.min_replicas');
  return {
    engine: facts.known('serving.engine'),
    maximumLength: facts.known('serving.max_model_len'),
    maximumSequences:
      facts.get('serving.max_num_seqs') === undefined
        ? facts.known('serving.max_batch_size')
        : facts.known('serving.max_num_seqs'),
    ...(batched === undefined ? {} : { maximumBatchedTokens: facts.known('serving.max_batched_tokens') }),
    ...(facts.get('serving.max_lora_rank') === undefined && facts.get('serving.max_loras') === undefined
      ? {}
      : { adapterRank: facts.known('serving.max_lora_rank'), adapterSlots: facts.known('serving.max_loras') }),
    memoryUtilization: facts.known('serving.gpu_memory_utilization'),
    kvPrecision: known(kv, 'serving.kv_dtype'),
    weightPrecision: known(weights, 'quantization.method', 'quantization.bits', 'serving.dtype', 'model.dtype'),
    replicas:
      replicas === undefined
        ? assumed(1, 'one-node')
        : facts.from(replicas, 'serving.replicas', 'serving.min_replicas'),
  };
}
