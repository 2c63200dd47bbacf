import { bestInterval, type SaveCycle } from './interval.ts';
import { replayInterval } from './replay-interval.ts';
import { comparePolicies, type PolicySummary, type SpotJob } from './spot-policy.ts';
import { breakEvenHours, type EffectivePrice, effectivePrice } from './spot-price.ts';
import { type SpotTrace, stretchesOf, summarizeTrace, type TraceSummary } from './trace.ts';

/** What a job and its prices are, for one question of spot or not. Times in seconds, prices an hour for all its nodes. */
export interface SpotQuestion {
  /** The whole run's computing, saves left out. */
  readonly work: number;
  readonly nodes: number;
  readonly stall: number;
  readonly write: number;
  readonly restart: number;
  /** Work between saves that the job states; the best of the trace's rate where it states none. */
  readonly interval?: number;
  readonly deadline: number;
  readonly spotPerHour: number;
  readonly onDemandPerHour: number;
}

/** The answer of one trace. */
export interface SpotAnswer {
  readonly trace: TraceSummary;
  /** Work between saves that was replayed, in seconds. */
  readonly interval: number;
  /** By Daly's model at the trace's mean; absent where it saw no preemption. */
  readonly effective?: EffectivePrice;
  /** Share of paid spot time that stayed done when the whole trace was replayed. */
  readonly replayedUseful: number;
  /** Mean hours between preemptions below which spot costs more than on-demand. */
  readonly breakEvenHours?: number;
  readonly policies: readonly PolicySummary[];
  /** The same with the best interval, where the job states one that is twice or half of it and more. */
  readonly atBest?: { readonly interval: number; readonly policies: readonly PolicySummary[] };
  /** No replay of 60 missing the deadline still leaves a chance of up to this (80 % of cases, rule of the binomial). */
  readonly leastKnownMiss: number;
}

/** Plays a job on a trace under every policy; a reason where the trace cannot tell. */
export function answerSpot(trace: SpotTrace, question: SpotQuestion): SpotAnswer | { readonly reason: string } {
  const { nodes, work, stall, write, restart, deadline, spotPerHour, onDemandPerHour } = question;
  const most = trace.available.reduce((high, one) => Math.max(high, one), 0);
  if (most < nodes) return { reason: `it never shows the ${nodes} nodes of the job at once (${most} at most)` };
  const summary = summarizeTrace(trace, nodes);
  const mean = (summary.meanHours ?? 0) * 3600;
  const cycle: SaveCycle | undefined = mean > 0 ? { stall, write, restart, mean } : undefined;
  const interval = question.interval ?? (cycle ? bestInterval(cycle) : work);
  const job = { work, nodes, restart, interval, stall, deadline, spotPerHour, onDemandPerHour };
  const policies = comparePolicies(trace, job);
  if (!policies) {
    const hours = ((trace.available.length * trace.tick) / 3600).toFixed(0);
    return { reason: `it covers ${hours} h, less than the deadline` };
  }
  const runs = policies[0]?.runs ?? 1;
  const even = breakEvenHours(spotPerHour, onDemandPerHour, interval, { stall, write, restart });
  return {
    trace: summary,
    interval,
    ...(cycle ? { effective: effectivePrice(spotPerHour, interval, cycle) } : {}),
    replayedUseful: replayInterval(stretchesOf(trace, nodes), interval, { stall, write, restart }, trace.tick),
    ...(even === undefined ? {} : { breakEvenHours: even }),
    policies,
    ...(cycle ? bestBeside(trace, job, bestInterval(cycle)) : {}),
    leastKnownMiss: 1 - 0.2 ** (1 / runs),
  };
}

function bestBeside(trace: SpotTrace, job: SpotJob, best: number): Pick<SpotAnswer, 'atBest'> {
  const apart = Math.abs(Math.log2(job.interval / best)) >= 1;
  const policies = apart ? comparePolicies(trace, { ...job, interval: best }) : undefined;
  return policies ? { atBest: { interval: best, policies } } : {};
}
