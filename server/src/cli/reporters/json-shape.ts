import type { Estimate } from '#core/estimate/estimate.ts';
import type { FactName } from '#core/facts/vocabulary.ts';
import type { Saving, Severity } from '#core/rules/saving.ts';
import type { MoneyInterval } from '#core/units/money.ts';
import type { Task } from '#core/workload/spec.ts';

/** What `--format json` prints of jobs. Fields are added; one that goes or changes its meaning raises `version`. */
export interface ReportJson {
  readonly version: 1;
  readonly workloads: readonly JobJson[];
  readonly totals: TotalsJson;
  /** What could not be read, and what is to be said of the tables. */
  readonly problems: readonly ProblemJson[];
}

/** Sums over the jobs, each counted once. */
export interface TotalsJson {
  readonly jobs: number;
  /** Over the jobs whose cost is known; absent where none is. */
  readonly cost?: MoneyInterval;
  readonly costKnown: number;
  /** Likely accelerator-hours of the jobs whose length is known. */
  readonly deviceHours?: number;
  /** Likely kilowatt-hours, likewise. */
  readonly energy?: number;
  /** An hour of everything that serves. */
  readonly servingPerHour?: MoneyInterval;
  readonly findings: Readonly<Record<Severity, number>>;
}

/** One job. */
export interface JobJson {
  readonly name: string;
  /** The path of its first file. */
  readonly main: string;
  /** Paths of all files that take part. */
  readonly files: readonly string[];
  readonly task: Task;
  /** "$412 (330-520) to train, 16.4 h on 8 x H100". */
  readonly answer: string;
  /** Whether it fits, in a few words. */
  readonly verdict: string;
  /** Every figure that could be worked out, as an 80 % interval in base units. */
  readonly estimate: Estimate;
  /** The figures as people read them. */
  readonly rows: readonly RowJson[];
  readonly notes: readonly string[];
  readonly assumptions: readonly string[];
  readonly findings: readonly FindingJson[];
}

export interface RowJson {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** What a rule says of a job. */
export interface FindingJson {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: PlaceJson;
  readonly saving: Saving;
  readonly fixes: readonly FixJson[];
  /** Why a fix that would help cannot be written. */
  readonly refusals: readonly string[];
}

/** A place in a text: line and column count from 1; a notebook's lines are those of the cell, and cells count from 0. */
export interface PlaceJson {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  readonly cell?: number;
}

export interface FixJson {
  readonly title: string;
  /** Cannot change the training result. */
  readonly safe: boolean;
  /** Facts and the values that they would have. */
  readonly changes: readonly { readonly name: FactName; readonly value: unknown }[];
  readonly saving: Saving;
}

export interface ProblemJson {
  readonly code: string;
  readonly message: string;
}
