import {
  bandBetween,
  bestInterval,
  dalyInterval,
  intervalBand,
  type SaveCycle,
  usefulShare,
} from '../lifecycle/interval.ts';
import { wasteCurve } from '../lifecycle/waste-curve.ts';
import type { Settings } from '../settings.ts';
import { type Interval, interval, mapInterval } from '../units/interval.ts';
import { type Seconds, seconds } from '../units/quantity.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { CheckpointPlan, StatedInterval, TimeEstimate } from './estimate.ts';
import { failureRateOf, restartSeconds } from './interruption.ts';
import type { Points } from './plan.ts';
import { saveSeconds } from './save-time.ts';

/**
 * When a run should save: from the bytes of a save and the rate of its storage, and from how often the run is interrupted.
 * Undefined where the time of a step is not known. Without any failure rate (spot gangs without a trace) the best is absent.
 */
export function planCheckpoints(
  points: Points,
  time: TimeEstimate | undefined,
  spec: WorkloadSpec,
  settings: Settings,
): CheckpointPlan | undefined {
  const { likely: plan } = points;
  if (!time || spec.task === 'serving') return undefined;
  const step = time.step.likely;
  if (!(step > 0)) return undefined;
  const { stall, write } = saveSeconds(plan);
  const restart = restartSeconds(settings);
  const rate = failureRateOf(plan, spec, settings);
  const asSeconds = (x: Interval): Interval<Seconds> => mapInterval(x, seconds);
  const base = {
    stall: asSeconds(stall),
    write: asSeconds(write),
    asynchronous: plan.checkpoint.asynchronous === true,
    restart: seconds(restart),
  };
  const every = plan.checkpoint.enabled ? plan.checkpoint.everySteps : undefined;
  const cycleAt = (side: keyof Interval, hours: number): SaveCycle => ({
    stall: stall[side],
    write: write[side],
    restart,
    mean: hours * 3600,
  });
  if (!rate) return every === undefined ? base : { ...base, stated: { steps: every, seconds: seconds(every * step) } };
  const { hours } = rate;
  const middle = cycleAt('likely', hours.likely);
  // The best grows with stall and mean together.
  const best = interval(
    bestInterval(cycleAt('low', hours.low)),
    bestInterval(middle),
    bestInterval(cycleAt('high', hours.high)),
  );
  // Published rates are of other fleets, and their range says how far these differ: the band is that of the likely one.
  const band = rate.basis === 'own' ? bandBetween(middle, hours.low * 3600, hours.high * 3600) : intervalBand(middle);
  const run = time.run?.likely ?? Number.POSITIVE_INFINITY;
  const stated = every === undefined ? undefined : statedAt(every, step, run, middle, rate.hours);
  // Written out: properties behind a spread are set one by one, which takes longer than all of the arithmetic.
  const found: CheckpointPlan = {
    stall: base.stall,
    write: base.write,
    asynchronous: base.asynchronous,
    restart: base.restart,
    rate,
    best: asSeconds(best),
    daly: seconds(dalyInterval(middle)),
    band: { from: seconds(band.from), to: seconds(band.to) },
    steps: interval(toSteps(band.from, step), toSteps(best.likely, step), toSteps(band.to, step)),
    wasteAtBest: 1 - usefulShare(Math.min(best.likely, run), middle),
    endsSooner: run <= best.likely,
    curve: wasteCurve(middle),
  };
  return stated ? { ...found, stated } : found;
}

function statedAt(every: number, step: number, run: number, middle: SaveCycle, hours: Interval): StatedInterval {
  const work = Math.min(every * step, run);
  const waste = (mean: number) => 1 - usefulShare(work, { ...middle, mean: mean * 3600 });
  return {
    steps: every,
    seconds: seconds(every * step),
    waste: interval(waste(hours.high), waste(hours.likely), waste(hours.low)),
  };
}

function toSteps(work: number, step: number): number {
  return Math.max(1, Math.round(work / step));
}
