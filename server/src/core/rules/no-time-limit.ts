import { formatDurationInterval, formatMoneyInterval } from '../units/format.ts';
import { trains } from './advice/known.ts';
import { hoursAtMost } from './advice/place.ts';
import { found, placeOfFact, propose } from './propose.ts';
import type { Rule } from './rule.ts';

/** A limit this many times the high end of the estimate never cuts a run that works. */
const spare = 1.5;

/** Hours of the longest limit that is offered: thirty days. */
const longest = 720;

/** A job that may run, and be billed, without end. */
export const rule: Rule = {
  id: 'no-time-limit',
  meta: {
    title: 'No time limit',
    severity: 'information',
    tags: ['money'],
    why: 'A run that hangs in a collective or waits for data computes nothing and is billed all the same, until somebody looks. A limit well above the estimate costs nothing and bounds the bill; schedulers also fit jobs with a limit into gaps.',
    evidence:
      'Of 63 batch scripts of one vendor’s public examples four state a limit. Reported only where the length of the run is known and the job format takes a limit; the limit offered is one and a half times the high end of the estimate.',
    bad: '#SBATCH --gres=gpu:8',
    good: '#SBATCH --gres=gpu:8\n#SBATCH --time=18:00:00',
    threshold: { money: 20 },
  },
  check(view) {
    const { workload, estimate } = view;
    const told = [...workload.facts, ...workload.open].some(({ name }) => name === 'hardware.time_limit_hours');
    const most = hoursAtMost(view);
    const { cost, time } = estimate;
    if (told || most === undefined || !time?.run || !cost?.total || !trains(view)) return [];
    if (cost.total.micros.likely / 1e6 < (view.threshold?.money ?? 0) * (view.settings.exchangeRate ?? 1)) return [];
    const span = placeOfFact(view, 'hardware.gpus_per_node', 'hardware.accelerator', 'hardware.instance_type');
    if (!span) return [];
    const limit = roundUp(most * spare);
    // No scheduler takes such a limit, and no such run is one job.
    if (limit > longest) return [];
    const changes = [{ name: 'hardware.time_limit_hours', value: limit }] as const;
    // A format without such a key is no fault of the job.
    const proposed = workload.readings
      .filter(({ role }) => role === 'job' || role === 'launcher')
      .map(({ uri }) => ({ changes, written: { changes, uri } }))
      .map((one) => ({ ...one, title: `Limit the run to ${limit} h`, safe: false, effect: 'ends a longer run' }))
      .map((one) => propose(view, one))
      .find(({ fix }) => fix);
    if (!proposed) return [];
    const message = `No time limit: a run that hangs is billed ${formatMoneyInterval(cost.perHour)} an hour until somebody sees it. The estimate is ${formatDurationInterval(time.run)}.`;
    return found(rule, span, message, [proposed]);
  },
};

/** Whole hours; from a day on, halves of a day. */
function roundUp(hours: number): number {
  return hours < 24 ? Math.max(1, Math.ceil(hours)) : Math.ceil(hours / 12) * 12;
}
