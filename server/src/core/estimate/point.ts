import { exactly, widenBy } from '../units/interval.ts';
import { bytes } from '../units/quantity.ts';
import { capacityOf } from './device-memory.ts';
import { fittedEfficiency } from './efficiency-fitted.ts';
import type { MemoryEstimate } from './estimate.ts';
import { fitsIn, memoryPoint, modelError } from './memory.ts';
import type { Plan } from './plan.ts';
import { stepTotal } from './step-parts.ts';
import { runOverhead, stepsOf } from './time-run.ts';
import { stepSeconds } from './time-step.ts';

/** The few figures by which one plan is compared with thousands of others: likely values, no ranges but in the verdict. */
export interface PlanPoint {
  /** Peak of the fullest device. */
  readonly deviceBytes: number;
  /** What the device has to give; absent where it is not known. */
  readonly capacity?: number;
  /** As in the whole estimate, but for the plan taken as exact. */
  readonly fits: MemoryEstimate['fits'];
  /** One optimiser step. */
  readonly stepSeconds: number;
  /** The whole run; absent where its length is unknown. */
  readonly runSeconds?: number;
}

/** Figures of one training plan by the same formulas as the whole estimate; undefined where the device's speed is not known. */
export function estimatePoint(plan: Plan): PlanPoint | undefined {
  const parts = stepSeconds(plan, fittedEfficiency);
  if (!parts) return undefined;
  const step = stepTotal(parts);
  const steps = stepsOf(plan);
  return {
    ...memoryOfPlan(plan),
    stepSeconds: step,
    ...(steps === undefined ? {} : { runSeconds: runOverhead(plan, step, steps) }),
  };
}

/** Peak of the fullest device at one plan, and whether it fits there. */
export function memoryOfPlan(plan: Plan): Pick<PlanPoint, 'deviceBytes' | 'capacity' | 'fits'> {
  const point = memoryPoint(plan);
  const error = modelError(plan, point);
  const device = widenBy(exactly(bytes(point.device)), error.below, error.above);
  const capacity = plan.accelerator && capacityOf(plan.accelerator);
  return { deviceBytes: point.device, ...(capacity === undefined ? {} : { capacity }), fits: fitsIn(device, capacity) };
}
