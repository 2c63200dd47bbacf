import { logitsOf } from '../workload/architecture.ts';
import { boundaryBytes, headInputBytes, keptBytesPerToken, layerAtWork, layerBytes, onRank } from './activations.ts';
import { mergedExperts } from './adapter-experts.ts';
import { spelledBytes } from './adapter-kept.ts';
import { fullestBatchTokens, sequencesPerSample } from './batch-tokens.ts';
import { capacityOf } from './device-memory.ts';
import type { MemoryPart, Phase } from './estimate.ts';
import { logitBytes } from './logits.ts';
import { mixtureLayers } from './parameters.ts';
import { type Persistent, persistentBytes } from './persistent.ts';
import { bytesPerElement, type Plan } from './plan.ts';
import { dequantizedBytes, gatheredBytes, reducedBytes, stepBuffers } from './transient.ts';
import { unetBytes } from './unet.ts';
import { visionActivationBytes } from './vision-memory.ts';
import { type LocalParameters, localParameters, localTotal, type StageRole, stageRoles } from './weights.ts';

/** Bytes by part at one moment. */
export type Parts = Partial<Record<MemoryPart, number>>;

/** A moment of the step with everything that is live in it. */
export interface Moment {
  readonly phase: Phase;
  readonly parts: Parts;
  readonly bytes: number;
  /** Bytes of it that live over the whole step. */
  readonly lasting: number;
}

/** What is live in one moment beside the lasting parts. */
interface Passing {
  readonly phase: Phase;
  readonly gradients: number;
  readonly activations: number;
  readonly logits: number;
  readonly buffers: number;
}

/** The fullest moment of a step over all kinds of pipeline stages. */
export function peakOfStep(plan: Plan): Moment {
  let peak: Moment | undefined;
  for (const role of stageRoles(plan)) {
    const moment = peakOfStage(plan, role);
    if (!peak || moment.bytes > peak.bytes) peak = moment;
  }
  return peak ?? { phase: 'load', parts: {}, bytes: 0, lasting: 0 };
}

const passingBytes = (m: Passing) => m.gradients + m.activations + m.logits + m.buffers;

/** The fullest moment of a step on the devices of one pipeline stage. */
export function peakOfStage(plan: Plan, role: StageRole): Moment {
  const local = localParameters(plan, role);
  const p = persistentBytes(plan, local);
  const engine = rolloutBytes(plan);
  const awake = plan.rollout && !plan.rollout.sleeps ? engine : 0;
  const lasting = p.weights + p.frozen + p.master + p.optimizer + p.adapter + p.reference + p.average + awake;
  const moments = passingMoments(plan, role, p, local);
  let top = moments[0];
  for (const moment of moments) if (passingBytes(moment) > passingBytes(top)) top = moment;
  const bytes = lasting + passingBytes(top);
  // An engine that sleeps while the model is trained has its pool while answers are made, beside what lasts.
  const sleeping = awake === 0 && engine > passingBytes(top);
  // Written out: properties behind a spread are set one by one, and this is asked for every plan of a search.
  const parts: Parts = {
    weights: p.weights + p.frozen,
    'master-weights': p.master,
    optimizer: p.optimizer,
    adapter: p.adapter,
    'reference-model': p.reference,
    'weight-average': p.average,
    'rollout-engine': sleeping ? engine : awake,
    gradients: sleeping ? 0 : top.gradients,
    activations: sleeping ? 0 : top.activations,
    logits: sleeping ? 0 : top.logits,
    buffers: sleeping ? 0 : top.buffers,
  };
  return sleeping
    ? { phase: 'serving', parts, bytes: lasting + engine, lasting: lasting + engine }
    : { phase: top.phase, parts, bytes, lasting };
}

/** Bytes that a generation engine on the same devices takes for weights, cache and work. */
function rolloutBytes({ rollout, accelerator }: Plan): number {
  return rollout && accelerator ? rollout.memoryUtilization * capacityOf(accelerator) : 0;
}

