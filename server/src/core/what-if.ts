import type { Catalog } from './catalog/catalog.ts';
import { editWorkload } from './edit.ts';
import type { Estimate } from './estimate/estimate.ts';
import { estimateWorkload } from './estimate/index.ts';
import type { Fact } from './facts/fact.ts';
import type { ReadContext, SpecChange } from './readers/reader.ts';
import type { RuleView } from './rules/rule.ts';
import type { Settings } from './settings.ts';
import type { SourceFile } from './source/source-file.ts';
import { resolveSpec } from './workload/resolve.ts';
import type { Workload } from './workload/workload.ts';

/** What is needed to ask "what if" of one job. */
export interface WhatIfInput {
  readonly workload: Workload;
  readonly catalog: Catalog;
  readonly settings: Settings;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly context: ReadContext;
}

/** The job with some facts changed: the same facts through the same resolution, so that a saving is never a formula of its own. */
export function changeWorkload(workload: Workload, changes: readonly SpecChange[]): Workload {
  const names = new Set(changes.map((change) => change.name));
  const set = changes.map((change) => {
    const before = workload.facts.find((fact) => fact.name === change.name);
    return { ...change, origin: before?.origin ?? { kind: 'setting', key: 'what-if' } } as Fact;
  });
  return {
    ...workload,
    facts: [...set, ...workload.facts.filter((fact) => !names.has(fact.name))],
    open: workload.open.filter((fact) => !names.has(fact.name)),
  };
}

/** The two questions that a rule may ask: what would it cost, and which edit does it. */
export function whatIfs(input: WhatIfInput): Pick<RuleView, 'reestimate' | 'edit'> {
  const { workload, catalog, settings, files, context } = input;
  // Several rules ask the same of one job, each on every keystroke.
  const known = new Map<string, Estimate>();
  return {
    reestimate(changes) {
      const key = JSON.stringify(changes);
      const before = known.get(key);
      if (before) return before;
      const spec = resolveSpec(changeWorkload(workload, changes), catalog, settings);
      const estimate = estimateWorkload(spec, catalog, settings);
      known.set(key, estimate);
      return estimate;
    },
    edit: (changes, uri) => editWorkload(workload, changes, files, context, uri),
  };
}
