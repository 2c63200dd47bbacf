import { type Accelerator, hasArmHost } from '../../catalog/accelerator.ts';
import { toAccelerator } from '../../readers/dialects/accelerator-name.ts';
import type { SpecChange } from '../../readers/reader.ts';
import { likely } from '../../workload/known.ts';
import { type Proposed, propose, statedValue, type Weighed, weigh } from '../propose.ts';
import type { RuleView } from '../rule.ts';

/** Another card for a job, with what it would bring. */
export interface OtherCard extends Weighed {
  readonly card: Accelerator;
  readonly changes: readonly SpecChange[];
}

/** The card that a job runs on, where tables know it. */
export function cardOf({ spec, catalog }: RuleView): Accelerator | undefined {
  const name = likely(spec.resources.accelerator);
  return name === undefined ? undefined : catalog.accelerator(name);
}

/**
 * What moves the job to a card: its name where the files name one, else the machine type of the same cloud with as many
 * of them. Undefined where the files name neither (a setting is not in the code), or no such machine is sold.
 */
export function moveTo(view: RuleView, card: Accelerator): readonly SpecChange[] | undefined {
  const { workload, catalog, spec } = view;
  if (workload.facts.some((fact) => fact.name === 'hardware.accelerator_candidates')) return undefined;
  const type = statedValue(view, 'hardware.instance_type');
  const name = toAccelerator(card.name);
  if (type === undefined) {
    if (statedValue(view, 'hardware.accelerator') === undefined) return undefined;
    if (name === undefined || catalog.accelerator(name)?.name !== card.name) return undefined;
    return [{ name: 'hardware.accelerator', value: name }];
  }
  const cloud = spec.resources.cloud && likely(spec.resources.cloud);
  const now = catalog.instance(type, cloud);
  if (!now) return undefined;
  const [same] = catalog
    .offers({ accelerator: card.name, count: now.count, cloud: now.cloud, kind: 'on-demand' })
    .filter((offer) => catalog.instance(offer.instanceType, now.cloud) !== undefined);
  if (!same) return undefined;
  const prefix = /^ml\./i.exec(type)?.[0] ?? '';
  const changes: SpecChange[] = [{ name: 'hardware.instance_type', value: `${prefix}${same.instanceType}` }];
  if (statedValue(view, 'hardware.accelerator') !== undefined && name !== undefined)
    changes.push({ name: 'hardware.accelerator', value: name });
  return changes;
}

/** Most cards that are estimated by each measure: whoever types waits for them. */
const mostWeighed = 6;

/** What jobs are bound by, for an order of cards alone: peak rate, and bandwidth. */
const measures = [
  ({ peak }: Accelerator) => peak.bf16 ?? peak.fp16 ?? peak.fp32 ?? 0,
  ({ bandwidth }: Accelerator) => bandwidth ?? 0,
] as const;

/**
 * The same vendor's other cards that are sold where this one is and give most for their list price, each estimated. With `saving`
 * (a share) only those that could save so much: no job is faster than its card is in the better of the two measures, so the price of
 * an hour over that is the least that its steps can cost.
 */
export function otherCards(
  view: RuleView,
  take: (card: Accelerator) => boolean,
  saving?: number,
): readonly OtherCard[] {
  const now = cardOf(view);
  if (!now) return [];
  const { cost, devices = 1 } = view.estimate;
  const price = cost && !('rate' in cost.offer) ? cost.perHour.micros.likely / devices : Number.POSITIVE_INFINITY;
  const least = (card: Accelerator, other: number) =>
    (other / price) * Math.min(1, ...measures.map((measure) => measure(now) / measure(card)).filter(Number.isFinite));
  const could = (card: Accelerator, other: number) =>
    saving === undefined || !Number.isFinite(price) || least(card, other) <= 1 - saving;
  const sold = view.catalog.accelerators
    .filter((card) => card.name !== now.name && card.vendor === now.vendor && hasArmHost(card) === hasArmHost(now))
    .filter(take)
    .map((card) => ({ card, price: listPrice(view, card) }))
    .filter(({ card, price: other }) => Number.isFinite(other) && could(card, other));
  const best = measures.flatMap((measure) =>
    [...sold].sort((a, b) => a.price / measure(a.card) - b.price / measure(b.card)).slice(0, mostWeighed),
  );
  return [...new Set(best.map(({ card }) => card))].flatMap((card): readonly OtherCard[] => {
    const changes = moveTo(view, card);
    if (!changes) return [];
    const weighed = weigh(view, changes);
    return weighed.after.memory && isSameSeller(view, weighed) ? [{ ...weighed, card, changes }] : [];
  });
}

/** What the job's seller asks for a card at least, in micro-units an hour; 1 for all at own rates, infinite where it is not sold. */
function listPrice({ estimate, catalog }: RuleView, card: Accelerator): number {
  const { offer, kind = 'on-demand' } = estimate.cost ?? {};
  if (!offer || 'rate' in offer) return offer ? 1 : Number.POSITIVE_INFINITY;
  const [cheapest] = catalog.offers({ accelerator: card.name, cloud: offer.cloud, kind });
  return cheapest ? cheapest.perHour.micros / cheapest.count : Number.POSITIVE_INFINITY;
}

/** Most cards that are asked for an edit: the cheapest that a dialect has a word for is among the first. */
const mostTried = 6;

/** The cheapest of some cards that the files can name, with its edit. */
export function cheapestWritable(
  view: RuleView,
  cards: readonly OtherCard[],
): { readonly card: Accelerator; readonly proposed: Proposed } | undefined {
  const cheapest = [...cards].sort((a, b) => (a.saving.costShare ?? 0) - (b.saving.costShare ?? 0));
  for (const { card, changes, ...weighed } of cheapest.slice(0, mostTried)) {
    const title = `Move to ${card.name}`;
    const proposed = propose(view, { title, changes, safe: false, effect: 'changes hardware' }, weighed);
    if (proposed.fix) return { card, proposed };
  }
  return undefined;
}

/** True where both cards are priced alike: by one cloud's list, or at the user's own rates. Prices of two sellers say nothing of two cards. */
function isSameSeller({ estimate }: RuleView, { after }: Weighed): boolean {
  const [one, other] = [estimate.cost?.offer, after.cost?.offer];
  if (!one || !other) return false;
  if ('rate' in one || 'rate' in other) return 'rate' in one && 'rate' in other;
  return one.cloud === other.cloud;
}
