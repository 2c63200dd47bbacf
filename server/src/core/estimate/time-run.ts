import { computedLength } from './compute-layers.ts';
import { type Plan, samplesPerStep } from './plan.ts';
import { saveSeconds } from './save-time.ts';

/**
 * Optimiser steps of a run: as stated, or tokens over tokens a step, or examples times epochs over samples a step,
 * rounded up. Packed samples are counted by the tokens they hold. Undefined where the data's size is unknown.
 */
export function stepsOf(plan: Plan): number | undefined {
  if (plan.steps !== undefined) return plan.steps;
  const epochs = plan.epochs ?? 1;
  const samples = samplesPerStep(plan);
  if (samples <= 0) return undefined;
  if (plan.examples !== undefined) {
    const rows =
      plan.packed && plan.meanLength < plan.sequenceLength
        ? (plan.examples * plan.meanLength) / plan.sequenceLength
        : plan.examples;
    return Math.max(1, Math.ceil((rows * epochs) / samples));
  }
  if (plan.tokens !== undefined) {
    const held = plan.packed ? plan.sequenceLength : plan.meanLength;
    return Math.max(1, Math.ceil((plan.tokens * epochs) / (samples * held)));
  }
  return undefined;
}

/** Start of a run before its first step: imports, weights, data, communicators (seconds); compiled code compiles too. */
const startSeconds = 30;
const compileSeconds = 60;
/** Host time of weights read and moved, bytes per second. */
const loadRate = 1e9;
/** Batches that an evaluation passes where the size of its data is not known (litgpt's default; others pass all they hold). */
const evaluationBatches = 100;

/** Wall-clock seconds of a run: steps, start, evaluations (a third of a training pass) and checkpoints that stall. */
export function runOverhead(plan: Plan, step: number, steps: number): number {
  const start =
    startSeconds +
    (plan.compiled ? compileSeconds : 0) +
    Math.min(600, (plan.parameters * 2) / loadRate / Math.max(1, plan.nodes));
  const evaluations = plan.evaluationEvery && plan.evaluationEvery > 0 ? Math.floor(steps / plan.evaluationEvery) : 0;
  const batch = step / Math.max(1, plan.accumulation);
  const evaluation = (evaluations * (plan.evaluationBatches ?? evaluationBatches) * batch) / 3;
  const saves =
    plan.checkpoint.enabled && plan.checkpoint.everySteps ? Math.floor(steps / plan.checkpoint.everySteps) : 0;
  const saving = saves === 0 ? 0 : saves * saveSeconds(plan).stall.likely;
  return steps * step + start + evaluation + saving;
}

/** Tokens that the machine computes in one step, padding included. */
export function computedTokensPerStep(plan: Plan): number {
  return samplesPerStep(plan) * computedLength(plan);
}
