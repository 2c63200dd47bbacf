import { rules } from '../rules/index.ts';
import type { RuleSetting, Settings, Silence } from '../settings.ts';
import { nearestWords } from '../source/nearest.ts';
import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';
import type { Checked } from './check.ts';

type Amounts = (amount: number) => number;

/** What the project file says of budgets and rules; a date that is none is named, and its line left out. */
export function policyOf(root: Checked, toDollars: Amounts, problems: Problem[]): Partial<Settings> {
  const settings = rulesOf(root.entries?.get('rules'), toDollars, problems);
  const silences = (root.entries?.get('silence')?.items ?? []).flatMap((node) => silenceOf(node, problems));
  return {
    ...budgetOf(root.entries?.get('budget')),
    ...(Object.keys(settings).length > 0 && { rules: settings }),
    ...(silences.length > 0 && { silences }),
  };
}

function budgetOf(node: Checked | undefined): Pick<Settings, 'budget'> {
  const limit = (key: string) => node?.entries?.get(key)?.number;
  const [perRun, perHour] = [limit('per_run'), limit('per_hour')];
  const [perProject, increasePercent] = [limit('per_project'), limit('increase_percent')];
  if (!node || [perRun, perHour, perProject, increasePercent].every((one) => one === undefined)) return {};
  return {
    budget: {
      ...(perRun !== undefined && { perRun }),
      ...(perHour !== undefined && { perHour }),
      ...(perProject !== undefined && { perProject }),
      ...(increasePercent !== undefined && { increasePercent }),
      origin: { kind: 'setting', key: 'flopwise.yaml budget', span: node.span },
    },
  };
}

function rulesOf(
  node: Checked | undefined,
  toDollars: Amounts,
  problems: Problem[],
): Readonly<Record<string, RuleSetting>> {
  return Object.fromEntries(
    [...(node?.entries ?? [])].map(([id, rule]): [string, RuleSetting] => {
      checkRule(id, rule.keySpan ?? rule.span, problems);
      const severity = rule.entries?.get('severity')?.text as RuleSetting['severity'];
      const percent = rule.entries?.get('min_percent')?.number;
      const money = rule.entries?.get('min_saving')?.number;
      return [
        id,
        {
          ...(severity !== undefined && { severity }),
          ...(percent !== undefined && { percent }),
          ...(money !== undefined && { money: toDollars(money) }),
        },
      ];
    }),
  );
}

function silenceOf(node: Checked, problems: Problem[]): readonly Silence[] {
  const rule = node.entries?.get('rule')?.text;
  const reason = node.entries?.get('reason')?.text;
  const until = node.entries?.get('until');
  const file = node.entries?.get('file')?.text;
  if (rule === undefined || reason === undefined) return [];
  checkRule(rule, node.entries?.get('rule')?.span ?? node.span, problems);
  if (until && !/^\d{4}-\d{2}-\d{2}$/.test(until.text ?? '')) {
    problems.push({ code: 'project-file', message: 'until must be a date such as 2027-01-31.', span: until.span });
    return [];
  }
  return [
    { rule, reason, ...(until?.text !== undefined && { until: until.text }), ...(file !== undefined && { file }) },
  ];
}

/** Names a rule that is not there; what is said of it stays, for a release that has it. */
function checkRule(id: string, span: Span, problems: Problem[]): void {
  const ids = rules.map((rule) => rule.id);
  if (ids.includes(id)) return;
  const near = nearestWords(id, ids, 2);
  const like = near.length > 0 ? ` (did you mean ${near.join(' or ')}?)` : '';
  problems.push({ code: 'project-file', message: `There is no rule ${id}${like}.`, span });
}