/** Loss, start and end of the backward sweep, and the optimiser's step. */
function passingMoments(
  plan: Plan,
  role: StageRole,
  p: Persistent,
  local: LocalParameters,
): readonly [Passing, ...Passing[]] {
  const work = workOf(plan, role, local);
  // Gradients live in the forward pass only where they add up over micro-batches or lie in flat buffers.
  const adding = Math.max(p.gradients, p.wholeGradients);
  const carried = !plan.optimizer.inBackward && (plan.accumulation > 1 || p.flatGradients) ? adding : 0;
  const grown = Math.max(carried, work.headGradient);
  const gradients = plan.optimizer.inBackward ? p.layerGradients : adding;
  const buffers = work.gathered + work.dequantized;
  const late = lateGradients(plan, p, role);
  return [
    {
      phase: 'loss',
      gradients: carried,
      activations: work.kept,
      logits: work.lossForward,
      buffers: buffers + work.allCasts,
    },
    {
      phase: 'loss',
      gradients: grown,
      activations: work.kept,
      logits: work.lossPeak,
      buffers: buffers + work.castCopies,
    },
    {
      phase: 'backward',
      gradients: grown,
      activations: work.kept - work.headInput + work.layerAtWork,
      logits: work.hiddenGradient,
      buffers: buffers + work.reduced + work.castCopies,
    },
    {
      phase: 'backward',
      gradients: gradients - (carried > 0 ? 0 : late.missing + late.unripe),
      activations: work.lastLayer,
      logits: 0,
      buffers: buffers + work.reduced + work.layerCasts,
    },
    {
      phase: 'backward',
      gradients: gradients + (carried > 0 ? late.own : late.twice),
      activations: work.hiddenGradient,
      logits: 0,
      buffers: buffers + work.reduced,
    },
    {
      phase: 'optimizer-step',
      gradients: plan.optimizer.inBackward ? p.layerGradients : p.gradients,
      activations: 0,
      logits: 0,
      buffers: work.stepBuffers,
    },
  ];
}

/** Gradient of the embedding, which comes when all layers are done. */
interface LateGradients {
  readonly own: number;
  /** Not there yet while the first layer is at work: of an embedding that is no output projection too. */
  readonly missing: number;
  /** A second time beside the output projection's, before the two are added. */
  readonly twice: number;
  /** Of the first layer's matrices, all but the last one's, while its feed-forward part is at work. */
  readonly unripe: number;
}

const noLateGradients: LateGradients = { own: 0, missing: 0, twice: 0, unripe: 0 };

/** Elements of a dense layer but for its last matrix, which the backward pass comes to first; 0 for mixtures. */
function beforeLast({ counts, shape, parallel }: Plan): number {
  if (!shape || shape.feedForward.experts) return 0;
  return Math.max(0, counts.layer - shape.hidden * shape.feedForward.width) / parallel.tensor;
}

/** Only where gradients are tensors of their own; buckets and shards take them as they come. */
function lateGradients(plan: Plan, p: Persistent, role: StageRole): LateGradients {
  const { adapter, optimizer, parallel, counts } = plan;
  if (adapter || optimizer.inBackward || p.flatGradients || parallel.zeroStage > 0 || !role.first)
    return noLateGradients;
  const own = (bytesPerElement[plan.precision.gradients] * counts.embedding) / parallel.tensor;
  const unripe = bytesPerElement[plan.precision.gradients] * beforeLast(plan);
  const tied = counts.head === 0 && role.last && plan.shape?.outputs !== 'classes';
  return tied ? { own, missing: 0, twice: own, unripe } : { own, missing: own, twice: 0, unripe };
}

/** Bytes that come and go within the step. */
interface Work {
  readonly kept: number;
  /** Part of it that is gone when the last layer goes backward. */
  readonly headInput: number;
  /** Highest of logits and loss in the forward pass. */
  readonly lossForward: number;
  /** Highest of them when the backward pass starts. */
  readonly lossPeak: number;
  readonly hiddenGradient: number;
  readonly headGradient: number;
  readonly layerAtWork: number;
  /** What the first layer still holds when every gradient is there. */
  readonly lastLayer: number;
  readonly gathered: number;
  readonly dequantized: number;
  readonly reduced: number;
  /** Narrow copies of weights that autocast's cache holds until the forward pass ends. */
  readonly allCasts: number;
  /** Those of them that the backward pass still needs. */
  readonly castCopies: number;
  /** Those that the first layer needs. */
  readonly layerCasts: number;
  readonly stepBuffers: number;
}

const noHeadInput = { kept: 0, passing: 0 };

