import {
  type FailureRate,
  observedRate,
  publishedRate,
  statedRate,
  unknownSpotRate,
} from '../lifecycle/failure-rate.ts';
import type { Settings } from '../settings.ts';
import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { InterruptionEstimate, TimeEstimate } from './estimate.ts';
import type { Plan, Points } from './plan.ts';

/** Seconds until a run computes again: a machine, its image, weights, the last checkpoint. */
const restart = 300;
/** Beyond this many times the run's own length it never ends in practice. */
const endless = 1000;

/** Seconds from an interruption until the run computes again: the user's, else a usual one. */
export function restartSeconds({ lifecycle }: Settings): number {
  return lifecycle?.restartSeconds ?? restart;
}

/**
 * How often the job is interrupted: by the user's own count; else on capacity that nobody takes back by the published
 * rates of large runs, scaled by its devices; else, on one node of spot, unknown between bounds. Undefined for spot gangs,
 * whose interruptions follow from no single node's: a trace of the gang gives them.
 */
export function failureRateOf(plan: Plan, spec: WorkloadSpec, { lifecycle }: Settings): FailureRate | undefined {
  const spot = likely(spec.resources.priceKind) === 'spot';
  const own = lifecycle?.interruptions;
  if (own) {
    const scale = own.accelerators === undefined || spot ? 1 : own.accelerators / Math.max(1, plan.devices);
    const hours = own.hoursBetween * scale;
    const counted =
      own.count === undefined ? undefined : observedRate(hours * own.count, own.count, own.source, own.clustering);
    return counted ?? statedRate(hours, own.source);
  }
  if (!spot) return publishedRate(plan.devices);
  return plan.nodes > 1 ? undefined : unknownSpotRate;
}

/**
 * Hours between interruptions of a run and what it expects to repeat for them, by Daly's model (2006) with exponential
 * failures: each stretch of work between two saves is done again until it passes undisturbed. Undefined where the rate is
 * not known, or the length of the run.
 */
export function estimateInterruptions(
  points: Points,
  time: TimeEstimate | undefined,
  spec: WorkloadSpec,
  settings: Settings,
): InterruptionEstimate | undefined {
  const { likely: plan } = points;
  if (!time?.run || spec.task === 'serving') return undefined;
  const rate = failureRateOf(plan, spec, settings);
  if (!rate) return undefined;
  const run = time.run.likely;
  // Where nothing says that a run starts anew, somebody starts it again from its last save.
  const resumes = spec.checkpoint?.resumes === undefined || likely(spec.checkpoint.resumes) !== false;
  const every = plan.checkpoint.enabled && resumes ? plan.checkpoint.everySteps : undefined;
  const stretch = Math.min(run, every === undefined ? run : every * time.step.likely);
  const lost = (hours: number) => repeated(run, stretch, hours * 3600, restartSeconds(settings));
  const { low, likely: middle, high } = rate.hours;
  return { hoursBetween: rate.hours, lostShare: { low: lost(high), likely: lost(middle), high: lost(low) } };
}

/** Share of a run that is done again, where work is saved after every `stretch` seconds. */
function repeated(run: number, stretch: number, mean: number, late: number): number {
  const whole = mean * Math.exp(late / mean) * Math.expm1(stretch / mean);
  const share = whole / Math.max(1, stretch) - 1;
  return Number.isFinite(share) && run > 0 ? Math.min(endless, Math.max(0, share)) : endless;
}
