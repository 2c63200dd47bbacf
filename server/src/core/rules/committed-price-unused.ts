import { toAccelerator } from '../readers/dialects/accelerator-name.ts';
import type { SpecChange } from '../readers/reader.ts';
import { formatMoneyInterval } from '../units/format.ts';
import { amountSaved } from './advice/advise.ts';
import { trains } from './advice/known.ts';
import { found, isWorth, propose, statedPlace, statedValue, weigh } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** A job that rents where the project has capacity of its own that does the same for less. */
export const rule: Rule = {
  id: 'committed-price-unused',
  meta: {
    title: 'A committed price lies unused',
    severity: 'information',
    tags: ['money'],
    why: 'Own hardware and committed capacity are paid for, used or not. A job that runs at list price beside them is paid for twice.',
    evidence:
      'The pools and rates that the project states in flopwise.yaml, against the price that applies to the job.',
    bad: '#SBATCH --partition=cloud-h100   # list price; flopwise.yaml has pools: {own-a100: ...}',
    good: '#SBATCH --partition=own-a100',
    threshold: { percent: 10, money: 10 },
  },
  check(view) {
    const { settings, estimate } = view;
    if (!estimate.cost?.total || 'rate' in estimate.cost.offer || !trains(view)) return [];
    const own = [...pools(view), ...rated(view)]
      .map((one) => ({ ...one, weighed: weigh(view, one.changes) }))
      .filter(({ weighed }) => {
        const { cost, memory } = weighed.after;
        return cost && 'rate' in cost.offer && memory?.fits === 'yes' && isWorth(view, weighed.saving);
      })
      .sort((a, b) => (a.weighed.saving.costShare ?? 0) - (b.weighed.saving.costShare ?? 0));
    const [best] = own;
    const span = statedPlace(view, 'job.queue', 'hardware.accelerator', 'hardware.instance_type');
    if (!best?.weighed.saving.cost || !span || !settings) return [];
    const proposed = propose(
      view,
      { title: `Move to ${best.name}`, changes: best.changes, safe: false, effect: 'changes hardware' },
      best.weighed,
    );
    const message = `A committed price lies unused: at the project’s own rate for ${best.name} the run costs ${formatMoneyInterval(amountSaved(best.weighed.saving.cost))} less.`;
    return found(rule, span, message, [proposed]);
  },
};

interface Own {
  readonly name: string;
  readonly changes: readonly SpecChange[];
}

/** Own pools that a job with a queue could name. */
function pools(view: RuleView): readonly Own[] {
  const queue = statedValue(view, 'job.queue');
  if (queue === undefined || statedValue(view, 'hardware.instance_type') !== undefined) return [];
  return Object.entries(view.settings.pools ?? {}).flatMap(([name, pool]) =>
    name.toLowerCase() === queue.toLowerCase()
      ? []
      : [{ name, changes: [{ name: 'job.queue', value: name }, ...cardChange(view, pool.accelerator)] }],
  );
}

/** Cards for which the project has a rate of its own. */
function rated(view: RuleView): readonly Own[] {
  if (statedValue(view, 'hardware.accelerator') === undefined) return [];
  return Object.keys(view.settings.rates)
    .filter((name) => name !== '*')
    .flatMap((name) => {
      const changes = cardChange(view, name);
      return changes.length > 0 ? [{ name, changes }] : [];
    });
}

function cardChange(view: RuleView, name: string): readonly SpecChange[] {
  const card = view.catalog.accelerator(name);
  const word = card && toAccelerator(card.name);
  if (!card || word === undefined || statedValue(view, 'hardware.accelerator') === undefined) return [];
  return view.catalog.accelerator(word)?.name === card.name ? [{ name: 'hardware.accelerator', value: word }] : [];
}
