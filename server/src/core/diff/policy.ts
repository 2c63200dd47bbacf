import type { AnalyzedWorkload } from '../analyze.ts';
import type { Budget } from '../settings.ts';
import { formatMoney, formatShare } from '../units/format.ts';
import type { Diff, JobDiff } from './diff.ts';
import { totalsOf } from './totals.ts';

/** A rule of the project that a change breaks, in words, with the job that breaks it. */
export interface Breach {
  readonly message: string;
  readonly job?: JobDiff;
}

/** What the nearest project file allows a job. */
export type BudgetOf = (one: AnalyzedWorkload) => Budget | undefined;

/**
 * What the limits of the project files say of a change: the sum of the runs below each file, and how much dearer one may get.
 * Likely figures are held to them.
 */
export function breachesOf(diff: Diff, after: readonly AnalyzedWorkload[], budgetOf: BudgetOf): readonly Breach[] {
  return [...sumBreaches(after, budgetOf), ...increaseBreaches(diff, budgetOf)];
}

function sumBreaches(after: readonly AnalyzedWorkload[], budgetOf: BudgetOf): readonly Breach[] {
  const below = new Map<string, { readonly limit: number; readonly jobs: AnalyzedWorkload[] }>();
  for (const one of after) {
    const { perProject: limit, origin } = budgetOf(one) ?? {};
    if (limit === undefined) continue;
    const file = origin?.kind === 'setting' ? (origin.span?.uri ?? origin.key) : '';
    const known = below.get(file);
    if (known) known.jobs.push(one);
    else below.set(file, { limit, jobs: [one] });
  }
  return [...below.values()].flatMap(({ limit, jobs }) => {
    const { cost } = totalsOf(jobs);
    if (!cost || cost.micros.likely <= limit * 1e6) return [];
    const money = (micros: number) => formatMoney({ currency: cost.currency, micros });
    return [
      {
        message: `the runs of the project come to ${money(cost.micros.likely)}; its budget is ${money(limit * 1e6)}`,
      },
    ];
  });
}

function increaseBreaches({ jobs }: Diff, budgetOf: BudgetOf): readonly Breach[] {
  return jobs.flatMap((job) => {
    const most = job.after && budgetOf(job.after)?.increasePercent;
    const share = job.effect?.costShare;
    if (most === undefined || share === undefined || share * 100 <= most) return [];
    return [{ message: `${formatShare(share)} cost; at most +${most} % is allowed in one change`, job }];
  });
}
