import type { SpotTrace } from './trace.ts';

/** A job as a policy sees it: times in seconds, prices in any one unit an hour for all its nodes. */
export interface SpotJob {
  /** Computing that the job needs, without saves. */
  readonly work: number;
  /** Machines that must all be there at once. */
  readonly nodes: number;
  /** From a start or a switch until it computes. */
  readonly restart: number;
  /** Work between saves, and how long each stops it. */
  readonly interval: number;
  readonly stall: number;
  /** From the start until it must be done. */
  readonly deadline: number;
  readonly spotPerHour: number;
  readonly onDemandPerHour: number;
}

/**
 * Ways to use spot capacity under a deadline. `greedy` takes spot and waits for it until only on-demand can still be in
 * time; `uniform-progress` also takes on-demand while it is behind the straight line to the deadline (NSDI 2024).
 */
export type SpotPolicy = 'on-demand' | 'greedy' | 'uniform-progress';

/** All of them, in the order in which they are told. */
export const spotPolicies: readonly SpotPolicy[] = ['on-demand', 'greedy', 'uniform-progress'];

/** How one run of a job went. */
export interface PolicyRun {
  readonly cost: number;
  /** Seconds until the job was done. */
  readonly seconds: number;
  readonly missed: boolean;
  readonly preemptions: number;
  /** Times that a machine of either kind was started. */
  readonly starts: number;
  /** Share of the paid time that was on-demand. */
  readonly onDemandShare: number;
}

type Mode = 'idle' | 'spot' | 'on-demand';

interface Moment {
  readonly now: number;
  readonly mode: Mode;
  readonly available: boolean;
  readonly progress: number;
  /** What a preemption would leave. */
  readonly durable: number;
}

/** Runs a job once over a trace, beginning at one of its ticks; past its end the trace begins anew. */
export function replayPolicy(trace: SpotTrace, begin: number, job: SpotJob, policy: SpotPolicy): PolicyRun {
  const { tick, available } = trace;
  const speed = job.interval / (job.interval + job.stall);
  const most = Math.ceil((20 * (job.deadline + job.work / speed + job.restart)) / tick);
  let [mode, late, progress, since]: [Mode, number, number, number] = ['idle', 0, 0, 0];
  let [cost, paid, onDemand, preemptions, starts] = [0, 0, 0, 0, 0];
  const durable = () => since + Math.floor((progress - since) / job.interval) * job.interval;
  let step = 0;
  for (; step < most; step += 1) {
    const up = (available[(begin + step) % available.length] ?? 0) >= job.nodes;
    if (mode === 'spot' && !up) {
      preemptions += 1;
      progress = durable();
      mode = 'idle';
    }
    const moment = { now: step * tick, mode, available: up, progress, durable: mode === 'spot' ? durable() : progress };
    const next = decide(moment, job, policy, speed, tick);
    if (next !== mode) {
      // A switch of one's own saves first; only a preemption loses work.
      since = progress;
      if (next !== 'idle') {
        late = job.restart;
        starts += 1;
      }
      mode = next;
    }
    if (mode === 'idle') continue;
    const computing = Math.max(0, tick - late);
    const needed = (job.work - progress) / speed;
    const used = needed <= computing ? tick - computing + needed : tick;
    late = Math.max(0, late - tick);
    paid += used;
    if (mode === 'on-demand') onDemand += used;
    cost += (used / 3600) * (mode === 'spot' ? job.spotPerHour : job.onDemandPerHour);
    if (needed <= computing) {
      const seconds = step * tick + used;
      return { cost, seconds, missed: seconds > job.deadline, preemptions, starts, onDemandShare: onDemand / paid };
    }
    progress += computing * speed;
  }
  return {
    cost,
    seconds: step * tick,
    missed: true,
    preemptions,
    starts,
    onDemandShare: paid > 0 ? onDemand / paid : 0,
  };
}

function decide(moment: Moment, job: SpotJob, policy: SpotPolicy, speed: number, tick: number): Mode {
  const { now, mode, available, progress, durable } = moment;
  if (policy === 'on-demand') return 'on-demand';
  // Once only on-demand can be in time, a preemption within the next tick counted in, it is taken to the end.
  const needed = (job.work - durable) / speed + 2 * job.restart + tick;
  if (job.deadline - now <= needed) return 'on-demand';
  if (policy === 'greedy') return available ? 'spot' : 'idle';
  const line = (at: number) => (job.work * at) / job.deadline;
  if (mode === 'on-demand') {
    if (progress < line(now + 2 * job.restart)) return 'on-demand';
    return available ? 'spot' : 'idle';
  }
  if (available) return 'spot';
  return progress < line(now) ? 'on-demand' : 'idle';
}

/** What a policy came to over many starts. */
export interface PolicySummary {
  readonly policy: SpotPolicy;
  readonly runs: number;
  /** 10th, 50th and 90th percentile and the mean of the cost. */
  readonly cost: { readonly low: number; readonly likely: number; readonly high: number; readonly mean: number };
  readonly seconds: { readonly low: number; readonly likely: number; readonly high: number };
  readonly missed: number;
  readonly preemptions: number;
  readonly starts: number;
  readonly onDemandShare: number;
}

/**
 * Every policy over the same starts, evenly spread so that each run's deadline lies within the trace. Undefined where the
 * trace is shorter than the deadline: nothing would be known of its end.
 */
export function comparePolicies(trace: SpotTrace, job: SpotJob, runs = 60): readonly PolicySummary[] | undefined {
  const room = trace.available.length - Math.ceil(job.deadline / trace.tick);
  if (room < 1 || !(job.work > 0) || !(job.deadline > 0)) return undefined;
  const count = Math.min(runs, room);
  const begins = Array.from({ length: count }, (_, at) => Math.floor((at * room) / count));
  return spotPolicies.map((policy) => {
    const done = begins.map((begin) => replayPolicy(trace, begin, job, policy));
    const mean = (of: (run: PolicyRun) => number) => done.reduce((sum, run) => sum + of(run), 0) / done.length;
    return {
      policy,
      runs: done.length,
      cost: { ...quantiles(done.map(({ cost }) => cost)), mean: mean(({ cost }) => cost) },
      seconds: quantiles(done.map(({ seconds }) => seconds)),
      missed: done.filter(({ missed }) => missed).length,
      preemptions: mean(({ preemptions }) => preemptions),
      starts: mean(({ starts }) => starts),
      onDemandShare: mean(({ onDemandShare }) => onDemandShare),
    };
  });
}

function quantiles(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { low: at(0.1), likely: at(0.5), high: at(0.9) };
}
