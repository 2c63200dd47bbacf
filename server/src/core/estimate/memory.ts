import { type Bytes, bytes } from '../units/quantity.ts';
import type { MemoryEstimate } from './estimate.ts';
import { bytesPerElement, type Plan, type Points } from './plan.ts';
import { spread } from './spread.ts';

/** Memory of the fullest device over the points of a spec. */
export function estimateMemory(points: Points): MemoryEstimate | undefined {
  const device = spread(points, (plan): Bytes => bytes(plan.parameters * bytesPerElement[plan.precision.parameters]));
  if (!device) return undefined;
  return { phase: 'load', terms: [], allocated: device, reserved: device, device, fits: 'unknown' };
}

/** Bytes of the fullest device at the peak, at one plan. */
export function deviceBytes(plan: Plan): Bytes {
  return bytes(plan.parameters * bytesPerElement[plan.precision.parameters]);
}
