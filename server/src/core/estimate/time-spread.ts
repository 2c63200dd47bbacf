import type { Plan } from './plan.ts';
import { type StepSeconds, stepTotal } from './step-parts.ts';

/** Relative half widths of the 80 % interval of each part of a step, independent of each other. */
const partSpread: Readonly<Record<keyof StepSeconds, number>> = {
  matmuls: 0.14,
  attention: 0.3,
  elementwise: 0.35,
  head: 0.2,
  adapters: 0.5,
  dequantise: 0.5,
  host: 0.7,
  communication: 0.6,
  bubble: 0.3,
  optimizer: 0.5,
  data: 0.5,
};

/** What remains where every part is right: clocks, power caps, versions. */
const baseSpread = 0.1;

/** Relative half width of the 80 % interval that the model's own error gives a step. */
export function modelSpread(plan: Plan, step: StepSeconds): number {
  const total = stepTotal(step);
  let sum = baseSpread * baseSpread;
  for (const key of Object.keys(partSpread) as (keyof StepSeconds)[]) {
    const share = (step[key] / total) * partSpread[key];
    sum += share * share;
  }
  const unknownStack = plan.stack === 'other' || plan.stack === 'pytorch' ? 0.1 : 0;
  return Math.sqrt(sum + unknownStack * unknownStack);
}
