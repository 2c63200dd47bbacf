import type { Plan } from './plan.ts';
import { type StepSeconds, stepTotal } from './step-parts.ts';

/** Relative half widths of the 80 % interval of each part of a step, independent of each other. */
const partSpread: Readonly<Record<keyof StepSeconds, number>> = {
  matmuls: 0.15,
  attention: 0.35,
  elementwise: 0.4,
  head: 0.25,
  adapters: 0.6,
  dequantise: 0.5,
  host: 0.8,
  communication: 0.8,
  bubble: 0.3,
  optimizer: 0.6,
  data: 0.5,
  generation: 0.6,
};

/**
 * What remains where every part is right: clocks, power caps, versions. Set by kind of job so that four in five of all published runs lie
 * inside; programs that denoise differ most (masked attention, optimisers that step tensor by tensor: 0.7 to 2.3 times what is worked out).
 */
const baseSpread = { pretrain: 0.17, tune: 0.25, images: 0.25, served: 0.28, denoised: 0.5 } as const;
/** Stacks whose kernels are not known to the model. */
const unknownStackSpread = 0.15;
/** Mixtures: imbalance, grouped kernels and exchange differ by release. */
const mixtureSpread = 0.25;
/** Models that look at images: how many a text has, how large they are and what the host takes to decode and cut them is in no file. */
const imagesSpread = 0.8;
/** GeForce boards side by side: lanes that the board splits, copies through the host where cards may not reach each other. */
const boardSpread = 0.35;
/** Hardware whose rates rest on data sheets alone. */
const unmeasuredSpread = 0.2;
/** Start-up, evaluation and waits of a whole run, beside its steps. */
export const runSpread = 0.3;

/** Generations for which neither operator tables nor fitted runs stand behind the ceiling. */
const measured = /^(A100|H100|H200|B200|GB200|B300|GB300|V100|L40S|A10|A6000|RTX|MI300X|TPU)/;

/** Families of language models with a tower for images. */
const looksAtImages = /vl|llava|internvl|minicpmv|mllama|pixtral|glm4v|omni|idefics|paligemma/i;

/** Relative half width of the 80 % interval that the model's own error gives a step. */
export function modelSpread(plan: Plan, step: StepSeconds): number {
  const total = stepTotal(step);
  const base = kindSpread(plan);
  let sum = base * base;
  for (const key of Object.keys(partSpread) as (keyof StepSeconds)[]) {
    const share = (step[key] / total) * partSpread[key];
    sum += share * share;
  }
  if (plan.stack === 'other' || plan.stack === 'pytorch') sum += unknownStackSpread ** 2;
  if (plan.shape?.feedForward.experts) sum += mixtureSpread ** 2;
  if (plan.shape && !plan.shape.image && looksAtImages.test(plan.shape.family)) sum += imagesSpread ** 2;
  if (plan.devices > 1 && /^(?:GeForce|RTX ?\d0\d0)/.test(plan.accelerator?.name ?? '')) sum += boardSpread ** 2;
  if (!measured.test(plan.accelerator?.name ?? '')) sum += unmeasuredSpread ** 2;
  return Math.sqrt(sum);
}

function kindSpread(plan: Plan): number {
  if (plan.task === 'diffusion') return baseSpread.denoised;
  if (plan.vision || plan.shape?.image) return plan.task === 'serving' ? baseSpread.served : baseSpread.images;
  return plan.task === 'pretrain' ? baseSpread.pretrain : baseSpread.tune;
}
