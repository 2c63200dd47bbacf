import type { FactName } from '../facts/vocabulary.ts';
import type { SpecChange } from '../readers/reader.ts';
import type { Span } from '../source/span.ts';
import { spanOf } from '../source/traced.ts';
import { compareEstimates, phraseSaving } from './compare.ts';
import type { Fix, RuleView, Saving } from './rule.ts';

/** A change that a rule wants to offer. */
export interface Proposal {
  /** Verb first, without its effect: "Recompute activations". */
  readonly title: string;
  readonly changes: readonly SpecChange[];
  readonly safe: boolean;
  /** What else the user must know: "changes numerics". */
  readonly effect?: string;
}

/** A proposal worked out: what it brings, and its edits or why there are none. */
export interface Proposed {
  readonly saving: Saving;
  readonly fits: boolean;
  readonly fix?: Omit<Fix, 'preferred'>;
  readonly refused?: string;
}

/** Estimates a proposal and writes its edits; the saving stands in the title. */
export function propose(view: RuleView, proposal: Proposal): Proposed {
  const after = view.reestimate(proposal.changes);
  const saving = compareEstimates(view.estimate, after);
  const fits = after.memory?.fits === 'yes' || after.memory?.fits === 'tight';
  const result = view.edit(proposal.changes);
  if ('refused' in result) return { saving, fits, refused: `${proposal.title}: ${result.refused}` };
  if (result.edits.length === 0) return { saving, fits };
  const words = phraseSaving(saving);
  const title = [proposal.title, words ? `: ${words}` : '', proposal.effect ? `; ${proposal.effect}` : ''].join('');
  return { saving, fits, fix: { title, changes: proposal.changes, safe: proposal.safe, saving, edits: result.edits } };
}

/** The place of the first of some facts that stands in the text, else the job's own place. */
export function placeOfFact(view: RuleView, ...names: readonly FactName[]): Span | undefined {
  for (const name of names) {
    const fact = view.workload.facts.find((one) => one.name === name && one.origin.kind === 'code');
    if (fact) return spanOf(fact.origin);
  }
  return view.workload.anchors[0];
}