function workOf(plan: Plan, role: StageRole, local: LocalParameters): Work {
  const { shape, parallel: p, precision, adapter, task, counts } = plan;
  const total = localTotal(local);
  const gathered = gatheredBytes(plan, total);
  const dequantized = dequantizedBytes(plan);
  const reduced = reducedBytes(plan, total);
  const atStep = stepBuffers(plan, total);
  if (!shape) {
    const unet = plan.vision?.denoises ? unetBytes(plan, plan.vision, plan.vision.denoises) : undefined;
    // Autocast holds narrow copies of trained weights over the forward pass, recomputed blocks each their own.
    const cast = unet && precision.autocast && !adapter ? 2 * total : 0;
    const kept = unet?.kept ?? visionActivationBytes(plan);
    return {
      gathered,
      dequantized,
      reduced,
      stepBuffers: atStep,
      kept,
      headInput: 0,
      lossForward: 0,
      lossPeak: 0,
      hiddenGradient: unet ? 0 : 0.05 * kept,
      headGradient: 0,
      layerAtWork: unet?.atWork ?? 0,
      lastLayer: unet?.atWork ?? 0.05 * kept,
      allCasts: cast,
      castCopies: plan.recompute === 'none' ? cast : 0,
      layerCasts: 0,
    };
  }
  const e = Math.max(2, bytesPerElement[precision.compute]);
  const answers = plan.packed ? 1 : sequencesPerSample(plan);
  const tokens = fullestBatchTokens(plan) * answers;
  const vocabulary = role.last && task !== 'diffusion' ? logitsOf(shape) / p.tensor : 0;
  const layers = ((shape.layers + (shape.decoderLayers ?? 0)) / p.pipeline) * inFlight(plan, role);
  const headInput = role.last ? headInputBytes(plan, shape) : noHeadInput;
  const merged = mergedExperts(plan);
  const spelled = spelledBytes(plan);
  const mixtures = (layers * mixtureLayers(shape)) / (shape.layers + (shape.decoderLayers ?? 0));
  const kept =
    (keptBytesPerToken(plan, shape, layers) + headInput.kept) * tokens +
    (plan.recompute === 'none' ? mixtures * merged + layers * spelled.kept : 0);
  const logits = logitBytes(plan);
  const recomputing = plan.recompute !== 'none';
  const atWork = layerAtWork(plan, shape) * tokens + merged + spelled.passing + (recomputing ? spelled.kept : 0);
  const casts = precision.autocast && !adapter && e < bytesPerElement[precision.parameters];
  // Tables of embeddings are looked up as they are; a recomputed layer brings its copies back on its own.
  const head = role.last && vocabulary > 0 ? (counts.head || counts.embedding) / p.tensor : 0;
  const allCasts = casts ? e * (local.matrices + local.experts + head) : 0;
  return {
    gathered,
    dequantized,
    reduced,
    stepBuffers: atStep,
    kept,
    headInput: headInput.kept * tokens,
    lossForward: (logits.forward * vocabulary + headInput.passing) * tokens * plan.written,
    lossPeak: logits.peak * vocabulary * tokens * plan.written,
    hiddenGradient: 2 * boundaryBytes(plan, shape) * tokens,
    // Losses in chunks send the output projection's gradient on while chunks are still to come.
    headGradient: plan.fusedLoss && !adapter && !plan.optimizer.inBackward ? e * shape.hidden * vocabulary : 0,
    layerAtWork: atWork,
    lastLayer: recomputing ? atWork : atWork + onRank(layerBytes(plan, shape, false), plan) * tokens,
    allCasts,
    castCopies: casts && recomputing ? e * head : allCasts,
    layerCasts: casts ? e * beforeLast(plan) : 0,
  };
}

/**
 * Micro-batches' worth of its layers that a pipeline stage keeps: of all under GPipe, at the first stage as many as there are
 * stages under one-forward-one-backward, `1 + (p - 1) / (p v)` times that with `v` chunks a rank (Narayanan et al. 2021);
 * zero-bubble schedules keep as many, on every stage alike (Qi et al. 2024).
 */
function inFlight(plan: Plan, role: StageRole): number {
  const { pipeline: p, pipelineChunks, pipelineSchedule, implementation } = plan.parallel;
  if (p <= 1 || implementation === 'none') return 1;
  if (pipelineSchedule === 'gpipe') return plan.accumulation;
  // Two chunks a rank where a schedule that interleaves does not say how many.
  const v = pipelineSchedule === 'interleaved' ? Math.max(2, pipelineChunks) : pipelineChunks;
  const interleaved = v > 1 ? 1 + (p - 1) / (p * v) : 1;
  const full = role.first || pipelineSchedule === 'zero-bubble';
  return full ? Math.min(plan.accumulation, p) * interleaved : interleaved;
}
