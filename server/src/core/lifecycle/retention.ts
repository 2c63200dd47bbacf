import type { StoredCheckpoint, StoredRun } from './stored.ts';

/** How many whole saves are kept, newest first; the best and the one that a run resumes from stay besides. */
export interface RetentionPolicy {
  readonly keepLast: number;
}

/** Why a save stays. */
export type KeepReason =
  | 'resumes from it'
  | 'best'
  | 'among the newest'
  | 'may be under way'
  | 'it cannot be told apart';

/** What becomes of each save of a run under a policy. Nothing is done: this is a list to read. */
export interface RetentionPlan {
  readonly run: StoredRun;
  readonly kept: readonly { readonly save: StoredCheckpoint; readonly why: KeepReason }[];
  readonly mayGo: readonly StoredCheckpoint[];
  readonly bytesKept: number;
  readonly bytesFreed: number;
  /** Why nothing at all may go. */
  readonly held?: string;
}

/** Sorts the saves of a run into those that stay and those that may go. What is in doubt stays. */
export function planRetention(run: StoredRun, { keepLast }: RetentionPolicy): RetentionPlan {
  const held = heldBy(run);
  const whole = run.checkpoints.filter(({ incomplete }) => incomplete === undefined);
  const newest = new Set(whole.slice(-Math.max(1, Math.floor(keepLast))).map(({ path }) => path));
  const lastWhole = whole.at(-1);
  const after = lastWhole ? run.checkpoints.indexOf(lastWhole) : -1;
  const kept: { save: StoredCheckpoint; why: KeepReason }[] = [];
  const mayGo: StoredCheckpoint[] = [];
  run.checkpoints.forEach((save, at) => {
    const why = ((): KeepReason | undefined => {
      if (save.path === run.resume) return 'resumes from it';
      if (typeof run.best === 'object' && save.path === run.best.path) return 'best';
      if (newest.has(save.path)) return 'among the newest';
      if (save.incomplete !== undefined && at > after) return 'may be under way';
      return held === undefined && save.order !== undefined ? undefined : 'it cannot be told apart';
    })();
    if (why === undefined) mayGo.push(save);
    else kept.push({ save, why });
  });
  const sum = (saves: readonly StoredCheckpoint[]) => saves.reduce((total, { bytes }) => total + bytes, 0);
  return {
    run,
    kept,
    mayGo,
    bytesKept: sum(kept.map(({ save }) => save)),
    bytesFreed: sum(mayGo),
    ...(held === undefined ? {} : { held }),
  };
}

function heldBy({ best, problems, checkpoints }: StoredRun): string | undefined {
  const [first] = problems;
  if (first !== undefined) return first;
  if (best === 'unknown') return 'which save is the best cannot be read';
  return checkpoints.some(({ incomplete }) => incomplete === undefined) ? undefined : 'no save is whole';
}
