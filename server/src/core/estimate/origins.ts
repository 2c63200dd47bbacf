import type { Origin } from '../source/traced.ts';
import { type Known, originOf } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { PartOrigins } from './memory.ts';

/** Origin of the first field that is known. */
function first(...fields: readonly (Known<unknown> | undefined)[]): Origin | undefined {
  for (const field of fields) {
    const origin = field && originOf(field);
    if (origin) return origin;
  }
  return undefined;
}

/** For each part of memory, where the field stands that decides most of it. */
export function originsOfParts(spec: WorkloadSpec): PartOrigins {
  const { model, precision, optimizer, schedule, serving, adapter } = spec;
  const found: Record<string, Origin | undefined> = {
    weights: first(model.quantization, model.name),
    'master-weights': first(precision.masterWeights, precision.compute),
    gradients: first(precision.gradients, precision.parameters),
    optimizer: first(optimizer?.name),
    activations: first(schedule?.microBatch, spec.data.sequenceLength),
    logits: first(schedule?.microBatch, spec.data.sequenceLength),
    adapter: first(adapter?.rank),
    'reference-model': first(model.name),
    'kv-cache': first(serving?.memoryUtilization, serving?.maximumLength),
  };
  const known: Record<string, Origin> = {};
  for (const part in found) {
    const origin = found[part];
    if (origin) known[part] = origin;
  }
  return known as PartOrigins;
}
