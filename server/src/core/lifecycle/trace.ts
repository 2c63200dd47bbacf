import { clusteringOf } from './clustering.ts';

/** How many instances of a kind could be had at each tick of a stretch of time. */
export interface SpotTrace {
  readonly name: string;
  /** Seconds of one tick. */
  readonly tick: number;
  /** Instances at hand at each tick, 0 to as many as were asked for. */
  readonly available: readonly number[];
}

/** A stretch in which a whole gang could run, or could not. */
export interface Stretch {
  readonly up: boolean;
  readonly seconds: number;
}

/** What a trace says of a gang of some nodes. */
export interface TraceSummary {
  /** Share of the time at full strength. */
  readonly upShare: number;
  /** Times that a running gang lost a node. */
  readonly preemptions: number;
  readonly upHours: number;
  /** Hours at full strength over preemptions; absent where there was none. */
  readonly meanHours?: number;
  /** Half of the stretches that ended in a preemption were shorter. */
  readonly medianHours?: number;
  /** How much more the preemptions scatter than without memory (`clusteringOf`). */
  readonly clustering: number;
}

/** The most instances that the trace ever shows: the gang it was taken for. */
export function nodesOf(trace: SpotTrace): number {
  return trace.available.reduce((most, one) => Math.max(most, one), 0);
}

/** The trace as stretches at full strength of `nodes` and below it. A gang is up only where all its nodes are. */
export function stretchesOf(trace: SpotTrace, nodes: number): readonly Stretch[] {
  const found: { up: boolean; seconds: number }[] = [];
  for (const count of trace.available) {
    const up = count >= nodes;
    const last = found.at(-1);
    if (last?.up === up) last.seconds += trace.tick;
    else found.push({ up, seconds: trace.tick });
  }
  return found;
}

/** How often a gang of `nodes` was up and for how long; a stretch that the trace's end cuts off counts its hours, not an end. */
export function summarizeTrace(trace: SpotTrace, nodes: number): TraceSummary {
  const stretches = stretchesOf(trace, nodes);
  const ended = stretches.filter(({ up }, at) => up && at < stretches.length - 1).map(({ seconds }) => seconds / 3600);
  const upHours = stretches.reduce((sum, { up, seconds }) => sum + (up ? seconds / 3600 : 0), 0);
  const all = (trace.available.length * trace.tick) / 3600;
  const sorted = [...ended].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return {
    upShare: all > 0 ? upHours / all : 0,
    preemptions: ended.length,
    upHours,
    clustering: clusteringOf(
      stretches
        .map(({ up, seconds }, at) => ({ up, length: seconds, interrupted: at < stretches.length - 1 }))
        .filter(({ up }) => up),
    ),
    ...(ended.length > 0 ? { meanHours: upHours / ended.length } : {}),
    ...(median === undefined ? {} : { medianHours: median }),
  };
}

/** The first and the second half of a trace, to fit on one and judge on the other. */
export function halvesOf(trace: SpotTrace): readonly [SpotTrace, SpotTrace] {
  const middle = Math.floor(trace.available.length / 2);
  return [
    { ...trace, available: trace.available.slice(0, middle) },
    { ...trace, available: trace.available.slice(middle) },
  ];
}
