import { clusteringOf, type Run } from './clustering.ts';

/** What a scheduler's log tells of interruptions. */
export interface AttemptSummary {
  /** Attempts that ran at all. */
  readonly attempts: number;
  readonly hours: number;
  /** Attempts that something other than the program ended. */
  readonly interruptions: number;
  /** How much more they scatter than without memory, the rows taken one after another (`clusteringOf`). */
  readonly clustering: number;
}

/** States in which Slurm records that the machine or the scheduler ended a job; a limit, a cancel or a crash of its own is no failure. */
const interrupted = /^(?:NODE_FAIL|PREEMPTED|BOOT_FAIL|REQUEUED|REVOKED)\b/;

/**
 * Sums up `sacct -D -P --format=JobID,State,Elapsed` (more columns do no harm): one row an attempt, steps (`12.batch`) left
 * out. A reason where the text is no such table.
 */
export function readAttempts(text: string): AttemptSummary | { readonly reason: string } {
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = (header ?? '').split('|').map((name) => name.trim().toLowerCase());
  const place = (...names: readonly string[]) => columns.findIndex((name) => names.includes(name));
  const [id, state, elapsed, raw] = [place('jobid', 'jobidraw'), place('state'), place('elapsed'), place('elapsedraw')];
  if (id < 0 || state < 0 || (elapsed < 0 && raw < 0))
    return { reason: 'it has no columns JobID, State and Elapsed (sacct -D -P --format=JobID,State,Elapsed)' };
  const runs: Run[] = [];
  for (const line of lines) {
    const cells = line.split('|');
    if (cells[id]?.includes('.')) continue;
    const seconds = raw >= 0 ? Number(cells[raw]) : slurmSeconds(cells[elapsed] ?? '');
    if (seconds === undefined || !(seconds > 0)) continue;
    runs.push({ length: seconds / 3600, interrupted: interrupted.test(cells[state] ?? '') });
  }
  return {
    attempts: runs.length,
    hours: runs.reduce((sum, { length }) => sum + length, 0),
    interruptions: runs.filter((run) => run.interrupted).length,
    clustering: clusteringOf(runs),
  };
}

/** `[D-]HH:MM:SS` in seconds. */
function slurmSeconds(text: string): number | undefined {
  const [, days, hours, minutes, seconds] = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)(?:\.\d+)?$/.exec(text) ?? [];
  if (minutes === undefined) return undefined;
  return ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes)) * 60 + Number(seconds);
}
