import type { TransformerShape } from '../workload/architecture.ts';
import { methodOf } from './adapter-methods.ts';
import { type Messages, messagesOf } from './communication-step.ts';
import { hostSeconds, kernelsPerMicroBatch } from './compute-host.ts';
import { type LayerSeconds, layerSeconds } from './compute-layers.ts';
import { accumulationSeconds, optimizerSeconds } from './compute-optimizer.ts';
import { type DeviceRates, ratesOf } from './compute-rates.ts';
import { backwardKernels } from './compute-traffic.ts';
import type { Efficiency } from './efficiency.ts';
import { generationSeconds } from './generation-time.ts';
import { isSingleFile } from './layer-kinds.ts';
import { bubbleShare, slowestStage } from './pipeline.ts';
import type { Plan } from './plan.ts';
import { segmentsOf } from './segments.ts';
import { hostExcess, type StepSeconds } from './step-parts.ts';
import { visionStep } from './time-vision.ts';

/** Seconds of one optimiser step of a plan; undefined where the device's rates or the model's form are unknown. */
export function stepSeconds(plan: Plan, k: Efficiency): StepSeconds | undefined {
  const rates = plan.accelerator && ratesOf(plan.accelerator);
  if (!rates) return undefined;
  if (plan.vision) return visionStep(plan, plan.vision, rates, k);
  return plan.shape && transformerStep(plan, plan.shape, rates, k);
}

/** Communication that remains beside the compute it hides under, with what hiding costs the compute. */
export function exposed(message: number, cover: number, cost: number): number {
  const hidden = Math.min(message, cover);
  return message - hidden + cost * hidden;
}

function transformerStep(plan: Plan, shape: TransformerShape, rates: DeviceRates, k: Efficiency): StepSeconds {
  const { pipeline } = plan.parallel;
  const micro = withLaterTokens(plan, shape, layerSeconds(plan, shape, rates, k));
  const policy = passesBeside(plan);
  const layers = micro.matmuls + micro.attention + micro.elementwise + micro.adapters + micro.dequantise;
  const skew = slowestStage(plan, layers, micro.head);
  const share = (policy * skew * plan.accumulation) / pipeline;
  const summed = accumulationSeconds(plan, rates, k);
  const starts = (kernelsPerMicroBatch(plan, shape) * kernelStart * policy) / pipeline;
  const device = ((layers + micro.head) * policy * skew) / pipeline + summed + starts;
  const messages = messagesOf(plan, shape, rates, k);
  const host = hostWait(plan, device, hostSeconds(plan, shape, k) * rates.host * policy);
  const perMicro = exposedPerMicro(plan, messages, micro.attention / pipeline, device, rates, k);
  const working = (device + host + perMicro.inside) * plan.accumulation;
  const bubble = working * bubbleShare(plan);
  const last = exposed(messages.step, (plan.parallel.zeroStage > 0 ? 1 : 0.6) * device, k.overlapCost);
  return {
    matmuls: micro.matmuls * share,
    attention: micro.attention * share,
    elementwise: micro.elementwise * share + (summed + starts) * plan.accumulation,
    head: micro.head * share,
    adapters: micro.adapters * share,
    dequantise: micro.dequantise * share,
    host: host * plan.accumulation,
    communication: (perMicro.inside + perMicro.shard) * plan.accumulation + last,
    bubble,
    optimizer: plan.task === 'serving' ? 0 : steppingSeconds(plan, shape, rates, k) + k.stepOverhead,
    data: 0,
    generation: generationSeconds(plan, shape, rates, k),
  };
}

/** Seconds of the optimiser on the device, or of the host's launches where it steps through its tensors one by one. */
function steppingSeconds(plan: Plan, shape: TransformerShape, rates: DeviceRates, k: Efficiency): number {
  const launches = plan.optimizer.fused ? 0 : (segmentsOf(shape)?.stepLaunches ?? 0) * shape.layers;
  return Math.max(optimizerSeconds(plan, rates, k), launches * k.launch * rates.host);
}

/**
 * Each token that is predicted beyond the next one passes one more layer, of each kind where a layer is one thing, and the head (DeepSeek-V3,
 * Nemotron 3 Super).
 */
function withLaterTokens({ laterTokens = 0 }: Plan, shape: TransformerShape, micro: LayerSeconds): LayerSeconds {
  if (laterTokens === 0) return micro;
  const layers = 1 + (laterTokens * (isSingleFile(shape) ? 2 : 1)) / shape.layers;
  return {
    ...micro,
    matmuls: micro.matmuls * layers,
    attention: micro.attention * layers,
    elementwise: micro.elementwise * layers,
    head: micro.head * (1 + laterTokens),
  };
}

/** Seconds in which the device waits for its host; a method that itself waits for the device in every module hides none of its forward launches. */
function hostWait({ adapter }: Plan, device: number, host: number): number {
  if (!adapter || !methodOf(adapter).waits) return hostExcess(device, host);
  const forward = host / (1 + backwardKernels);
  return forward + hostExcess((1 - forwardShare) * device, host - forward);
}

/** Seconds in which a kernel fills and drains the device (operator tables: 1 to 6 us a matmul, a microsecond or two for the others). */
const kernelStart = 2e-6;

/** One pass forward of a pass forward and two backward. */
const forwardShare = 1 / 3;

/**
 * Work over that of the trained model alone: a frozen reference passes the same answers forward, a scorer by its size, answers of an
 * engine are passed once more for their likelihood; a critic is trained beside it.
 */
function passesBeside({
  referenceModel,
  rewardParameters = 0,
  valueParameters = 0,
  parameters,
  generation,
}: Plan): number {
  const again = generation && generation.engine !== 'transformers' ? 1 : 0;
  const forward = (referenceModel ? 1 : 0) + again + rewardParameters / Math.max(1, parameters);
  return 1 + forwardShare * forward + valueParameters / Math.max(1, parameters);
}

function exposedPerMicro(
  plan: Plan,
  m: Messages,
  attention: number,
  device: number,
  rates: DeviceRates,
  k: Efficiency,
) {
  const recent = rates.generation === 'hopper' || rates.generation === 'blackwell' || rates.generation === 'cdna';
  // Stages wait for each other where every micro-batch is handed on whole; only interleaved chunks leave work to hide it under.
  const cover = plan.parallel.pipelineChunks > 1 ? 0.5 * device : 0;
  const inside =
    m.tensor * k.tensorExposed +
    exposed(m.context, attention, k.overlapCost) +
    m.expert * k.expertExposed +
    exposed(m.pipeline, cover, k.overlapCost);
  return { inside, shard: exposed(m.shard, device, recent ? k.overlapCostNew : k.overlapCost) };
}
