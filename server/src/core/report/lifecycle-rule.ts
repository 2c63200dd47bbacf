import type { LifecycleCost } from '../lifecycle/lifecycle-cost.ts';
import type { LifecycleRule } from '../lifecycle/lifecycle-rule.ts';
import { formatMoney } from '../units/format.ts';
import { money } from '../units/money.ts';

/** "ckpt/: to STANDARD_IA after 30 d, deleted after 90 d". */
export function phraseRule({ name, prefixes, moves, expireAfterDays, narrowed }: LifecycleRule): string {
  const where = prefixes.map((one) => (one === '' ? 'all objects' : one)).join(', ') || 'some objects';
  const acts = [
    ...moves.map(({ afterDays, tier }) => `to ${tier} after ${afterDays} d`),
    ...(expireAfterDays === undefined ? [] : [`deleted after ${expireAfterDays} d`]),
  ];
  const only = narrowed === undefined ? '' : ` (only some: ${narrowed})`;
  return `${name === undefined ? '' : `${name}: `}${where}: ${acts.join(', ') || 'nothing'}${only}`;
}

/** What keeping comes to with rules and without. */
export interface RuleCost {
  readonly with: LifecycleCost;
  readonly without: LifecycleCost;
}

/** What keeping comes to with the rules and without, by class, in lines. */
export function describeRuleCost({ with: with_, without }: RuleCost): readonly string[] {
  const dollars = (amount: number) => (amount === 0 ? '$0' : formatMoney(money(amount)));
  const saved = without.dollars - with_.dollars;
  const parts = with_.parts.map(({ label, dollars: amount }) => `${label} ${dollars(amount)}`).join(', ');
  return [
    `${dollars(with_.dollars)} with, ${dollars(without.dollars)} without: ${saved >= 0 ? `${dollars(saved)} less` : `${dollars(-saved)} more`}`,
    ...(parts === '' ? [] : [parts]),
    ...with_.unpriced.map((what) => `no price is known of ${what}: left out`),
  ];
}
