import type { Interval } from '../units/interval.ts';
import { widen } from '../units/interval.ts';
import { flops, gpuHours, type Seconds, seconds } from '../units/quantity.ts';
import { sequencesPerSample } from './batch-tokens.ts';
import { calibrate, type OwnRun } from './calibration.ts';
import { computedLength } from './compute-layers.ts';
import { ratesOf, statedPeak } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import { fittedEfficiency } from './efficiency-fitted.ts';
import type { TimeEstimate } from './estimate.ts';
import { trainingFlopsPerImage, trainingFlopsPerToken } from './flops.ts';
import { type Plan, type Points, samplesPerStep } from './plan.ts';
import { spread } from './spread.ts';
import { type StepSeconds, scaledStep, stepTotal } from './step-parts.ts';
import { runOverhead, stepsOf } from './time-run.ts';
import { modelSpread, runSpread } from './time-spread.ts';
import { stepSeconds } from './time-step.ts';

/** Tokens that count in one step: what the samples hold, padding left out. */
export function tokensPerStep(plan: Plan): number {
  const held = plan.packed ? plan.sequenceLength : Math.min(plan.meanLength, computedLength(plan));
  return sequencesPerSample(plan) * samplesPerStep(plan) * held;
}

/** Model FLOPs of one step over all devices, in the convention that counts attention in full. */
export function flopsPerStep(plan: Plan): number {
  const image = trainingFlopsPerImage(plan);
  // A served network runs forward alone: a third of a training pass.
  const passes = plan.task === 'serving' ? 1 / 3 : 1;
  if (image !== undefined) return image * passes * samplesPerStep(plan);
  return passes * trainingFlopsPerToken(plan) * sequencesPerSample(plan) * samplesPerStep(plan) * computedLength(plan);
}

/** Seconds of an optimiser step and of the whole run; undefined where nothing about the device is known. */
export function estimateTime(
  points: Points,
  runs: readonly OwnRun[] = [],
  k: Efficiency = fittedEfficiency,
): TimeEstimate | undefined {
  const uncorrected = stepSeconds(points.likely, k);
  if (!uncorrected) return undefined;
  const { factor, spread: model } = calibrate(runs, points.likely, 'step', modelSpread(points.likely, uncorrected));
  const parts = factor === 1 ? uncorrected : scaledStep(uncorrected, factor);
  const totals = new Map([[points.likely, stepTotal(parts)]]);
  for (const { plan } of points.variants) {
    const step = stepSeconds(plan, k);
    if (step) totals.set(plan, stepTotal(step) * factor);
  }
  const figure = (of: (plan: Plan, step: number) => number | undefined) =>
    spread(points, (plan) => {
      const step = totals.get(plan);
      return step === undefined ? undefined : of(plan, step);
    });
  const rate = (of: (plan: Plan, step: number) => number | undefined) => {
    const x = figure(of);
    return x && widen(x, model);
  };
  const step = rate((_, s) => s);
  if (!step) return undefined;
  const token = points.likely.shape !== undefined && points.likely.shape.image === undefined;
  const tokensPerSecond = token ? rate((plan, s) => tokensPerStep(plan) / s / plan.devices) : undefined;
  const samplesPerSecond = rate((plan, s) => samplesPerStep(plan) / s);
  const wall = rate((plan, s) => {
    const steps = stepsOf(plan);
    return steps === undefined ? undefined : runOverhead(plan, s, steps);
  });
  const run = wall && widen(wall, runSpread);
  const steps = estimateSteps(points);
  return {
    step: secondsOf(step),
    ...(run ? { run: secondsOf(run) } : {}),
    ...(steps ? { steps } : {}),
    ...(tokensPerSecond ? { tokensPerSecondPerDevice: tokensPerSecond } : {}),
    ...(samplesPerSecond ? { samplesPerSecond } : {}),
    flopsPerStep: flopsInterval(points),
    utilization: rate((plan, s) => utilizationOf(plan, s)) ?? { low: 0, likely: 0, high: 0 },
    parts: describeParts(parts),
    ...(run ? { deviceHours: hoursOf(run, points.likely.devices) } : {}),
  };
}

/** Model FLOPs over peak of the compute format, over all devices. */
export function utilizationOf(plan: Plan, step: number): number | undefined {
  const rates = plan.accelerator && ratesOf(plan.accelerator);
  if (!rates || step <= 0) return undefined;
  return flopsPerStep(plan) / step / plan.devices / statedPeak(rates, plan.precision.compute);
}

const secondsOf = (x: Interval): Interval<Seconds> => ({
  low: seconds(x.low),
  likely: seconds(x.likely),
  high: seconds(x.high),
});

function hoursOf(run: Interval, devices: number) {
  const hours = (s: number) => gpuHours((s * devices) / 3600);
  return { low: hours(run.low), likely: hours(run.likely), high: hours(run.high) };
}

function flopsInterval(points: Points) {
  const x = spread(points, flopsPerStep) ?? { low: 0, likely: 0, high: 0 };
  return { low: flops(x.low), likely: flops(x.likely), high: flops(x.high) };
}

const labels: Readonly<Record<keyof StepSeconds, string>> = {
  matmuls: 'matmuls and convolutions',
  attention: 'attention',
  elementwise: 'norms, activations and other memory traffic',
  head: 'output head and loss',
  adapters: 'adapters',
  dequantise: 'dequantisation',
  host: 'waiting for kernel launches',
  communication: 'communication not hidden',
  bubble: 'pipeline bubble',
  optimizer: 'optimiser step and loop',
  data: 'waiting for data',
  generation: 'making answers',
};

/** Parts of a step that take any time, longest first. */
function describeParts(parts: StepSeconds): TimeEstimate['parts'] {
  return (Object.keys(labels) as (keyof StepSeconds)[])
    .filter((key) => parts[key] > 0)
    .map((key) => ({ label: labels[key], seconds: seconds(parts[key]) }))
    .sort((a, b) => b.seconds - a.seconds);
}

/** Optimiser steps of the whole run; undefined where neither steps nor data are known. */
export function estimateSteps(points: Points): Interval | undefined {
  return spread(points, stepsOf);
}

/** Wall clock of the run as a plain number at the likely point. */
export function runSeconds(time: TimeEstimate | undefined): Seconds | undefined {
  return time?.run?.likely;
}
