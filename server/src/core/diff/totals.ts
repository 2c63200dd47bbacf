import type { AnalyzedWorkload } from '../analyze.ts';
import { distinctFindings } from '../rules/distinct.ts';
import type { Severity } from '../rules/rule.ts';
import { addMoney, type MoneyInterval } from '../units/money.ts';

/** Sums over the jobs of a repository; what is not known is counted, never taken as nothing. */
export interface Totals {
  readonly jobs: number;
  /** Over the jobs whose whole cost is known; absent where none is, or where currencies differ. */
  readonly cost?: MoneyInterval;
  readonly costKnown: number;
  /** Likely accelerator-hours of the jobs whose length is known. */
  readonly deviceHours?: number;
  /** Likely kilowatt-hours, likewise. */
  readonly energy?: number;
  /** An hour of everything that serves, where it is known. */
  readonly servingPerHour?: MoneyInterval;
  readonly findings: Readonly<Record<Severity, number>>;
}

/** Adds up some jobs, each counted once. */
export function totalsOf(workloads: readonly AnalyzedWorkload[]): Totals {
  const jobs = [...new Map(workloads.map((one) => [one.workload.id, one])).values()];
  const costs = jobs.flatMap(({ estimate }) => estimate.cost?.total ?? []);
  const serving = jobs.flatMap(({ spec, estimate }) =>
    spec.task === 'serving' && estimate.cost ? [estimate.cost.perHour] : [],
  );
  const hours = jobs.flatMap(({ estimate }) => estimate.time?.deviceHours?.likely ?? []);
  const energy = jobs.flatMap(({ estimate }) => estimate.energy?.energy.likely ?? []);
  const cost = addMoney(costs);
  const servingPerHour = addMoney(serving);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const found = distinctFindings(jobs.flatMap(({ findings }) => findings));
  const count = (severity: Severity) => found.filter((one) => one.severity === severity).length;
  return {
    jobs: jobs.length,
    ...(cost ? { cost } : {}),
    costKnown: costs.length,
    ...(hours.length > 0 ? { deviceHours: sum(hours) } : {}),
    ...(energy.length > 0 ? { energy: sum(energy) } : {}),
    ...(servingPerHour ? { servingPerHour } : {}),
    findings: {
      error: count('error'),
      warning: count('warning'),
      information: count('information'),
      hint: count('hint'),
    },
  };
}
