import { type Interval, widen } from '../units/interval.ts';
import type { TransformerShape } from '../workload/architecture.ts';
import { ratesOf } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import { fittedEfficiency } from './efficiency-fitted.ts';
import type { ServingEstimate } from './estimate.ts';
import type { Plan, Points } from './plan.ts';
import { decodeStepSeconds, engineKind, prefillSeconds } from './serving-step.ts';
import { type Acceptance, acceptanceOf, draftSeconds, tokensPerCheck } from './speculation.ts';
import { spread } from './spread.ts';

/** Rates of a serving engine, beside the memory figures of `estimateServingMemory`. */
export type ServingRates = Pick<
  ServingEstimate,
  'prefillTokensPerSecond' | 'decodeTokensPerSecond' | 'outputTokensPerSecond' | 'requestSeconds'
>;

/** Tokens of a prompt and of an answer where nothing states them: conversations such as ShareGPT's. */
export const typicalInput = 512;
export const typicalOutput = 256;

/** Share of prompts that a prefix cache spares at most: long instructions or a conversation before one new turn. */
const mostShared = 0.9;

/** What one replica does with its requests, in seconds and tokens per second. */
export interface Generation {
  /** Sequences that run at once. */
  readonly batch: number;
  /** Tokens per second of prompts alone. */
  readonly prefillRate: number;
  /** Tokens per second of all running sequences, prompts being done. */
  readonly decodeRate: number;
  /** Tokens per second of answers, prompts and waits included. */
  readonly outputRate: number;
  /** Wall clock of one request, from its start to its last token. */
  readonly requestSeconds: number;
}

/**
 * One replica's work with `batch` sequences of stated lengths running at once. Engines that batch continuously
 * keep the batch full: each answer costs its prompt's pass and its share of the decoding steps.
 */
export function generationOf(
  plan: Plan,
  batch: number,
  k: Efficiency,
  luck: keyof Acceptance = 'likely',
): Generation | undefined {
  const rates = plan.accelerator && ratesOf(plan.accelerator);
  const { shape, serving } = plan;
  if (!rates || !shape || !serving || batch <= 0) return undefined;
  const input = serving.inputLength ?? typicalInput;
  const output = serving.outputLength ?? typicalOutput;
  const share = engineKind(plan) === 'graph' && batch > 8 ? k.servingShare : 1;
  const prefill = prefillSeconds(plan, shape, batch * input, input, rates, k) / share;
  const drafted = serving.speculation?.tokens ?? 0;
  const check = decodeStepSeconds(plan, shape, batch, input + output / 2, rates, k, 1 + drafted);
  const accepted = acceptanceOf(plan)?.[luck];
  const yielded = accepted === undefined ? 1 : tokensPerCheck(accepted, drafted);
  const step = (check + draftSeconds(plan, rates, k)) / yielded / share;
  // Prompts that begin alike are passed once; how many do is not known beforehand, none is likely.
  const computed = serving.prefixCaching && luck === 'high' ? 1 - mostShared : 1;
  const request = computed * prefill + output * step;
  return {
    batch,
    prefillRate: (batch * input) / prefill,
    decodeRate: batch / step,
    outputRate: (batch * output) / request,
    requestSeconds: request,
  };
}

/** Sequences that run at once: as many as are asked for, at most what engine and cache hold. */
export function runningSequences(plan: Plan, kvTokens: number): number {
  const { serving } = plan;
  if (!serving) return 1;
  const length = (serving.inputLength ?? typicalInput) + (serving.outputLength ?? typicalOutput) / 2;
  const held = kvTokens > 0 ? Math.max(1, kvTokens / length) : 1;
  return Math.max(1, Math.min(serving.concurrency ?? Number.POSITIVE_INFINITY, serving.maximumSequences, held));
}

/** Relative half width of the 80 % interval that the model's own error gives serving rates. */
const servingSpread = 0.33;
/** The same where neither lengths nor concurrency are stated. */
const openLoadSpread = 0.8;

/** Prefill and decode rates of one replica; empty where nothing about the device is known. */
export function estimateServingRates(points: Points, kvTokens: number, k: Efficiency = fittedEfficiency): ServingRates {
  const open = points.likely.serving?.outputLength === undefined;
  const width = open ? Math.hypot(servingSpread, openLoadSpread) : servingSpread;
  const rate = (of: (generation: Generation) => number): Interval | undefined => {
    const at = (plan: Plan, luck?: keyof Acceptance) => {
      const generation = generationOf(plan, runningSequences(plan, kvTokens), k, luck);
      return generation && of(generation);
    };
    const x = spread(points, (plan) => at(plan));
    return x && withLuck(widen(x, width), x.likely, [at(points.likely, 'low'), at(points.likely, 'high')]);
  };
  const prefillTokensPerSecond = rate((g) => g.prefillRate);
  const decodeTokensPerSecond = rate((g) => g.decodeRate);
  const outputTokensPerSecond = rate((g) => g.outputRate);
  const requestSeconds = rate((g) => g.requestSeconds);
  return {
    ...(prefillTokensPerSecond ? { prefillTokensPerSecond } : {}),
    ...(decodeTokensPerSecond ? { decodeTokensPerSecond } : {}),
    ...(outputTokensPerSecond ? { outputTokensPerSecond } : {}),
    ...(requestSeconds ? { requestSeconds } : {}),
  };
}

/** A range stretched to what few and many accepted drafts, or shared beginnings, make of its likely figure. */
function withLuck(range: Interval, figure: number, ends: readonly (number | undefined)[]): Interval {
  const ratios = ends.flatMap((end) => (end === undefined || figure <= 0 ? [] : [end / figure]));
  return {
    low: range.low * Math.min(1, ...ratios),
    likely: range.likely,
    high: range.high * Math.max(1, ...ratios),
  };
}

/** Whether a model can be served by the formulas here: it has blocks and tokens. */
export function servable(plan: Plan): plan is Plan & { readonly shape: TransformerShape } {
  return plan.shape !== undefined && plan.shape.vocabulary > 0;
}
