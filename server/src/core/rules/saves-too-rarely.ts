import { formatDuration, formatMoney } from '../units/format.ts';
import { percentOf } from './advice/advise.ts';
import { bandOf, phraseBand } from './advice/band.ts';
import { isDecided } from './advice/known.ts';
import { found, propose, statedPlace, statedValue, weigh } from './propose.ts';
import type { Rule } from './rule.ts';

/** Divisors of the interval that are tried. */
const divisors = [2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Checkpoints so far apart that an interruption costs hours. */
export const rule: Rule = {
  id: 'saves-too-rarely',
  meta: {
    title: 'Saves too rarely',
    severity: 'information',
    tags: ['waste'],
    why: 'Work since the last checkpoint is done again after every interruption. The more devices a run has, the more often one of them breaks; spot capacity is taken back within hours.',
    evidence:
      'Interruptions by device-hours (Llama 3: 419 in 54 days on 16,384 GPUs) and on spot (published traces: 0.7 to 10.5 hours between them), lost work by Daly 2006: docs/estimator-time.md. Reported only where even the kindest of these rates loses more than the threshold.',
    bad: 'save_steps: 20000   # 30 hours apart, 1,024 GPUs',
    good: 'save_steps: 500',
    threshold: { percent: 3, money: 20 },
  },
  check(view) {
    const every = statedValue(view, 'checkpoint.save_steps');
    const { interruption, cost, time } = view.estimate;
    const { percent = 0, money = 0 } = view.threshold ?? {};
    if (every === undefined || every < 2 || !interruption || !cost?.total || !time?.run || !isDecided(view)) return [];
    const least = interruption.lostShare.low;
    const lost = least * cost.total.micros.likely;
    if (least * 100 < percent || lost / 1e6 < money * (view.settings.exchangeRate ?? 1)) return [];
    const band = bandOf(view);
    if (band && every <= band.to) return [];
    const tried = divisors
      .map((by) => Math.max(1, Math.round(every / by)))
      .filter((value) => value < every && (!band || value >= band.from))
      .map((value) => ({ value, weighed: weigh(view, [{ name: 'checkpoint.save_steps', value }]) }))
      // A saving of lost work that costs more in stalls is none.
      .filter(({ weighed }) => (weighed.saving.timeShare ?? 0) < least / 4);
    const left = ({ weighed }: (typeof tried)[number]) => weighed.after.interruption?.lostShare.low ?? 1;
    const taken = tried.find((one) => left(one) * 100 < percent) ?? tried.filter((one) => left(one) < least / 2).at(-1);
    const span = statedPlace(view, 'checkpoint.save_steps');
    if (!span || !taken) return [];
    const changes = [{ name: 'checkpoint.save_steps', value: taken.value }] as const;
    const proposed = propose(view, { title: `Save every ${taken.value} steps`, changes, safe: true }, taken.weighed);
    const apart = formatDuration(every * time.step.likely);
    const amount = formatMoney({ currency: cost.total.currency, micros: lost });
    const message = `Saves ${apart} apart: at ${formatDuration(interruption.hoursBetween.high * 3600)} between interruptions or less, ${percentOf(least)} % of the run is done again, ${amount} or more.${phraseBand(band)}`;
    return found(rule, span, message, [proposed]);
  },
};
