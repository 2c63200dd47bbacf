import type { Estimate } from '../estimate/estimate.ts';
import type { Interval } from '../units/interval.ts';
import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Sheet } from './case.ts';
import type { Answers } from './index.ts';

/** A figure times a factor. */
function times(x: Interval | undefined, by: number): Interval | undefined {
  return x && { low: x.low * by, likely: x.likely * by, high: x.high * by };
}

/** Accelerators that a run which names none most likely had, the likelier first. */
const usualAccelerators = ['A100-80GB-SXM', 'H100-SXM', 'H20'] as const;

/** Words for a card that a run does not name. */
const unnamed = /not named|not stated|unknown|unnamed|\bGPU\b/i;

/**
 * Rates and durations under the names and units that a case asks for. Where the accelerator is not known, `on` estimates
 * the same run on the usual ones: the first gives the likely point, all together the range.
 */
export function answerTime(
  measured: Sheet,
  estimate: Estimate,
  spec: WorkloadSpec,
  on: (accelerator: string) => Estimate,
): Answers {
  if (estimate.time || estimate.serving?.decodeTokensPerSecond) return answersOf(measured, estimate, spec);
  // A card that is named and in no table may be anything.
  const named = likely(spec.resources.accelerator);
  if (named !== undefined && !unnamed.test(named)) return {};
  const [first, ...others] = usualAccelerators.map((name) => answersOf(measured, on(name), spec));
  const merged: Record<string, Interval> = {};
  for (const [key, likely] of Object.entries(first ?? {})) {
    const all = [likely, ...others.flatMap((one) => (one[key] ? [one[key]] : []))];
    const low = Math.min(...all.map((x) => x.low));
    merged[key] = { low, likely: likely.likely, high: Math.max(...all.map((x) => x.high)) };
  }
  return merged;
}

function answersOf(measured: Sheet, estimate: Estimate, spec: WorkloadSpec): Answers {
  const figures =
    spec.task === 'serving' && !estimate.time
      ? servingFigures(measured, estimate, spec)
      : trainingFigures(estimate, spec);
  const answers: Record<string, Interval> = {};
  for (const [key, figure] of Object.entries(figures)) {
    if (figure !== undefined && measured.has(key)) answers[key] = figure;
  }
  return answers;
}

type Figures = Readonly<Record<string, Interval | undefined>>;

function trainingFigures(estimate: Estimate, spec: WorkloadSpec): Figures {
  const { time, devices = 1 } = estimate;
  if (!time) return {};
  const accumulation = (spec.schedule && likely(spec.schedule.accumulation)) ?? 1;
  const hours = times(time.run, 1 / 3600);
  return {
    tokens_per_sec_per_gpu: time.tokensPerSecondPerDevice,
    tokens_per_sec_total: times(time.tokensPerSecondPerDevice, devices),
    samples_per_sec: time.samplesPerSecond,
    samples_per_sec_per_gpu: times(time.samplesPerSecond, 1 / devices),
    step_time_s: time.step,
    step_time_ms: times(time.step, 1000),
    latency_ms: times(time.step, 1000),
    time_per_1k_iterations_min: times(time.step, 1000 / 60 / accumulation),
    train_time_s: time.steps && times(time.step, time.steps.likely),
    wall_hours: hours,
    gpu_hours: times(hours, devices),
    mfu: time.utilization,
  };
}

function servingFigures(measured: Sheet, estimate: Estimate, spec: WorkloadSpec): Figures {
  const { serving, devices = 1 } = estimate;
  if (!serving) return {};
  const input = (spec.serving?.inputLength && likely(spec.serving.inputLength)) ?? 0;
  const output = (spec.serving?.outputLength && likely(spec.serving.outputLength)) ?? 0;
  const rate = serving.outputTokensPerSecond;
  // "Total" beside an output rate counts prompts too; alone it is what was generated.
  const all = output > 0 ? (input + output) / output : 1;
  const prompts = measured.has('output_tokens_per_sec_total') ? all : 1;
  return {
    output_tokens_per_sec_total: rate,
    output_tokens_per_sec_per_gpu: times(rate, 1 / devices),
    tokens_per_sec_per_gpu: times(rate, 1 / devices),
    tokens_per_sec_total: times(rate, prompts),
    total_tokens_per_sec: times(rate, all),
    requests_per_sec: output > 0 ? times(rate, 1 / output) : undefined,
    decode_tokens_per_sec: serving.decodeTokensPerSecond,
    prefill_tokens_per_sec: serving.prefillTokensPerSecond,
    latency_s: serving.requestSeconds,
    latency_ms: times(serving.requestSeconds, 1000),
  };
}
