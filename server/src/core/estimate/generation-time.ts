import type { TransformerShape } from '../workload/architecture.ts';
import type { DeviceRates } from './compute-rates.ts';
import { capacityOf } from './device-memory.ts';
import type { Efficiency } from './efficiency.ts';
import { sequencesByDefault, vllmShare } from './engine-reserve.ts';
import { kvBytesPerToken } from './kv.ts';
import { bytesPerElement, type GenerationPlan, type Plan, samplesPerStep } from './plan.ts';
import { type DecodingPlan, decodeStepSeconds, engineKind, prefillSeconds } from './serving-step.ts';

/**
 * Seconds that one optimiser step waits for its answers: prompts are passed, then every engine decodes as many answers at once as it
 * holds, round after round, each as long as the longest answer. 0 where the model is trained on given answers.
 */
export function generationSeconds(plan: Plan, shape: TransformerShape, rates: DeviceRates, k: Efficiency): number {
  const { generation: g } = plan;
  if (!g) return 0;
  const perStep = samplesPerStep(plan);
  const made = g.answersAtOnce ?? perStep;
  const engines = g.engines ?? Math.max(1, Math.floor(plan.devices / g.tensor));
  const each = made / engines;
  const engine = engineOf(plan, g);
  const running = Math.min(each, runningAtOnce(plan, g, shape));
  const context = g.promptLength + g.answerLength / 2;
  const share = engineKind(engine) === 'graph' && running > 8 ? k.servingShare : 1;
  const prompts = prefillSeconds(engine, shape, each * g.promptLength, g.promptLength, rates, k);
  const step = decodeStepSeconds(engine, shape, running, context, rates, k);
  return ((prompts + (each / running) * g.answerLength * step) / share) * (perStep / made);
}

/** Answers that one engine holds at once: by its own limit and by the cache beside its weights; a loop of its own takes all it is given. */
function runningAtOnce(plan: Plan, g: GenerationPlan, shape: TransformerShape): number {
  if (g.engine === 'transformers' || !plan.accelerator) return Number.POSITIVE_INFINITY;
  const share = g.engines === undefined ? (plan.rollout?.memoryUtilization ?? vllmShare) : vllmShare;
  const most = g.maximumSequences ?? sequencesByDefault(g.engine, plan.accelerator);
  const weights = (plan.parameters * bytesPerElement.bf16) / g.tensor;
  const cache = share * capacityOf(plan.accelerator) - weights;
  const each = kvBytesPerToken(shape, 'bf16', g.tensor) * (g.promptLength + g.answerLength / 2);
  return Math.max(1, Math.min(most, each > 0 ? cache / each : Number.POSITIVE_INFINITY));
}

/** The trained model as its engine runs it: weights in 16 bits unless the run holds them quantised and makes answers itself. */
function engineOf(plan: Plan, g: GenerationPlan): DecodingPlan {
  const own = g.engine === 'transformers';
  const weightPrecision = own && plan.quantization ? plan.quantization : 'bf16';
  return {
    ...plan,
    compiled: false,
    parallel: { ...plan.parallel, tensor: own ? plan.parallel.tensor : g.tensor },
    serving: { engine: g.engine, weightPrecision, kvPrecision: 'bf16' },
  };
}
