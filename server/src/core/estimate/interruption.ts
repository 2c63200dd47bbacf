import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { InterruptionEstimate, TimeEstimate } from './estimate.ts';
import type { Points } from './plan.ts';

/**
 * GPU-hours between interruptions of runs on capacity that nobody takes back: Llama 3's report counts 419 unplanned
 * ones in 54 days on 16,384 GPUs. Smaller and younger fleets lie within a factor of three.
 */
const deviceHours = { low: 17_000, likely: 50_700, high: 150_000 } as const;

/** Hours between preemptions of one node on spot: first halves of 15 published traces (skypilot-org/spot-traces, V100). */
const spotHours = { low: 0.7, likely: 2.5, high: 10.5 } as const;

/** Seconds until a run computes again: a machine, its image, weights, the last checkpoint. */
const restart = 300;
/** Beyond this many times the run's own length it never ends in practice. */
const endless = 1000;

/**
 * Hours between interruptions of a run and what it expects to repeat for them, by Daly's model (2006) with exponential
 * failures: each stretch of work between two saves is done again until it passes undisturbed. Undefined for spot gangs
 * of several nodes, whose interruptions follow from no single node's, and where the length of the run is not known.
 */
export function estimateInterruptions(
  points: Points,
  time: TimeEstimate | undefined,
  spec: WorkloadSpec,
): InterruptionEstimate | undefined {
  const { likely: plan } = points;
  if (!time?.run || spec.task === 'serving') return undefined;
  const spot = likely(spec.resources.priceKind) === 'spot';
  if (spot && plan.nodes > 1) return undefined;
  const between = spot ? spotHours : scaled(deviceHours, 1 / Math.max(1, plan.devices));
  const run = time.run.likely;
  // Where nothing says that a run starts anew, somebody starts it again from its last save.
  const resumes = spec.checkpoint?.resumes === undefined || likely(spec.checkpoint.resumes) !== false;
  const every = plan.checkpoint.enabled && resumes ? plan.checkpoint.everySteps : undefined;
  const stretch = Math.min(run, every === undefined ? run : every * time.step.likely);
  const lost = (hours: number) => repeated(run, stretch, hours * 3600);
  return {
    hoursBetween: between,
    lostShare: { low: lost(between.high), likely: lost(between.likely), high: lost(between.low) },
  };
}

/** Share of a run that is done again, where work is saved after every `stretch` seconds. */
function repeated(run: number, stretch: number, mean: number): number {
  const whole = mean * Math.exp(restart / mean) * Math.expm1(stretch / mean);
  const share = whole / Math.max(1, stretch) - 1;
  return Number.isFinite(share) && run > 0 ? Math.min(endless, Math.max(0, share)) : endless;
}

function scaled(x: typeof deviceHours, by: number) {
  return { low: x.low * by, likely: x.likely * by, high: x.high * by };
}
