import { sameValue } from '../facts/fact.ts';
import type { FactName } from '../facts/vocabulary.ts';
import type { SpecChange } from '../readers/reader.ts';
import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Workload } from '../workload/workload.ts';
import type { Place } from './place.ts';

/** Degrees of model parallelism that the job states: a data-parallel rank is so many devices. */
export function modelDegree({ parallelism: p }: WorkloadSpec): number {
  return (likely(p.tensorParallel) ?? 1) * (likely(p.pipelineParallel) ?? 1) * (likely(p.contextParallel) ?? 1);
}

/** Machines without their price. */
export type Machines = Omit<Place, 'perHour' | 'current'>;

/** The facts that put a job on other machines: all that name hardware, the stated data-parallel degree with them. */
export function placeChanges(workload: Workload, spec: WorkloadSpec, place: Machines): readonly SpecChange[] {
  const states = (name: FactName) => workload.facts.some((fact) => fact.name === name);
  const devices = place.perNode * place.nodes;
  const changes: SpecChange[] = [
    { name: 'hardware.accelerator', value: place.accelerator.name },
    { name: 'hardware.gpus_per_node', value: place.perNode },
    { name: 'hardware.nodes', value: place.nodes },
  ];
  if (place.instanceType !== undefined) changes.push({ name: 'hardware.instance_type', value: place.instanceType });
  if (place.cloud !== undefined) changes.push({ name: 'infra.cloud', value: place.cloud });
  if (place.region !== undefined) changes.push({ name: 'infra.region', value: place.region });
  if (place.pool !== undefined) changes.push({ name: 'job.queue', value: place.pool });
  if (states('infra.price_kind')) changes.push({ name: 'infra.price_kind', value: place.kind });
  else if (place.kind !== 'reserved') changes.push({ name: 'hardware.spot', value: place.kind === 'spot' });
  if (states('hardware.total_gpus')) changes.push({ name: 'hardware.total_gpus', value: devices });
  if (states('hardware.processes_per_node'))
    changes.push({ name: 'hardware.processes_per_node', value: place.perNode });
  if (states('parallel.dp')) changes.push({ name: 'parallel.dp', value: devices / modelDegree(spec) });
  return changes;
}

/** The facts that cut a rank's samples of one step into micro batches. */
export function batchChanges(workload: Workload, micro: number, accumulation: number): readonly SpecChange[] {
  const follows =
    isKnown(workload, 'training.global_batch_size') && !isKnown(workload, 'training.gradient_accumulation_steps');
  return [
    { name: 'training.per_device_batch_size', value: micro },
    ...(follows ? [] : [{ name: 'training.gradient_accumulation_steps', value: accumulation } as const]),
  ];
}

/** What must change with the global batch so that the run still sees the same samples. */
export function globalBatchChanges(workload: Workload, after: number, before: number): readonly SpecChange[] {
  const steps = workload.facts.find((fact) => fact.name === 'training.max_steps')?.value;
  const changes: SpecChange[] = [{ name: 'training.global_batch_size', value: after }];
  if (typeof steps === 'number') {
    changes.push({ name: 'training.max_steps', value: Math.max(1, Math.round((steps * before) / after)) });
  }
  return changes;
}

/** True where a file states a fact, or names it and leaves it open. */
export function isKnown(workload: Workload, name: FactName): boolean {
  return workload.facts.some((fact) => fact.name === name) || workload.open.some((fact) => fact.name === name);
}

/** Facts of a place that a file says only if it says them already. */
const onlyWhereNamed = new Set<FactName>([
  'hardware.instance_type',
  'infra.cloud',
  'infra.region',
  'hardware.total_gpus',
  'hardware.spot',
  'training.global_batch_size',
]);

/** Facts that a machine type brings with it. */
const followsMachine = new Set<FactName>(['hardware.accelerator', 'hardware.gpus_per_node']);

/**
 * The changes that the files must carry: what differs from what they state. Of the place, cloud, region and machine type are
 * written only where a file names them already; where the machine type is named, it carries accelerator and count with it.
 */
export function changesToWrite(workload: Workload, changes: readonly SpecChange[]): readonly SpecChange[] {
  const spelled = (name: FactName) => isSpelled(workload, name);
  return changes.filter(({ name, value }) => {
    const fact = workload.facts.find((one) => one.name === name);
    if (fact && sameValue(fact.value, value)) return false;
    if (onlyWhereNamed.has(name)) return spelled(name) || (name === 'hardware.spot' && value === true);
    if (followsMachine.has(name) && spelled('hardware.instance_type')) return spelled(name);
    // One node, one rank and no accumulation are what silence means.
    if (
      name === 'hardware.nodes' ||
      name === 'training.gradient_accumulation_steps' ||
      /^(serving|parallel)\.tp$/.test(name)
    )
      return spelled(name) || value !== 1;
    return true;
  });
}

/** True where a file states the fact in words of its own, or names it and leaves it open. */
function isSpelled(workload: Workload, name: FactName): boolean {
  if (workload.open.some((one) => one.name === name)) return true;
  const origin = workload.facts.find((one) => one.name === name)?.origin;
  if (origin?.kind !== 'code') return false;
  const machine = workload.facts.find((one) => one.name === 'hardware.instance_type')?.origin;
  if (name === 'hardware.instance_type' || machine?.kind !== 'code') return true;
  const { span } = origin;
  return machine.span.uri !== span.uri || machine.span.start !== span.start;
}
