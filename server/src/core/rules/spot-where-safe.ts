import { formatMoney } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { percentOf } from './advice/advise.ts';
import { isDecided } from './advice/known.ts';
import { factValueOf, found, propose, statedPlace, weigh } from './propose.ts';
import type { Rule } from './rule.ts';

/** On-demand capacity for a run that saves and resumes by itself. */
export const rule: Rule = {
  id: 'spot-where-safe',
  meta: {
    title: 'Spot would be safe and cheaper',
    severity: 'information',
    tags: ['money'],
    why: 'A run that saves often and goes on from its last checkpoint loses minutes when its machine is taken back. Spot capacity of the same machine costs a half to a tenth; what is done again is in the figure.',
    evidence:
      'Spot prices with their dates as in pricing-data; hours between preemptions from published traces of single nodes, lost work by Daly 2006. Reported only for one node, where the files say that the run saves and resumes.',
    bad: 'use_spot: false\nauto_resume_from_checkpoints: true',
    good: 'use_spot: true\nauto_resume_from_checkpoints: true',
    threshold: { percent: 20, money: 20 },
  },
  check(view) {
    const { spec, estimate } = view;
    if (likely(spec.resources.priceKind) !== 'on-demand' || !isDecided(view) || !estimate.cost?.total) return [];
    if (factValueOf(view, 'checkpoint.resume') !== true || spec.checkpoint?.everySteps === undefined) return [];
    const span = statedPlace(view, 'hardware.spot', 'hardware.accelerator', 'hardware.instance_type');
    const changes = [{ name: 'hardware.spot', value: true }] as const;
    const weighed = weigh(view, changes);
    const { cost, interruption } = weighed.after;
    if (!span || !cost?.total || !interruption || cost.kind !== 'spot') return [];
    // What is done again is paid at the spot price too.
    const whole = cost.total.micros.likely * (1 + interruption.lostShare.likely);
    const saved = estimate.cost.total.micros.likely - whole;
    const share = saved / estimate.cost.total.micros.likely;
    const { percent = 0, money = 0 } = view.threshold ?? {};
    if (share * 100 < percent || saved / 1e6 < money * (view.settings.exchangeRate ?? 1)) return [];
    const effect = `${percentOf(interruption.lostShare.likely)} % more time for interruptions`;
    const proposed = propose(view, { title: 'Use spot capacity', changes, safe: false, effect }, weighed);
    if (!proposed.fix) return [];
    const amount = formatMoney({ currency: cost.total.currency, micros: saved });
    const message = `The run saves and resumes by itself: on spot it costs ${amount} less, steps done again included.`;
    return found(rule, span, message, [proposed]);
  },
};
