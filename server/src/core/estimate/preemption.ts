import { compact } from '../catalog/rows.ts';
import {
  checkPreemption,
  durabilityOf,
  mostLost,
  type PreemptionFacts,
  type PreemptionPoint,
} from '../lifecycle/preemption.ts';
import { seconds } from '../units/quantity.ts';
import { type Known, likely, originOf } from '../workload/known.ts';
import type { PreemptionSpec, WorkloadSpec } from '../workload/spec.ts';
import type { CheckpointPlan, PreemptionEstimate, TimeEstimate } from './estimate.ts';

/** Seconds between a cloud's word and the end of a spot machine (EC2 user guide; Compute Engine; Azure scheduled events). */
const notices: Readonly<Record<string, number>> = { aws: 120, gcp: 30, azure: 30 };

/** The checklist of a job whose capacity may be taken back, and what one preemption costs it at most. */
export function estimatePreemption(
  spec: WorkloadSpec,
  plan: CheckpointPlan | undefined,
  time: TimeEstimate | undefined,
): PreemptionEstimate | undefined {
  const { preemption } = spec;
  if (!preemption) return undefined;
  const value = <T>(known: Known<T> | undefined): T | undefined => known && likely(known);
  const { platform, mounts = [] } = preemption;
  const cloud = value(spec.resources.cloud)?.toLowerCase();
  const spot = likely(spec.resources.priceKind) === 'spot';
  const notice = value(preemption.noticeSeconds) ?? (spot && cloud !== undefined ? notices[cloud] : undefined);
  const directory = value(preemption.directory);
  const { write } = plan ?? {};
  const facts = compact({
    platform,
    saves: spec.checkpoint && value(spec.checkpoint.enabled),
    requeued: value(preemption.requeued),
    noticeSeconds: notice,
    savesOnNotice: value(preemption.savesOnNotice),
    writeSeconds: write && { likely: write.likely, high: write.high },
    resumes: value(preemption.resumes),
    fixedSave: value(preemption.fixedSave),
    directory,
    durability: durabilityOf(directory ?? '', platform, mounts),
    appendsLogs: value(preemption.appendsLogs),
    restoresData: value(preemption.restoresData),
    interval: intervalOf(plan),
  });
  const checks = checkPreemption(facts).map((check) => {
    const field = fieldOf(preemption, check.point);
    const origin = field && originOf<unknown>(field);
    return origin ? { ...check, origin } : check;
  });
  const every = plan?.stated?.seconds;
  // A save on the word counts only where the time for it is known and surely enough.
  const onNotice =
    notice !== undefined &&
    checks.some(({ point, state, because }) => point === 'notice' && state === 'yes' && because === undefined);
  const known = every !== undefined && write && time;
  return {
    platform,
    checks,
    ...(known ? { mostLost: seconds(mostLost(every, write.likely, time.step.likely, onNotice)) } : {}),
    ...(notice === undefined ? {} : { noticeSeconds: notice }),
    ...(directory === undefined ? {} : { directory }),
  };
}

/** Published rates are of failures alone: who is also preempted saves too rarely at the least where these say so, and no more follows. */
function intervalOf(plan: CheckpointPlan | undefined): PreemptionFacts['interval'] {
  const { stated, band, rate } = plan ?? {};
  if (!stated || !band || !rate || rate.basis === 'unknown') return undefined;
  if (stated.seconds > band.to) return 'too-rarely';
  if (rate.basis === 'published') return 'failures-alone';
  return stated.seconds < band.from ? 'too-often' : 'within';
}

function fieldOf(spec: PreemptionSpec, point: PreemptionPoint): Known<unknown> | undefined {
  switch (point) {
    case 'requeue':
      return spec.requeued;
    case 'notice':
      return spec.savesOnNotice ?? spec.noticeSeconds;
    case 'resume':
      return spec.fixedSave ?? spec.resumes;
    case 'directory':
      return spec.directory;
    case 'logs':
      return spec.appendsLogs;
    case 'data':
      return spec.restoresData;
    case 'interval':
      return undefined;
  }
}
