import { type Billing, billedSeconds, billingOf } from '../catalog/billing.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type AppliedPrice, type PriceQuery, priceFor } from '../catalog/price.ts';
import type { Settings } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import { formatDuration } from '../units/format.ts';
import type { Interval } from '../units/interval.ts';
import { addMoney, type MoneyInterval, priceOf } from '../units/money.ts';
import { type Known, likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import { costParts, hourlyParts } from './cost-parts.ts';
import type { Assumption, CostEstimate, CostPart, ServingEstimate, StorageEstimate, TimeEstimate } from './estimate.ts';
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
  storage?: StorageEstimate,
): CostOutcome {
  const price = priceFor(priceQuery(points, spec), catalog, settings);
  const assumptions = price.notes.map(({ id, text }) => ({ id, text }));
  if (price.kind === 'unknown') {
    return { assumptions, problems: [{ code: 'price-unknown', message: `The price is unknown: ${price.reason}.` }] };
  }
  const parts = partsOf(price, spec, catalog, settings, storage);
  const billing = 'cloud' in price.offer ? billingOf(price.offer) : undefined;
  const cost = costAt({ price, points, time, serving, parts, billing });
  return { cost, assumptions: [...assumptions, ...minimumNote(time, billing)], problems: [] };
}

/** What is billed beside the machines; nothing beside an own rate, which holds all that belongs to it. */
function partsOf(
  { offer, instances = 1 }: AppliedPrice & { readonly kind: 'known' },
  spec: WorkloadSpec,
  catalog: Catalog,
  settings: Settings,
  storage: StorageEstimate | undefined,
): readonly CostPart[] {
  return 'cloud' in offer ? costParts({ spec, offer, instances, storage, catalog, settings }) : [];
}

/** Said where the seller's way of counting time makes a run dearer by five per cent or more. */
function minimumNote(time: TimeEstimate | undefined, billing: Billing | undefined): readonly Assumption[] {
  const run = time?.run?.likely;
  if (!billing || run === undefined || billedSeconds(run, billing) < run * 1.05) return [];
  return [
    { id: 'billed-minimum', text: `${billing.words}: ${formatDuration(billedSeconds(run, billing))} are billed` },
  ];
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
  const { offer, priceKind } = price;
  const billed = withParts(price.perHour, partsOf(price, spec, catalog, settings, undefined));
  return { cost: { ...billed, offer, kind: priceKind }, assumptions, problems: [] };
}

/** The machines' rate with what is billed by the hour beside them. */
function withParts(
  machines: MoneyInterval,
  parts: readonly CostPart[],
): Pick<CostEstimate, 'perHour' | 'machinesPerHour' | 'parts'> {
  if (parts.length === 0) return { perHour: machines };
  const perHour = addMoney([machines, ...hourlyParts(parts)]) ?? machines;
  return { perHour, machinesPerHour: machines, parts };
}

interface CostInput {
  readonly price: AppliedPrice & { readonly kind: 'known' };
  readonly points: Points;
  readonly time: TimeEstimate | undefined;
  readonly serving: ServingEstimate | undefined;
  readonly parts: readonly CostPart[];
  readonly billing: Billing | undefined;
}

function costAt({ price, points, time, serving, parts, billing }: CostInput): CostEstimate {
  const billed = withParts(price.perHour, parts);
  const { perHour } = billed;
  const { likely: plan } = points;
  const tokens = time?.tokensPerSecondPerDevice
    ? hoursPerMillion(time.tokensPerSecondPerDevice, plan.devices)
    : serving?.outputTokensPerSecond && hoursPerMillion(serving.outputTokensPerSecond, plan.serving?.replicas ?? 1);
  const once = parts.flatMap((part) => (part.once ? [part.once] : []));
  const run = time?.run && priceOf(perHour, hoursOf(billedInterval(time.run, billing)));
  const total = run && (addMoney([run, ...once]) ?? run);
  const { offer, priceKind: kind } = price;
  const perThousandSteps = time && priceOf(perHour, hoursOf(time.step, 1000));
  const perMillionTokens = tokens && priceOf(perHour, tokens);
  // The whole of a common run is written out: properties behind a spread are set one by one.
  const cost: CostEstimate =
    total && perThousandSteps && perMillionTokens
      ? { perHour, offer, kind, total, perThousandSteps, perMillionTokens }
      : {
          perHour,
          offer,
          kind,
          ...(total ? { total } : {}),
          ...(perThousandSteps ? { perThousandSteps } : {}),
          ...(perMillionTokens ? { perMillionTokens } : {}),
        };
  const { machinesPerHour } = billed;
  return machinesPerHour && billed.parts ? { ...cost, machinesPerHour, parts: billed.parts } : cost;
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

function billedInterval({ low, likely, high }: Interval, billing: Billing | undefined): Interval {
  return {
    low: billedSeconds(low, billing),
    likely: billedSeconds(likely, billing),
    high: billedSeconds(high, billing),
  };
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
