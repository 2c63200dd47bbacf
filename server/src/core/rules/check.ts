import { rules } from './index.ts';
import type { Finding, RuleView } from './rule.ts';

const severities = ['error', 'warning', 'information', 'hint'];

/** Every rule's findings on one job, the gravest first, then in the order of the text. */
export function checkRules(view: RuleView): readonly Finding[] {
  return rules
    .flatMap((rule) => rule.check(view))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.span.start - b.span.start);
}
