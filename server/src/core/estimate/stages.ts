import { capacityOf } from './device-memory.ts';
import type { MemoryPart } from './estimate.ts';
import { memoryPoint } from './memory.ts';
import { peakOfStage } from './phases.ts';
import type { Plan } from './plan.ts';
import { type StageRole, stageRoles } from './weights.ts';

/** Devices of one plan that hold the same, at the fullest moment of each. */
export interface StageMemory {
  /** Pipeline stage from 0; absent where the plan has one stage. */
  readonly stage?: number;
  readonly devices: number;
  /** Bytes by part, allocator slack and context included; they add up to `device`. */
  readonly parts: readonly { readonly part: MemoryPart; readonly bytes: number }[];
  readonly device: number;
  readonly capacity?: number;
}

/** Likely bytes by part for each kind of device of a plan: pipeline stages differ, all other ranks hold the same. */
export function memoryByStage(plan: Plan): readonly StageMemory[] {
  const stages = plan.serving ? 1 : Math.max(1, plan.parallel.pipeline);
  const devices = Math.max(1, Math.round(plan.devices / stages));
  return Array.from({ length: stages }, (_, stage): StageMemory => {
    const role = roleOf(plan, stage, stages);
    const point = plan.serving || stages === 1 ? memoryPoint(plan) : memoryPoint(plan, peakOfStage(plan, role));
    const parts = Object.entries(point.moment.parts) as [MemoryPart, number][];
    parts.push(['fragmentation', point.reserved - point.allocated], ['context', point.device - point.reserved]);
    return {
      ...(stages > 1 ? { stage } : {}),
      devices,
      parts: parts.filter(([, bytes]) => bytes > 0).map(([part, bytes]) => ({ part, bytes })),
      device: point.device,
      ...(plan.accelerator ? { capacity: capacityOf(plan.accelerator) } : {}),
    };
  });
}

function roleOf(plan: Plan, stage: number, stages: number): StageRole {
  const [whole] = stageRoles(plan);
  if (stages === 1 && whole) return whole;
  return { first: stage === 0, last: stage === stages - 1, stage };
}
