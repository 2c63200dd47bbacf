import type { Outcome } from '../../source/problem.ts';
import { type Money, money } from '../../units/money.ts';
import type { Commitment } from '../commitment.ts';
import type { Instance, Offer } from '../offer.ts';
import { compact, dateOf, decodeRows } from '../rows.ts';

/** The table of discounts for commitments. */
export function decodeCommitments(asset: unknown): Outcome<readonly Commitment[]> {
  return decodeRows<Commitment>(asset, 'commitments', (cells) => {
    const cloud = cells.text('cloud');
    const scope = cells.text('scope');
    const region = cells.text('region');
    const kind = cells.text('kind');
    const termYears = cells.number('termYears');
    const source = cells.text('source');
    if (!cloud || !scope || !region || !kind || !source)
      return { bad: 'lacks its cloud, scope, region, kind or source' };
    if (termYears === undefined || termYears < 0 || termYears > 5) return { bad: `(${scope}) has an implausible term` };
    const percent = cells.number('discountPercent');
    const perHour = cells.number('perHour');
    if (percent === undefined && perHour === undefined) return { bad: `(${scope}) gives neither discount nor rate` };
    if (percent !== undefined && (percent <= 0 || percent >= 90))
      return { bad: `(${scope}) has an implausible discount` };
    if (perHour !== undefined && perHour <= 0) return { bad: `(${scope}) has a rate that is not positive` };
    const dated = dateOf(cells);
    if (!dated) return { bad: `(${scope}) has no date` };
    return compact({
      cloud,
      scope,
      region,
      kind,
      termYears,
      upfront: cells.text('upfront'),
      discount: percent === undefined ? undefined : percent / 100,
      perHour: perHour === undefined ? undefined : money(perHour),
      ...dated,
      source,
      note: cells.text('note'),
    });
  });
}

/** How far a commitment's own list price may lie from today's before the discount counts as one of an old list. */
const sameList = 0.1;

/** What reserved offers are made of besides commitments. */
export interface ListedMachines {
  /** The offers of one accelerator. */
  readonly offers: readonly Offer[];
  /** A machine with that accelerator, for a rate of one that is sold in no other way. */
  machine(type: string, cloud: string): Instance | undefined;
}

/**
 * Reserved offers that the commitments give, each from the on-demand offers of the same machines in the same region.
 * A rate is taken where the list price behind it is still the list price, or where there is none to compare;
 * a bare discount where it is of the same list. A discount quoted against an old list makes no offer.
 */
export function reservedOffers(all: readonly Commitment[], { offers, machine }: ListedMachines): readonly Offer[] {
  const onDemand = offers.filter(({ kind }) => kind === 'on-demand');
  const types = [...new Map(onDemand.map((offer) => [`${offer.cloud} ${offer.instanceType}`, offer])).values()];
  return all.flatMap((one) => {
    const { cloud, scope } = one;
    const listed = types.some((offer) => offer.cloud === cloud && inScope(offer.instanceType, scope));
    if (!listed) return ofUnlisted(one, machine(scope, cloud));
    const family = onDemand.filter((offer) => offer.cloud === cloud && inScope(offer.instanceType, scope));
    return one.perHour ? ofRate(one, family) : ofDiscount(one, family);
  });
}

/** The offer of a rate for a machine that has no list price: nothing to hold it against. */
function ofUnlisted(one: Commitment, machine: Instance | undefined): readonly Offer[] {
  if (!machine || !one.perHour || one.discount !== undefined) return [];
  return [rated(one, one.perHour, { ...machine, instanceType: machine.type })];
}

function ofRate(one: Commitment, family: readonly Offer[]): readonly Offer[] {
  const list = family.find((offer) => offer.region === one.region) ?? family[0];
  if (!list || !one.perHour) return [];
  const before = one.discount === undefined ? undefined : one.perHour.micros / (1 - one.discount);
  return before !== undefined && !near(before, list.perHour.micros) ? [] : [rated(one, one.perHour, list)];
}

function rated(
  { region, asOf, retrieved, source, termYears }: Commitment,
  perHour: Money,
  { cloud, instanceType, accelerator, count }: Pick<Offer, 'cloud' | 'instanceType' | 'accelerator' | 'count'>,
): Offer {
  const kind = 'reserved' as const;
  return compact({
    cloud,
    region,
    instanceType,
    accelerator,
    count,
    kind,
    perHour,
    asOf,
    retrieved,
    source,
    termYears,
  });
}

function ofDiscount({ region, discount, asOf, retrieved, termYears }: Commitment, family: readonly Offer[]) {
  if (discount === undefined) return [];
  return family
    .filter((offer) => offer.region === region && offer.asOf === asOf && offer.retrieved === retrieved)
    .map((offer) => ({
      ...offer,
      kind: 'reserved' as const,
      perHour: { ...offer.perHour, micros: Math.round(offer.perHour.micros * (1 - discount)) },
      termYears,
    }));
}

function near(a: number, b: number): boolean {
  return Math.abs(a / b - 1) <= sameList;
}

function inScope(type: string, scope: string): boolean {
  return type === scope || type.startsWith(`${scope}-`);
}
