import { derived, type Fact } from '../facts/fact.ts';
import type { FactName } from '../facts/vocabulary.ts';
import { spanOf } from '../source/traced.ts';
import type { Conflict } from './workload.ts';

/**
 * Where stated numbers do not multiply to the one that is stated for all of them: the GPUs of all nodes, and the samples of an
 * optimiser step (micro batch x accumulation x data-parallel ranks, which DeepSpeed asserts at its start). Only numbers that stand
 * in the text as they are take part; where one is missing nothing is said.
 */
export function sumConflicts(facts: readonly Fact[]): readonly Conflict[] {
  const stated = (name: FactName) => {
    const fact = facts.find((one) => one.name === name);
    return fact?.origin.kind === 'code' && typeof fact.value === 'number' && fact.value > 0 ? fact : undefined;
  };
  const [nodes, perNode] = [stated('hardware.nodes'), stated('hardware.gpus_per_node')];
  const total = stated('hardware.total_gpus');
  const devices = perNode ? product('hardware.total_gpus', perNode, ...(nodes ? [nodes] : [])) : undefined;
  return [...contradiction(devices, nodes && total), ...batches(facts, stated, devices ?? total)];
}

function batches(
  facts: readonly Fact[],
  stated: (name: FactName) => Fact | undefined,
  devices: Fact | undefined,
): readonly Conflict[] {
  const global = stated('training.global_batch_size');
  const micro = stated('training.per_device_batch_size');
  const accumulation = stated('training.gradient_accumulation_steps');
  const split = facts.some(({ name, value }) => /^parallel\.(?:dp|tp|pp|cp|sp|ep)$/.test(name) && value !== 1);
  const plain = [global, micro, accumulation].every((one) => one?.origin.kind === 'code' && !one.origin.derived);
  if (!global || !micro || !accumulation || !devices || split || !plain) return [];
  // One variable that stands for both: its name says less than its use.
  if (spanOf(global.origin)?.start === spanOf(micro.origin)?.start) return [];
  return contradiction(global, product('training.global_batch_size', micro, accumulation, devices));
}

function contradiction(holds: Fact | undefined, against: Fact | undefined): readonly Conflict[] {
  if (!holds || !against || holds.value === against.value) return [];
  return [{ name: holds.name, holds, against }];
}

/** A number worked out from several, at the place of the first. */
function product(name: FactName, ...factors: readonly Fact[]): Fact | undefined {
  const spans = factors.flatMap(({ origin }) => [
    ...(spanOf(origin) ? [spanOf(origin)] : []),
    ...(origin.kind === 'code' ? (origin.also ?? []) : []),
  ]);
  const [span, ...also] = spans.flatMap((one) => one ?? []);
  const value = factors.reduce((total, { value: factor }) => total * Number(factor), 1);
  return span && derived(name, value, span, ...also);
}
