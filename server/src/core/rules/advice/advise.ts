import type { Span } from '../../source/span.ts';
import { formatMoneyInterval } from '../../units/format.ts';
import type { MoneyInterval } from '../../units/money.ts';
import { found, isWorth, type Proposal, propose, type Weighed, weigh } from '../propose.ts';
import type { Finding, Rule, RuleView, Saving } from '../rule.ts';

/** One change with the sentence that speaks for it. */
export interface Advice {
  readonly span: Span | undefined;
  readonly proposal: Proposal;
  /** The finding's message, from what the change brings. */
  say(weighed: Weighed): string;
  /** More that must hold of the outcome than the rule's threshold. */
  holds?(weighed: Weighed): boolean;
  /** Says nothing where no file can carry the change. */
  readonly onlyWithFix?: boolean;
}

/** A finding where a change saves as much as the rule's threshold asks. The estimate comes first: edits are written only for what is said. */
export function advise(view: RuleView, rule: Pick<Rule, 'id' | 'meta'>, advice: Advice): readonly Finding[] {
  const { span, proposal } = advice;
  if (!span) return [];
  const weighed = weigh(view, proposal.changes);
  if (!isWorth(view, weighed.saving) || advice.holds?.(weighed) === false) return [];
  const proposed = propose(view, proposal, weighed);
  if (advice.onlyWithFix && !proposed.fix) return [];
  return found(rule, span, advice.say(weighed), [proposed]);
}

/** What a change saves, in words: "22 % less time, $95 (80-110) less". */
export function describeGain(saving: Saving): string {
  const words: string[] = [];
  const { timeShare, cost } = saving;
  if (timeShare !== undefined && timeShare < 0) words.push(`${percentOf(timeShare)} % less time`);
  if (cost && cost.micros.likely < 0) words.push(`${formatMoneyInterval(amountSaved(cost))} less`);
  return words.join(', ');
}

/** A share as whole per cent, without its sign. */
export function percentOf(share: number): number {
  return Math.round(Math.abs(share) * 100);
}

/** The money that a change saves, as a positive amount. */
export function amountSaved({ currency, micros }: MoneyInterval): MoneyInterval {
  return { currency, micros: { low: -micros.high, likely: -micros.likely, high: -micros.low } };
}
