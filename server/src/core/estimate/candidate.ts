import type { Accelerator } from '../catalog/accelerator.ts';
import { computedLength, sequencesPerSample } from './compute-layers.ts';
import type { Efficiency } from './efficiency.ts';
import { fittedEfficiency } from './efficiency-fitted.ts';
import { memoryPoint } from './memory.ts';
import { type ParallelPlan, type Plan, samplesPerStep } from './plan.ts';
import { stepTotal } from './step-parts.ts';
import { stepSeconds } from './time-step.ts';

/** What a search may turn of a plan; what is absent stays as it is. */
export interface Knobs {
  readonly accelerator?: Accelerator;
  /** Devices of the whole job; data parallelism takes what the other degrees leave. */
  readonly devices?: number;
  readonly perNode?: number;
  readonly precision?: Plan['precision'];
  readonly microBatch?: number;
  readonly accumulation?: number;
  readonly recompute?: Plan['recompute'];
  readonly parallel?: Partial<Omit<ParallelPlan, 'data' | 'shardGroup'>>;
}

/** The plain figures of one configuration: the likely point, without its range. */
export interface CandidateFigures {
  /** Bytes on the fullest device as the device shows them, and what the allocator's tensors take of it. */
  readonly device: number;
  readonly allocated: number;
  /** Seconds of an optimiser step; undefined where the device's rates are unknown. */
  readonly step: number | undefined;
  /** Samples, and tokens computed, in a step over all devices. */
  readonly samples: number;
  readonly tokens: number;
}

/**
 * The plan of a search's candidate. Data-parallel ranks and the shard group follow from the devices and the other degrees;
 * undefined where the degrees do not divide the devices.
 */
export function candidateOf(base: Plan, knobs: Knobs): Plan | undefined {
  const devices = knobs.devices ?? base.devices;
  const parallel = { ...base.parallel, ...knobs.parallel };
  const model = parallel.tensor * parallel.pipeline * parallel.context;
  if (devices < model || devices % model !== 0) return undefined;
  const data = devices / model;
  const perNode = Math.min(devices, knobs.perNode ?? Math.max(base.perNode, 8));
  const whole = base.parallel.shardGroup >= base.parallel.data * base.parallel.context;
  const ranks = data * parallel.context;
  return {
    ...base,
    ...(knobs.accelerator ? { accelerator: knobs.accelerator } : {}),
    precision: knobs.precision ?? base.precision,
    microBatch: knobs.microBatch ?? base.microBatch,
    accumulation: knobs.accumulation ?? base.accumulation,
    recompute: knobs.recompute ?? base.recompute,
    parallel: { ...parallel, data, shardGroup: whole ? ranks : Math.max(1, Math.min(base.parallel.shardGroup, ranks)) },
    devices,
    perNode,
    nodes: Math.ceil(devices / perNode),
  };
}

/** Memory and step time of one plan: the two formulas and nothing else, some microseconds a call. */
export function candidateFigures(plan: Plan, k: Efficiency = fittedEfficiency): CandidateFigures {
  const memory = memoryPoint(plan);
  const parts = stepSeconds(plan, k);
  const samples = samplesPerStep(plan);
  return {
    device: memory.device,
    allocated: memory.allocated,
    step: parts && stepTotal(parts),
    samples,
    tokens: samples * sequencesPerSample(plan) * computedLength(plan),
  };
}
