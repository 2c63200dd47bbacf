import type { RuleSetting, Settings, Silence } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import type { Checked } from './check.ts';

type Amounts = (amount: number) => number;

/** What the project file says of budgets and rules; a date that is none is named, and its line left out. */
export function policyOf(root: Checked, toDollars: Amounts, problems: Problem[]): Partial<Settings> {
  const rules = rulesOf(root.entries?.get('rules'), toDollars);
  const silences = (root.entries?.get('silence')?.items ?? []).flatMap((node) => silenceOf(node, problems));
  return {
    ...budgetOf(root.entries?.get('budget')),
    ...(Object.keys(rules).length > 0 && { rules }),
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

function rulesOf(node: Checked | undefined, toDollars: Amounts): Readonly<Record<string, RuleSetting>> {
  return Object.fromEntries(
    [...(node?.entries ?? [])].map(([id, rule]): [string, RuleSetting] => {
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
  if (until && !/^\d{4}-\d{2}-\d{2}$/.test(until.text ?? '')) {
    problems.push({ code: 'project-file', message: 'until must be a date such as 2027-01-31.', span: until.span });
    return [];
  }
  return [
    { rule, reason, ...(until?.text !== undefined && { until: until.text }), ...(file !== undefined && { file }) },
  ];
}
