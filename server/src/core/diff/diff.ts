import type { AnalyzedWorkload } from '../analyze.ts';
import { compareEstimates } from '../rules/compare.ts';
import type { Finding, Saving } from '../rules/rule.ts';
import type { WhatIfInput } from '../what-if.ts';
import { type Cause, causesOf } from './causes.ts';
import { type Pair, pairJobs } from './pair.ts';
import { type Totals, totalsOf } from './totals.ts';

/** How one job differs between two states of the files. */
export interface JobDiff extends Pair {
  readonly kind: 'changed' | 'added' | 'removed' | 'same';
  /** The state after against the one before; absent where one of them is not there. */
  readonly effect?: Saving;
  /** Facts that differ, the weightiest first. */
  readonly causes: readonly Cause[];
  readonly newFindings: readonly Finding[];
  readonly goneFindings: readonly Finding[];
}

/** Two states of a repository. */
export interface Diff {
  /** Changed, added and removed jobs; those that stay the same are counted only. */
  readonly jobs: readonly JobDiff[];
  readonly same: number;
  readonly before: Totals;
  readonly after: Totals;
}

/** The jobs of one state, with what a question about one of them needs. */
export interface State {
  readonly workloads: readonly AnalyzedWorkload[];
  worldOf(one: AnalyzedWorkload): WhatIfInput;
}

/** Compares two states. `renamed` leads from URIs before to URIs after. */
export function diffStates(before: State, after: State, renamed: ReadonlyMap<string, string>): Diff {
  const all = pairJobs(before.workloads, after.workloads, renamed).map((pair) => diffPair(pair, before));
  const order = ['changed', 'added', 'removed'];
  return {
    jobs: all
      .filter(({ kind }) => kind !== 'same')
      .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || movedBy(b) - movedBy(a)),
    same: all.filter(({ kind }) => kind === 'same').length,
    before: totalsOf(before.workloads),
    after: totalsOf(after.workloads),
  };
}

function diffPair(pair: Pair, state: State): JobDiff {
  const { before, after } = pair;
  const newFindings = without(after?.findings ?? [], before?.findings ?? []);
  const goneFindings = without(before?.findings ?? [], after?.findings ?? []);
  if (!before || !after) {
    return { ...pair, kind: after ? 'added' : 'removed', causes: [], newFindings, goneFindings };
  }
  const causes = causesOf(before, after, state.worldOf(before));
  const effect = compareEstimates(before.estimate, after.estimate);
  const same = causes.length === 0 && newFindings.length === 0 && goneFindings.length === 0;
  return { ...pair, kind: same ? 'same' : 'changed', effect, causes, newFindings, goneFindings };
}

/** Findings of one list that the other has not, by rule and severity: lines move and figures in messages change. */
function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(({ ruleId, severity }) => `${ruleId} ${severity}`));
  return findings.filter(({ ruleId, severity }) => !known.has(`${ruleId} ${severity}`));
}

function movedBy({ effect, before, after }: JobDiff): number {
  const sum = (one: AnalyzedWorkload | undefined) => one?.estimate.cost?.total?.micros.likely ?? 0;
  return Math.abs(effect?.cost?.micros.likely ?? sum(after) - sum(before));
}
