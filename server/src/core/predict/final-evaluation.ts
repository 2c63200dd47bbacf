import type { Catalog } from '../catalog/catalog.ts';
import { estimateWorkload } from '../estimate/index.ts';
import { defaultSettings } from '../settings.ts';
import { exact, unknown } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Answers } from './index.ts';

const convention = { kind: 'assumption', id: 'final-evaluation' } as const;

/** Answers to GSM8K's 1,319 test questions, fifty at once, of up to 300 tokens (peft's `method_comparison/MetaMathQA/run.py`). */
const batches = Math.ceil(1319 / 50);
const answersAtOnce = 50;
const questionTokens = 150;
const answerTokens = 300;
/** Kernels that an unmerged adapter adds to a linear: dropout, cast, two products, scale, sum; two linears a layer, over a layer's own 38. */
const adapterKernels = 1 + 12 / 38;

/** Forward passes of forty pictures of twenty steps, each with and without its prompt (`method_comparison/image-gen/run.py`: 20 prompts, 10 of drift twice). */
const pictureForwards = 40 * 20 * 2;
/** Forward passes of one sample in a step of two samples that computes its layers again and has a frozen base: forward, again, and backward. */
const forwardsOfStep = 6;

/**
 * Seconds that peft's comparison of methods counts as training after its last step: it answers its test set, or paints its
 * prompts, before the clock is stopped. 0 for every other run. `step`: seconds of one step.
 */
export function finalEvaluationSeconds(spec: WorkloadSpec, framework: string, catalog: Catalog, step: number): number {
  if (!/method_comparison/i.test(framework)) return 0;
  if (spec.task === 'diffusion') return spec.adapter ? (pictureForwards * step) / forwardsOfStep : 0;
  if (spec.task !== 'finetune') return 0;
  const { schedule: _, adapter, ...rest } = spec;
  const estimate = estimateWorkload(
    {
      ...rest,
      task: 'serving',
      serving: {
        engine: exact('transformers', convention),
        maximumLength: exact(questionTokens + answerTokens, convention),
        maximumSequences: unknown('none'),
        memoryUtilization: unknown('none'),
        kvPrecision: exact('bf16', convention),
        weightPrecision: exact('bf16', convention),
        replicas: exact(1, convention),
        inputLength: exact(questionTokens, convention),
        outputLength: exact(answerTokens, convention),
        concurrency: exact(answersAtOnce, convention),
      },
    },
    catalog,
    defaultSettings,
  );
  return batches * (estimate.serving?.requestSeconds?.likely ?? 0) * (adapter ? adapterKernels : 1);
}

/** How far off the seconds of answering may be: answers end when their last one does, at most at the limit. */
const doubt = { low: 0.6, high: 2 } as const;

/** Training times of a run whose clock runs on while it answers its test set; steps that are told as that time over their number with them. */
export function withEvaluation(answers: Answers, seconds: number, steps: number | undefined): Answers {
  const whole = answers['train_time_s'];
  if (!whole) return answers;
  const train_time_s = {
    low: whole.low + doubt.low * seconds,
    likely: whole.likely + seconds,
    high: whole.high + doubt.high * seconds,
  };
  if (!answers['step_time_s'] || !steps) return { ...answers, train_time_s };
  const { low, likely, high } = train_time_s;
  return { ...answers, train_time_s, step_time_s: { low: low / steps, likely: likely / steps, high: high / steps } };
}
