import type { Outcome } from '../../source/problem.ts';
import { money } from '../../units/money.ts';
import type { Commitment } from '../commitment.ts';
import type { Offer } from '../offer.ts';
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

/**
 * Reserved offers that the commitments give, each from the on-demand offers of the same machines in the same region.
 * A rate is taken where the list price behind it is still the list price, or where there is none to compare;
 * a bare discount where it is of the same list. A discount quoted against an old list makes no offer.
 */
export function reservedOffers(all: readonly Commitment[], onDemand: readonly Offer[]): readonly Offer[] {
  const machines = [...new Map(onDemand.map((offer) => [`${offer.cloud} ${offer.instanceType}`, offer])).values()];
  const commitments = all.filter(({ cloud, scope }) =>
    machines.some((offer) => offer.cloud === cloud && inScope(offer.instanceType, scope)),
  );
  const families = new Map<string, readonly Offer[]>();
  const familyOf = ({ cloud, scope }: Commitment) => {
    const key = `${cloud} ${scope}`;
    const before = families.get(key);
    if (before) return before;
    const family = onDemand.filter(
      (offer) => offer.cloud === cloud && offer.kind === 'on-demand' && inScope(offer.instanceType, scope),
    );
    families.set(key, family);
    return family;
  };
  return commitments.flatMap((one) => {
    const family = familyOf(one);
    const here = family.filter((offer) => offer.region === one.region);
    const { termYears } = one;
    if (one.perHour) {
      const list = here[0] ?? family[0];
      if (!list || (one.discount !== undefined && !near(one.perHour.micros / (1 - one.discount), list.perHour.micros)))
        return [];
      const { cloud, instanceType, accelerator, count } = list;
      const { region, perHour, asOf, retrieved, source } = one;
      return [
        compact({
          cloud,
          region,
          instanceType,
          accelerator,
          count,
          kind: 'reserved' as const,
          perHour,
          asOf,
          retrieved,
          source,
          termYears,
        }),
      ];
    }
    const { discount } = one;
    if (discount === undefined) return [];
    return here
      .filter((offer) => offer.asOf === one.asOf && offer.retrieved === one.retrieved)
      .map((offer) => ({
        ...offer,
        kind: 'reserved' as const,
        perHour: { ...offer.perHour, micros: Math.round(offer.perHour.micros * (1 - discount)) },
        termYears,
      }));
  });
}

function near(a: number, b: number): boolean {
  return Math.abs(a / b - 1) <= sameList;
}

function inScope(type: string, scope: string): boolean {
  return type === scope || type.startsWith(`${scope}-`);
}
