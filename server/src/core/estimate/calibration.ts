import type { Plan } from './plan.ts';

/** One run of one's own: what was predicted of it and what came out. */
export interface OwnRun {
  readonly accelerator: string;
  /** Stack as the spec names it; any where absent. */
  readonly stack?: Plan['stack'];
  /** Seconds of an optimiser step. */
  readonly step?: Comparison;
  /** Peak of the fullest device in GiB. */
  readonly memory?: Comparison;
}

/** A prediction beside its measurement, in one unit. */
export interface Comparison {
  readonly predicted: number;
  readonly measured: number;
}

/** What own runs say of a figure: a factor on it, and the relative half width of its 80 % interval after them. */
export interface Calibration {
  readonly factor: number;
  readonly spread: number;
  /** Runs that took part. */
  readonly runs: number;
}

/** Relative half width of what one run differs from the next on the same machine: clocks, neighbours, data. */
const betweenRuns = 0.08;
/** Weight of a run on the same accelerator under another stack. */
const otherStack = 0.4;
/** One run counts no more than as if it had come out three times as large or small. */
const mostOfOne = Math.log(3);
/** Own runs move a figure by a factor of two at most: more is a wrong input, not a slow machine. */
const mostOfAll = Math.log(2);

/**
 * The shift that own runs give a figure whose formulas leave `spread` open: the mean of the runs' log ratios, drawn to
 * none by as much as the formulas are surer than the runs (normal prior, normal likelihood). No run leaves it as it is.
 */
export function calibrate(
  runs: readonly OwnRun[],
  plan: Pick<Plan, 'accelerator' | 'stack'>,
  figure: 'step' | 'memory',
  spread: number,
): Calibration {
  let weight = 0;
  let sum = 0;
  let count = 0;
  for (const run of runs) {
    const compared = run[figure];
    if (!compared || !(compared.predicted > 0) || !(compared.measured > 0)) continue;
    if (plan.accelerator === undefined || !isAccelerator(plan.accelerator, run.accelerator)) continue;
    const of = run.stack === undefined || run.stack === plan.stack ? 1 : otherStack;
    const ratio = Math.log(compared.measured / compared.predicted);
    weight += of;
    sum += of * Math.max(-mostOfOne, Math.min(mostOfOne, ratio));
    count += 1;
  }
  if (count === 0 || spread <= 0) return { factor: 1, spread, runs: 0 };
  const prior = (betweenRuns / spread) ** 2;
  const shift = sum / (weight + prior);
  const left = Math.hypot((spread * Math.sqrt(prior)) / Math.sqrt(weight + prior), betweenRuns);
  return {
    factor: Math.exp(Math.max(-mostOfAll, Math.min(mostOfAll, shift))),
    spread: Math.min(spread, left),
    runs: count,
  };
}

/** True where a run's name is the device's, in any of its spellings. */
function isAccelerator({ name, aliases }: NonNullable<Plan['accelerator']>, asked: string): boolean {
  const plain = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(asked);
  return plain(name) === wanted || aliases.some((alias) => plain(alias) === wanted);
}

/** Own runs of a small JSON text, and why entries are left out. */
export interface OwnRuns {
  readonly runs: readonly OwnRun[];
  readonly problems: readonly string[];
}

/** Reads `[{ "accelerator", "stack"?, "step"?: { "predicted", "measured" }, "memory"?: { ... } }]`; bad entries are named and left out. */
export function readOwnRuns(text: string): OwnRuns {
  const value = parsed(text);
  if (!Array.isArray(value)) return { runs: [], problems: ['own runs are a list'] };
  const runs: OwnRun[] = [];
  const problems: string[] = [];
  for (const [at, entry] of value.entries()) {
    const run = ownRun(entry);
    if (typeof run === 'string') problems.push(`run ${at + 1}: ${run}`);
    else runs.push(run);
  }
  return { runs, problems };
}

function ownRun(entry: unknown): OwnRun | string {
  if (typeof entry !== 'object' || entry === null) return 'is no object';
  const { accelerator, stack, step, memory } = entry as Record<string, unknown>;
  if (typeof accelerator !== 'string' || accelerator === '') return 'names no accelerator';
  const pairs = { step: comparison(step), memory: comparison(memory) };
  if (!pairs.step && !pairs.memory) return 'has neither a step nor memory with what was predicted and measured';
  return {
    accelerator,
    ...(typeof stack === 'string' ? { stack: stack as Plan['stack'] } : {}),
    ...(pairs.step ? { step: pairs.step } : {}),
    ...(pairs.memory ? { memory: pairs.memory } : {}),
  };
}

function comparison(value: unknown): Comparison | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { predicted, measured } = value as Record<string, unknown>;
  const positive = (x: unknown): x is number => typeof x === 'number' && Number.isFinite(x) && x > 0;
  return positive(predicted) && positive(measured) ? { predicted, measured } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
