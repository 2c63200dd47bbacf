import type { Catalog } from '../catalog/catalog.ts';
import type { Settings } from '../settings.ts';
import { exactly } from '../units/interval.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import { timeAssumptions } from './assumptions-time.ts';
import { planCheckpoints } from './checkpoint-plan.ts';
import { estimateCost, estimateMachineRate } from './cost.ts';
import { estimateEnergy } from './energy.ts';
import type { CostEstimate, Estimate, ServingEstimate } from './estimate.ts';
import { estimateInterruptions } from './interruption.ts';
import { estimateMemory } from './memory.ts';
import { originsOfParts } from './origins.ts';
import { estimatePlacement } from './placement.ts';
import type { Points } from './plan.ts';
import { estimatePreemption } from './preemption.ts';
import { resolvePlan } from './resolve-plan.ts';
import { estimateServingMemory } from './serving-memory.ts';
import { estimateServingRates } from './serving-time.ts';
import { estimateSpot } from './spot.ts';
import { spread } from './spread.ts';
import { estimateStorage } from './storage.ts';
import { estimateTime } from './time.ts';

/** All figures of a job. Pure arithmetic: spec and tables in, intervals out. */
export function estimateWorkload(spec: WorkloadSpec, catalog: Catalog, settings: Settings): Estimate {
  const { points, assumptions, problems } = resolvePlan(spec, catalog, settings);
  if (!points) {
    const { cost, ...rate } = estimateMachineRate(spec, catalog, settings);
    return {
      ...(cost ? { cost } : {}),
      assumptions: [...assumptions, ...rate.assumptions],
      problems: [...problems, ...rate.problems],
    };
  }
  const memory = estimateMemory(points, originsOfParts(spec), settings.ownRuns);
  const images = points.likely.vision !== undefined || points.likely.shape?.kind === 'vit';
  const serving = spec.task === 'serving' && !images ? servingOf(points) : undefined;
  const time = spec.task === 'serving' && !images ? undefined : estimateTime(points, settings.ownRuns);
  const storage = spec.task === 'serving' ? undefined : estimateStorage(points, time?.steps);
  const { cost, ...money } = estimateCost(points, time, spec, catalog, settings, serving, storage);
  const energy = estimateEnergy(points, time, spec, catalog);
  const interruption = estimateInterruptions(points, time, spec, settings);
  const checkpoints = planCheckpoints(points, time, spec, settings);
  const spot = estimateSpot(cost, checkpoints, time);
  const preemption = estimatePreemption(spec, checkpoints, time);
  const placement = estimatePlacement(spec, catalog, settings, { plan: points.likely, steps: time?.steps?.likely });
  return {
    parameters: spread(points, (plan) => plan.parameters) ?? exactly(points.likely.parameters),
    trainableParameters: spread(points, (plan) => plan.trainable) ?? exactly(points.likely.trainable),
    ...(memory ? { memory } : {}),
    ...(time ? { time } : {}),
    ...(cost ? { cost } : {}),
    ...(storage ? { storage } : {}),
    ...(energy ? { energy } : {}),
    ...(serving ? { serving: pricedServing(serving, cost) } : {}),
    ...(interruption ? { interruption } : {}),
    ...(checkpoints ? { checkpoints } : {}),
    ...(spot ? { spot } : {}),
    ...(preemption ? { preemption } : {}),
    ...(placement ? { placement } : {}),
    devices: points.likely.devices,
    assumptions: [...assumptions, ...timeAssumptions(points.likely, time, serving), ...money.assumptions],
    problems: [...problems, ...money.problems],
  };
}

/** A serving estimate with what a million tokens of answers cost at full load. */
function pricedServing(serving: ServingEstimate, cost: CostEstimate | undefined): ServingEstimate {
  return cost?.perMillionTokens ? { ...serving, perMillionOutputTokens: cost.perMillionTokens } : serving;
}

function servingOf(points: Points): ServingEstimate | undefined {
  const memory = estimateServingMemory(points);
  return memory && { ...memory, ...estimateServingRates(points, memory.kvTokens.likely) };
}
