import { reserveOf } from '#core/estimate/engine-reserve.ts';
import type { Plan, ServingPlan } from '#core/estimate/plan.ts';
import { trainingPlan } from './time-plans.ts';

const engine: ServingPlan = {
  engine: 'vllm',
  maximumLength: 8192,
  maximumSequences: 256,
  maximumBatchedTokens: 8192,
  memoryUtilization: 0.9,
  kvPrecision: 'bf16',
  weightPrecision: 'bf16',
  replicas: 1,
  adapterRanks: 0,
  mostAdapterRanks: 0,
  reserve: reserveOf('vllm', '0.19'),
  inputLength: 1024,
  outputLength: 512,
};
/** A model of eight billion parameters served by vLLM on one H100. */
export const servingPlan = (change: Partial<ServingPlan> = {}): Plan => ({
  ...trainingPlan(),
  task: 'serving',
  serving: { ...engine, ...change },
});
