import type { Plan } from './plan.ts';

/**
 * Micro-batch slots that a pipeline idles, over those it works: `(p - 1) / (m v)` for one-forward-one-backward,
 * interleaved over `v` chunks a rank (Narayanan et al. 2021).
 */
export function bubbleShare(plan: Plan): number {
  const { pipeline, pipelineChunks } = plan.parallel;
  if (pipeline <= 1) return 0;
  return (pipeline - 1) / (Math.max(1, plan.accumulation) * Math.max(1, pipelineChunks));
}

/**
 * Work of the slowest stage over the mean: the last stage carries the head beside its layers. Frameworks even this
 * out by moving layers when they interleave or are told to; half of it is taken to remain.
 */
export function slowestStage(plan: Plan, layers: number, head: number): number {
  const { pipeline } = plan.parallel;
  const total = layers + head;
  if (pipeline <= 1 || total <= 0) return 1;
  const mean = total / pipeline;
  const last = layers / pipeline + head;
  return 1 + 0.5 * (last / mean - 1);
}
