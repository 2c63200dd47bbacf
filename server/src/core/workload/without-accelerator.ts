import type { FactName } from '../facts/vocabulary.ts';
import { likely } from './known.ts';
import type { WorkloadSpec } from './spec.ts';
import type { Workload } from './workload.ts';

/**
 * True for a job that certainly runs on no accelerator: its machine type has none, or its pod asks for processors and memory
 * alone, and neither a program that trains nor a model of known size was read. What a file leaves open is not certain.
 * A pod that only holds a place (the `pause` image of Kubernetes) computes on nothing, whatever it asks for.
 */
export function runsWithoutAccelerator(workload: Workload, spec: () => WorkloadSpec): boolean {
  return asksForNone(workload) && likely(spec().model.parameters) === undefined;
}

function asksForNone(workload: Workload): boolean {
  const { facts, open, readings } = workload;
  if (readings.some(({ role }) => role === 'program' || role === 'config')) return false;
  if (facts.some(({ name, value }) => name === 'job.image' && holdsPlace.test(String(value)))) return true;
  const told = [...facts, ...open].map(({ name }) => name);
  if (open.some(({ name }) => name.startsWith('hardware.') || name === 'model.name')) return false;
  if (told.some((name) => ofWork.test(name))) return false;
  if (facts.some(({ name, value }) => ofDevices.has(name) && value !== 0 && value !== 'cpu')) return false;
  const type = facts.find(({ name }) => name === 'hardware.instance_type')?.value;
  if (type !== undefined) return hasNoAccelerator(String(type));
  if (facts.some(({ name, value }) => name === 'hardware.accelerator_class' && value === 'cpu')) return true;
  return told.some((name) => ofPods.has(name)) && readings.every(({ role }) => role === 'job' || role === 'serving');
}

/** "registry.k8s.io/pause:3.10". */
const holdsPlace = /(?:^|\/)pause(?::|@|$)/;

/** Facts of a training run or of an engine that is told how to use devices. */
const ofWork =
  /^(?:training|optimizer|lora|peft|quantization|parallel|rl)\.|^serving\.(?:gpu_memory_utilization|max_model_len|dtype|tp)$/;

/** Facts that are there only where accelerators are. */
const ofDevices: ReadonlySet<FactName> = new Set([
  'hardware.accelerator',
  'hardware.accelerator_candidates',
  'hardware.accelerator_class',
  'hardware.accelerator_vendor',
  'hardware.gpu_memory_gb',
  'hardware.gpus_per_node',
  'hardware.accelerators_per_node',
  'hardware.train_gpus',
  'hardware.total_gpus',
  'hardware.total_accelerators',
  'hardware.tpu_topology',
  'hardware.slices',
]);

/** Facts of a pod's requests: what it does not ask for it does not get (Kubernetes, "Schedule GPUs"). */
const ofPods: ReadonlySet<FactName> = new Set([
  'resources.cpu_request',
  'resources.cpu_limit',
  'resources.memory_request_gib',
  'resources.memory_limit_gib',
]);

/**
 * True for machine types of families without accelerators. Azure: every size but the N series ("Virtual machine sizes");
 * EC2: families other than P, G, Trn, Inf, DL, VT and F ("Amazon EC2 instance types"); Compute Engine: general purpose, compute,
 * memory and storage optimised series, N1 among them as long as nothing names a device beside it ("Machine families").
 */
export function hasNoAccelerator(type: string): boolean {
  const name = type.trim().toLowerCase();
  return (
    /^(?:standard|basic)_(?!n)[a-z]+\d/.test(name) ||
    /^(?:ml\.)?(?:(?:a|c|d|h|hpc|i|im|is|m|mac|r|t|x|z)\d[a-z0-9]*(?:-flex)?|u[a-z0-9]*-\d+tb\d+)\.(?:nano|micro|small|medium|large|\d*xlarge|metal\S*)$/.test(
      name,
    ) ||
    /^(?:e2|f1|g1|n1|n2d?|n4[ad]?|c2d?|c3d?|c4[ad]?|m[1-4]|x4|t2[ad]|h3|h4d|z3)-(?:standard|highmem|highcpu|ultramem|megamem|hypermem|micro|small|medium|custom|node)\b/.test(
      name,
    )
  );
}
