import type { Settings } from '../settings.ts';
import { formatMoney, formatShare } from '../units/format.ts';
import type { Diff, JobDiff } from './diff.ts';

/** A rule of the project that a change breaks, in words, with the job that breaks it. */
export interface Breach {
  readonly message: string;
  readonly job?: JobDiff;
}

/** What a project's limits say of a change: the sum of its runs, and how much dearer one may get. Likely figures are held to them. */
export function breachesOf(diff: Diff, settings: Settings, settingsOf: (job: JobDiff) => Settings): readonly Breach[] {
  const breaches: Breach[] = [];
  const total = diff.after.cost;
  const limit = settings.budget?.perProject;
  if (limit !== undefined && total && total.micros.likely > limit * 1e6) {
    const money = (micros: number) => formatMoney({ currency: total.currency, micros });
    breaches.push({
      message: `the runs of the project come to ${money(total.micros.likely)}; its budget is ${money(limit * 1e6)}`,
    });
  }
  for (const job of diff.jobs) {
    const most = settingsOf(job).budget?.increasePercent;
    const share = job.effect?.costShare;
    if (most !== undefined && share !== undefined && share * 100 > most) {
      breaches.push({ message: `${formatShare(share)} cost; at most +${most} % is allowed in one change`, job });
    }
  }
  return breaches;
}
