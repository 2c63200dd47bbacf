import type { AnalyzedWorkload } from '../analyze.ts';
import { estimateWorkload } from '../estimate/index.ts';
import { type Fact, sameValue } from '../facts/fact.ts';
import type { FactName, FactValue } from '../facts/vocabulary.ts';
import { compareEstimates } from '../rules/compare.ts';
import type { Saving } from '../rules/rule.ts';
import type { WhatIfInput } from '../what-if.ts';
import { resolveSpec } from '../workload/resolve.ts';

/** One fact that differs, and what it alone does to the figures of the state before. */
export interface Cause {
  readonly name: FactName;
  /** Absent where the fact was not stated. */
  readonly before?: FactValue;
  readonly after?: FactValue;
  /** The state before with this one fact as it is after, against the state before. */
  readonly effect: Saving;
}

/** The facts that differ between two states of a job, the ones that move the figures most first. */
export function causesOf(before: AnalyzedWorkload, after: AnalyzedWorkload, world: WhatIfInput): readonly Cause[] {
  const old = new Map(before.workload.facts.map((fact) => [fact.name, fact]));
  const next = new Map(after.workload.facts.map((fact) => [fact.name, fact]));
  const causes: Cause[] = [];
  for (const name of new Set([...old.keys(), ...next.keys()])) {
    const [was, is] = [old.get(name), next.get(name)];
    if (was && is && sameValue(was.value, is.value)) continue;
    const facts: readonly Fact[] = [...before.workload.facts.filter((fact) => fact.name !== name), ...(is ? [is] : [])];
    const open = before.workload.open.filter((fact) => fact.name !== name);
    const spec = resolveSpec({ ...before.workload, facts, open }, world.catalog, world.settings);
    const estimate = estimateWorkload(spec, world.catalog, world.settings);
    causes.push({
      name,
      ...(was ? { before: was.value } : {}),
      ...(is ? { after: is.value } : {}),
      effect: compareEstimates(before.estimate, estimate),
    });
  }
  return causes.sort((a, b) => weightOf(b.effect) - weightOf(a.effect));
}

function weightOf({ costShare, timeShare, memoryBytes, storageBytes }: Saving): number {
  const bytes = Math.abs(memoryBytes?.likely ?? 0) / 1e12 + Math.abs(storageBytes?.likely ?? 0) / 1e16;
  return Math.max(Math.abs(costShare ?? 0), Math.abs(timeShare ?? 0)) + bytes;
}
