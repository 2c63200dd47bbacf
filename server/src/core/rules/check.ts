import { rules } from './index.ts';
import { changeFinding } from './lazy.ts';
import type { Finding, Rule, RuleView } from './rule.ts';

const severities = ['error', 'warning', 'information', 'hint'];

/** Every rule's findings on one job, the gravest first, then in the order of the text; each rule with the project's word on it. */
export function checkRules(view: RuleView): readonly Finding[] {
  return rules
    .flatMap((rule) => checkRule(rule, view))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.span.start - b.span.start);
}

function checkRule(rule: Rule, view: RuleView): readonly Finding[] {
  const own = view.settings.rules?.[rule.id];
  const severity = own?.severity;
  if (severity === 'off') return [];
  const threshold = { ...rule.meta.threshold, ...own };
  const found = rule.check({ ...view, threshold });
  return severity === undefined ? found : found.map((finding) => changeFinding(finding, { severity }));
}
