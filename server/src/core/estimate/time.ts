import type { Interval } from '../units/interval.ts';
import type { Seconds } from '../units/quantity.ts';
import type { TimeEstimate } from './estimate.ts';
import type { Points } from './plan.ts';

/** Seconds of an optimiser step and of the whole run; undefined where nothing about the device is known. */
export function estimateTime(_points: Points): TimeEstimate | undefined {
  return undefined;
}

/** Optimiser steps of the whole run; undefined where neither steps nor data are known. */
export function estimateSteps(points: Points): Interval | undefined {
  const { steps } = points.likely;
  return steps === undefined ? undefined : { low: steps, likely: steps, high: steps };
}

/** Wall clock of the run as a plain number at the likely point. */
export function runSeconds(time: TimeEstimate | undefined): Seconds | undefined {
  return time?.run?.likely;
}
