import type { Catalog } from '../catalog/catalog.ts';
import type { Estimate } from '../estimate/estimate.ts';
import type { SpecChange } from '../readers/reader.ts';
import type { Settings } from '../settings.ts';
import type { Span, TextEdit } from '../source/span.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Workload } from '../workload/workload.ts';
import type { Saving, Severity } from './saving.ts';

export type { Saving, Severity } from './saving.ts';

/** Everything about a rule but its check; the rule's page is made from it. */
export interface RuleMeta {
  readonly title: string;
  readonly severity: Severity;
  readonly tags: readonly ('fit' | 'waste' | 'storage' | 'money')[];
  /** Two or three sentences: why it costs, with the evidence. */
  readonly why: string;
  readonly evidence: string;
  readonly bad: string;
  readonly good: string;
  /** From how much on the rule speaks; a project may set its own. */
  readonly threshold?: Threshold;
}

/** The least that makes a finding worth a word. */
export interface Threshold {
  /** Per cent of the cost, or of the time where the cost is not known; of the bytes kept for a rule on storage alone. */
  readonly percent?: number;
  /** Money of one run in US dollars, of one month for a rule on storage alone; holds only where the sum is known. */
  readonly money?: number;
}

export interface Fix {
  /** Verb, effect, price of it: "Use bf16: -49 % cost, -31 GiB; changes numerics". */
  readonly title: string;
  readonly changes: readonly SpecChange[];
  /** Cannot change the training result. */
  readonly safe: boolean;
  readonly saving: Saving;
  readonly edits: readonly TextEdit[];
  /** The first choice among several. */
  readonly preferred: boolean;
}

export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  readonly saving?: Saving;
  readonly fixes: readonly Fix[];
  /** Why a fix that would help cannot be written, in the user's words. */
  readonly refusals: readonly string[];
  readonly related: readonly { readonly span: Span; readonly message: string }[];
}

/** What a rule sees: the job as numbers and ways to ask "what if"; no text, no dialect. */
export interface RuleView {
  readonly workload: Workload;
  readonly spec: WorkloadSpec;
  readonly estimate: Estimate;
  readonly catalog: Catalog;
  readonly settings: Settings;
  /** What holds for the rule that is asked: its own threshold, or the project's. */
  readonly threshold?: Threshold;
  /** The same job with some facts changed, estimated by the same function. */
  reestimate(changes: readonly SpecChange[]): Estimate;
  /** The edits that make the change true in the files (in the one file, where it is named), or why it cannot be written. */
  edit(
    changes: readonly SpecChange[],
    uri?: string,
  ): { readonly edits: readonly TextEdit[] } | { readonly refused: string };
}

export interface Rule {
  readonly id: string;
  readonly meta: RuleMeta;
  check(view: RuleView): readonly Finding[];
}
