import type { AnalyzedWorkload } from '../analyze.ts';

/** One job in two states of the files; absent where it is not there. */
export interface Pair {
  readonly before?: AnalyzedWorkload;
  readonly after?: AnalyzedWorkload;
}

/**
 * Finds each job of one state in the other: by main file and name, renamed files followed; then, where a file states one job
 * before and one after, by the file alone. What is left came or went.
 */
export function pairJobs(
  before: readonly AnalyzedWorkload[],
  after: readonly AnalyzedWorkload[],
  renamed: ReadonlyMap<string, string>,
): readonly Pair[] {
  const pairs: Pair[] = [];
  const left = new Set(before);
  const right = new Set(after);
  const take = (key: (one: AnalyzedWorkload, uri: string) => string) => {
    const known = grouped([...left], (one) => key(one, renamed.get(one.workload.main) ?? one.workload.main));
    const found = grouped([...right], (one) => key(one, one.workload.main));
    for (const [mark, ones] of found) {
      const [b, ...moreB] = known.get(mark) ?? [];
      const [a, ...moreA] = ones;
      if (!a || !b || moreA.length > 0 || moreB.length > 0) continue;
      pairs.push({ before: b, after: a });
      left.delete(b);
      right.delete(a);
    }
  };
  take(({ workload }, uri) => `${uri}\n${workload.name}`);
  take((_, uri) => uri);
  return [...pairs, ...[...right].map((one) => ({ after: one })), ...[...left].map((one) => ({ before: one }))];
}

function grouped<T>(all: readonly T[], key: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
