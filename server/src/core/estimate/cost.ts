import type { Catalog } from '../catalog/catalog.ts';
import { type AppliedPrice, type PriceQuery, priceFor } from '../catalog/price.ts';
import type { Settings } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import type { Interval } from '../units/interval.ts';
import { priceOf } from '../units/money.ts';
import { type Known, likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Assumption, CostEstimate, ServingEstimate, TimeEstimate } from './estimate.ts';
import type { Points } from './plan.ts';

/** Money of a job, or why there is none; with the sentences that the price rests on. */
export interface CostOutcome {
  readonly cost?: CostEstimate;
  readonly assumptions: readonly Assumption[];
  readonly problems: readonly Problem[];
}

/** Money of a run: hours times the price that applies. No price known leaves it out and says why; nothing is ever zero. */
export function estimateCost(
  points: Points,
  time: TimeEstimate | undefined,
  spec: WorkloadSpec,
  catalog: Catalog,
  settings: Settings,
  serving?: ServingEstimate,
): CostOutcome {
  const price = priceFor(priceQuery(points, spec), catalog, settings);
  const assumptions = price.notes.map(({ id, text }) => ({ id, text }));
  if (price.kind === 'unknown') {
    return { assumptions, problems: [{ code: 'price-unknown', message: `The price is unknown: ${price.reason}.` }] };
  }
  return { cost: costAt(price, points, time, serving), assumptions, problems: [] };
}

/**
 * The rate of the machines, where too little is known of the job for any other figure: what the files say of machine and
 * place is priced all the same. Nothing where they name neither a machine, an accelerator nor a pool.
 */
export function estimateMachineRate(spec: WorkloadSpec, catalog: Catalog, settings: Settings): CostOutcome {
  const { resources } = spec;
  const { accelerator, instanceType, pool } = resources;
  if ([accelerator, instanceType, pool].every((one) => one === undefined || likely(one) === undefined))
    return { assumptions: [], problems: [] };
  const query = {
    ...stated('accelerator', resources.accelerator),
    ...stated('perNode', resources.perNode),
    ...stated('nodes', resources.nodes),
    ...placeOf(spec),
  };
  const price = priceFor(query, catalog, settings);
  const assumptions = price.notes.map(({ id, text }) => ({ id, text }));
  if (price.kind === 'unknown')
    return { assumptions, problems: [{ code: 'price-unknown', message: `The price is unknown: ${price.reason}.` }] };
  const { perHour, offer, priceKind } = price;
  return { cost: { perHour, offer, kind: priceKind }, assumptions, problems: [] };
}

function costAt(
  price: AppliedPrice & { readonly kind: 'known' },
  points: Points,
  time: TimeEstimate | undefined,
  serving: ServingEstimate | undefined,
): CostEstimate {
  const { perHour } = price;
  const { likely: plan } = points;
  const tokens = time?.tokensPerSecondPerDevice
    ? hoursPerMillion(time.tokensPerSecondPerDevice, plan.devices)
    : serving?.outputTokensPerSecond && hoursPerMillion(serving.outputTokensPerSecond, plan.serving?.replicas ?? 1);
  return {
    perHour,
    offer: price.offer,
    kind: price.priceKind,
    ...(time?.run ? { total: priceOf(perHour, hoursOf(time.run)) } : {}),
    ...(time ? { perThousandSteps: priceOf(perHour, hoursOf(time.step, 1000)) } : {}),
    ...(tokens ? { perMillionTokens: priceOf(perHour, tokens) } : {}),
  };
}

/** What the price list is asked: the devices that the plan holds, and what the files say of machine and place. */
function priceQuery(points: Points, spec: WorkloadSpec): PriceQuery {
  const { likely: plan } = points;
  const { resources } = spec;
  const accelerator = plan.accelerator?.name ?? likely(resources.accelerator);
  return {
    perNode: plan.perNode,
    nodes: plan.nodes * (plan.serving?.replicas ?? 1),
    ...(accelerator === undefined ? {} : { accelerator }),
    ...placeOf(spec),
  };
}

/** What the files say of machine, pool, place and kind of price. */
function placeOf({ resources }: WorkloadSpec): PriceQuery {
  return {
    ...rateOf(resources.hourlyRate),
    ...stated('instanceType', resources.instanceType),
    ...stated('pool', resources.pool),
    ...stated('cloud', resources.cloud),
    ...stated('region', resources.region),
    ...stated(
      'kind',
      resources.priceKind.kind === 'exact' && isAssumed(resources.priceKind) ? undefined : resources.priceKind,
    ),
  };
}

/** The rate that the files state; only one that they fix counts. */
function rateOf(known: Known<number> | undefined): Pick<PriceQuery, 'rate'> {
  return known?.kind === 'exact' ? { rate: { dollars: known.value, origin: known.origin } } : {};
}

/** A price kind that nothing states gives way to the user's setting. */
function isAssumed<T>(known: Known<T>): boolean {
  return known.kind === 'exact' && known.origin.kind === 'assumption';
}

function stated<K extends string, T>(key: K, known: Known<T> | undefined): { readonly [P in K]?: T } {
  const value = known && likely(known);
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
}

const hoursOf = (x: Interval, times = 1): Interval => ({
  low: (x.low * times) / 3600,
  likely: (x.likely * times) / 3600,
  high: (x.high * times) / 3600,
});

/** Hours that a million tokens take at a rate per second of each of several; the faster, the fewer. */
function hoursPerMillion(rate: Interval, times: number): Interval {
  const hours = (perSecond: number) => 1e6 / Math.max(1e-9, perSecond * times) / 3600;
  return { low: hours(rate.high), likely: hours(rate.likely), high: hours(rate.low) };
}
