import { exactly, type Interval, interval } from '../units/interval.ts';

/**
 * How often something stops a job. `own`: from the user's log or trace; `published`: from large runs that told;
 * `unknown`: nothing is known of this capacity, and the hours only say between what bounds others found it.
 */
export interface FailureRate {
  readonly basis: 'own' | 'published' | 'unknown';
  /** Mean hours between interruptions of the whole job. */
  readonly hours: Interval;
  /** Where the figure comes from, for people. */
  readonly source: string;
}

/** A large run that told how often it was interrupted. */
export interface PublishedRun {
  readonly name: string;
  readonly devices: number;
  readonly hoursBetween: number;
  readonly source: string;
}

/** Interruptions of large runs on capacity that nobody takes back. */
export const publishedRuns: readonly PublishedRun[] = [
  {
    name: 'OPT-175B',
    devices: 992,
    hoursBetween: (56 * 24) / 53.5,
    source: 'S. Zhang, Trials of Developing OPT-175B (talk, 2023): 53 to 54 restarts in 56 days',
  },
  {
    name: 'Llama 3 405B',
    devices: 16_384,
    hoursBetween: (54 * 24) / 419,
    source: 'arXiv 2407.21783: 419 unplanned in 54 days',
  },
];

/** The run that counts every interruption over the longest time stands for the likely rate. */
const reference = 'Llama 3 405B';
/** Restarts that a talk counts leave out those that were automatic: the harshest fleets are interrupted twice as often. */
const uncounted = 2;
/** Hardware failures alone of 504 B200 in 55 days (10) come to 66,500 device-hours; the kindest fleets double that. */
const kindest = 133_000;

/** Device-hours between interruptions: the harshest and the reference of the published runs, and the kindest fleets. */
export const publishedDeviceHours: Interval = interval(
  Math.min(...publishedRuns.map(deviceHours)) / uncounted,
  publishedRuns.filter(({ name }) => name === reference).map(deviceHours)[0] ?? kindest,
  kindest,
);

function deviceHours({ devices, hoursBetween }: PublishedRun): number {
  return devices * hoursBetween;
}

/** The rate of a job on some devices that nobody takes back: every device may stop it, so the hours shrink with their number. */
export function publishedRate(devices: number): FailureRate {
  const by = 1 / Math.max(1, devices);
  const { low, likely, high } = publishedDeviceHours;
  const told = publishedRuns.map((run) => `${run.name} on ${run.devices} GPUs`).join(', ');
  return { basis: 'published', hours: interval(low * by, likely * by, high * by), source: `scaled from ${told}` };
}

/**
 * Hours between preemptions of one node on spot in the first halves of 15 published traces (skypilot-org/spot-traces, V100
 * of 2022 and 2023): no rate for another card, year or place, only the bounds between which it was found.
 */
export const spotBounds: Interval = interval(0.7, 2.5, 10.5);

/** One node of spot capacity of which nothing is known. */
export const unknownSpotRate: FailureRate = {
  basis: 'unknown',
  hours: spotBounds,
  source: 'single V100 nodes of 2022-23 lay between; flopwise checkpoints plan --trace takes your own',
};

/** Standard normal quantile of 0.9, for 80 % intervals. */
const z90 = 1.2816;

/**
 * A rate of one's own: `events` interruptions in some hours. The 80 % interval is that of a Poisson count, and where they come
 * in clusters (`clusteringOf`) that of as many as tell something new.
 */
export function observedRate(hours: number, events: number, source: string, clustering = 1): FailureRate | undefined {
  if (!(hours > 0) || !(events >= 0)) return undefined;
  if (events === 0) return undefined;
  const mean = hours / events;
  const telling = Math.max(1, events / Math.max(1, clustering));
  const low = (2 * mean * telling) / chiSquare(2 * telling + 2, z90);
  const high = (2 * mean * telling) / chiSquare(2 * telling, -z90);
  return { basis: 'own', hours: interval(low, mean, high), source };
}

/** A mean that the user states without its count is taken as it is. */
export function statedRate(hours: number, source: string): FailureRate {
  return { basis: 'own', hours: exactly(hours), source };
}

/** Quantile of the chi-square distribution by Wilson and Hilferty (1931), within 1 % from two degrees of freedom on. */
function chiSquare(freedom: number, z: number): number {
  const part = 2 / (9 * freedom);
  return freedom * Math.max(1e-3, 1 - part + z * Math.sqrt(part)) ** 3;
}
