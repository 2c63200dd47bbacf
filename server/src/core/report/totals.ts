import type { AnalyzedWorkload } from '../analyze.ts';
import type { Severity } from '../rules/rule.ts';
import { formatMoneyInterval, formatNumber } from '../units/format.ts';
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
  const found = distinctFindings(jobs);
  const count = (severity: Severity) => found.filter((one) => one === severity).length;
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

function distinctFindings(jobs: readonly AnalyzedWorkload[]): readonly Severity[] {
  const all = jobs.flatMap(({ findings }) => findings);
  const marked = all.map(
    (one) => [`${one.ruleId} ${one.span.uri} ${one.span.start} ${one.message}`, one.severity] as const,
  );
  return [...new Map(marked).values()];
}

/** "12 jobs: $4,100 (2,900-6,000) for the 9 whose cost is known, 1,240 GPU-h; 2 errors, 5 warnings". */
export function phraseTotals({ jobs, cost, costKnown, deviceHours, servingPerHour, findings }: Totals): string {
  const some = costKnown === jobs ? '' : ` for the ${costKnown} whose cost is known`;
  const figures = [
    cost ? `${formatMoneyInterval(cost)}${some}` : 'cost unknown',
    ...(servingPerHour ? [`serving ${formatMoneyInterval(servingPerHour)}/h`] : []),
    ...(deviceHours === undefined ? [] : [`${formatNumber(deviceHours)} GPU-h`]),
  ];
  const counted = [plural(findings.error, 'error'), plural(findings.warning, 'warning')].filter((one) => one !== '');
  return `${plural(jobs, 'job')}: ${figures.join(', ')}${counted.length > 0 ? `; ${counted.join(', ')}` : ''}`;
}

function plural(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
