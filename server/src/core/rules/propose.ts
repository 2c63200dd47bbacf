import type { Estimate } from '../estimate/estimate.ts';
import type { FactName, FactValues } from '../facts/vocabulary.ts';
import type { SpecChange } from '../readers/reader.ts';
import { once } from '../source/once.ts';
import type { Span } from '../source/span.ts';
import { spanOf } from '../source/traced.ts';
import { compareEstimates, phraseSaving } from './compare.ts';
import { lazyFinding } from './lazy.ts';
import type { Finding, Fix, Rule, RuleView, Saving } from './rule.ts';

/** A change that a rule wants to offer. */
export interface Proposal {
  /** Verb first, without its effect: "Recompute activations". */
  readonly title: string;
  readonly changes: readonly SpecChange[];
  readonly safe: boolean;
  /** What else the user must know: "changes numerics". */
  readonly effect?: string;
  /** Not worth a word where no file can carry it. */
  readonly optional?: boolean;
  /** What is written where the change is another fact in the file that has to change. */
  readonly written?: { readonly changes: readonly SpecChange[]; readonly uri: string };
}

/** What a change would bring. */
export interface Weighed {
  readonly after: Estimate;
  readonly saving: Saving;
  readonly fits: boolean;
}

/** A proposal worked out: what it brings, and its edits or why there are none, which are written when they are first asked for. */
export interface Proposed extends Weighed {
  readonly fix: Omit<Fix, 'preferred'> | undefined;
  readonly refused: string | undefined;
}

/** Estimates the job with a change; no edit is written yet. */
export function weigh(view: RuleView, changes: readonly SpecChange[]): Weighed {
  const after = view.reestimate(changes);
  const fits = after.memory?.fits === 'yes' || after.memory?.fits === 'tight';
  return { after, saving: compareEstimates(view.estimate, after), fits };
}

/** Estimates a proposal; the saving stands in the title. Its edits are written once, and only where somebody asks for them. */
export function propose(view: RuleView, proposal: Proposal, weighed?: Weighed): Proposed {
  const { after, saving, fits } = weighed ?? weigh(view, proposal.changes);
  const written = once(() => writeFix(view, proposal, saving));
  return {
    after,
    saving,
    fits,
    get fix() {
      return written().fix;
    },
    get refused() {
      return written().refused;
    },
  };
}

function writeFix(view: RuleView, proposal: Proposal, saving: Saving): Pick<Proposed, 'fix' | 'refused'> {
  const { written } = proposal;
  const result = written ? view.edit(written.changes, written.uri) : view.edit(proposal.changes);
  if ('refused' in result)
    return { fix: undefined, refused: proposal.optional ? undefined : `${proposal.title}: ${result.refused}` };
  if (result.edits.length === 0) return { fix: undefined, refused: undefined };
  const words = phraseSaving(saving);
  const title = [proposal.title, words ? `: ${words}` : '', proposal.effect ? `; ${proposal.effect}` : ''].join('');
  const fix = { title, changes: proposal.changes, safe: proposal.safe, saving, edits: result.edits };
  return { fix, refused: undefined };
}

/** True where a saving is as large as the rule's threshold asks: in per cent, and in money where the sum is known. */
export function isWorth(view: RuleView, saving: Saving): boolean {
  const { percent = 0, money = 0 } = view.threshold ?? {};
  const share = -(saving.costShare ?? saving.timeShare ?? 0);
  if (share <= 0 || share * 100 < percent) return false;
  if (!saving.cost) return true;
  return -saving.cost.micros.likely / 1e6 >= money * (view.settings.exchangeRate ?? 1);
}

/** True where the change is cheaper at every point of the range: list prices of two cards differ by seller and move apart. */
export function isSurelyCheaper({ cost }: Saving): boolean {
  return cost !== undefined && cost.micros.high < 0;
}

/** A finding of a rule with the proposals that were worked out for it; the first fix is preferred. */
export function found(
  rule: Pick<Rule, 'id' | 'meta'>,
  span: Span,
  message: string,
  proposed: readonly Proposed[],
  more: Partial<Pick<Finding, 'related' | 'severity' | 'saving'>> = {},
): readonly Finding[] {
  const [first] = proposed;
  const base = {
    ruleId: rule.id,
    severity: rule.meta.severity,
    span,
    message,
    ...(first ? { saving: first.saving } : {}),
    related: [],
    ...more,
  };
  const remedies = () => ({
    fixes: proposed
      .flatMap(({ fix }) => (fix ? [fix] : []))
      .map((fix, index): Fix => ({ ...fix, preferred: index === 0 })),
    refusals: proposed.flatMap(({ refused }) => (refused === undefined ? [] : [refused])),
  });
  return [lazyFinding(base, remedies)];
}

/** The value of a fact that a file states; undefined for defaults, assumptions and what is open. */
export function statedValue<N extends FactName>(view: RuleView, name: N): FactValues[N] | undefined {
  const fact = view.workload.facts.find((one) => one.name === name);
  return fact?.origin.kind === 'code' ? (fact.value as FactValues[N]) : undefined;
}

/** The value of a fact that a file states or a framework's default gives. */
export function factValueOf<N extends FactName>(view: RuleView, name: N): FactValues[N] | undefined {
  return view.workload.facts.find((one) => one.name === name)?.value as FactValues[N] | undefined;
}

/** The place of the first of some facts that stands in the text. */
export function statedPlace(view: RuleView, ...names: readonly FactName[]): Span | undefined {
  for (const name of names) {
    const fact = view.workload.facts.find((one) => one.name === name && one.origin.kind === 'code');
    if (fact) return spanOf(fact.origin);
  }
  return undefined;
}

/** The place of the first of some facts that stands in the text, else the job's own place. */
export function placeOfFact(view: RuleView, ...names: readonly FactName[]): Span | undefined {
  return statedPlace(view, ...names) ?? view.workload.anchors[0];
}
