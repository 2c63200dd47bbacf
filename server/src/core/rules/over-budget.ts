import { spanOf } from '../source/traced.ts';
import { formatMoney, formatMoneyInterval } from '../units/format.ts';
import type { MoneyInterval } from '../units/money.ts';
import type { Finding, Rule, RuleView } from './rule.ts';

/** A job that costs more than the project allows. */
export const rule: Rule = {
  id: 'over-budget',
  meta: {
    title: 'Over the budget',
    severity: 'error',
    tags: ['money'],
    why: 'The project states in flopwise.yaml what one run, or an hour of one job, may cost. An error where even the low end of the estimate is more; a warning where the likely figure is.',
    evidence: 'The project’s own limit, against the estimate with the price and its date as the report shows them.',
    bad: 'budget: {per_run: 500}   # flopwise.yaml; the run costs $740 (610-880)',
    good: 'budget: {per_run: 500}   # a cheaper configuration, or a larger budget that somebody decided',
  },
  check(view) {
    const { settings, estimate } = view;
    const { budget } = settings;
    const span = view.workload.anchors[0];
    if (!budget || !estimate.cost || !span) return [];
    const { total, perHour } = estimate.cost;
    return [
      ...over(view, total, budget.perRun, 'The run costs'),
      ...over(view, perHour, budget.perHour, 'An hour of the job costs'),
    ];
  },
};

function over(
  view: RuleView,
  cost: MoneyInterval | undefined,
  limit: number | undefined,
  words: string,
): readonly Finding[] {
  const { settings, workload } = view;
  const span = workload.anchors[0];
  if (!cost || limit === undefined || !span || cost.currency !== settings.currency) return [];
  if (cost.micros.likely <= limit * 1e6) return [];
  const certain = cost.micros.low > limit * 1e6;
  const allowed = formatMoney({ currency: cost.currency, micros: limit * 1e6 });
  const place = settings.budget && spanOf(settings.budget.origin);
  return [
    {
      ruleId: rule.id,
      severity: certain ? 'error' : 'warning',
      span,
      message: `${words} ${formatMoneyInterval(cost)}, the budget allows ${allowed}.`,
      fixes: [],
      refusals: [],
      related: place ? [{ span: place, message: `The budget: ${allowed}.` }] : [],
    },
  ];
}
