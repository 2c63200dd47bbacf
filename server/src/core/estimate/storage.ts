import { exactly, type Interval } from '../units/interval.ts';
import { type Bytes, bytes } from '../units/quantity.ts';
import type { StorageEstimate } from './estimate.ts';
import { bytesPerElement, type Plan, type Points } from './plan.ts';
import { spread } from './spread.ts';

/** Bytes that one save writes, at one plan. */
export function saveBytes(plan: Plan): Bytes {
  return bytes(plan.trainable * bytesPerElement[plan.precision.parameters]);
}

/** Checkpoint storage of the run; `steps` are the optimiser steps of the run where they are known. */
export function estimateStorage(points: Points, _steps: Interval | undefined): StorageEstimate | undefined {
  return { perSave: spread(points, saveBytes) ?? exactly(saveBytes(points.likely)) };
}
