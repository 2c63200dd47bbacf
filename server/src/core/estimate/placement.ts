import type { Catalog, EgressTier } from '../catalog/catalog.ts';
import {
  costOfReads,
  crossingOf,
  crossZoneBytes,
  type Place,
  placeOfBucket,
  regionOf,
} from '../lifecycle/placement.ts';
import type { Settings } from '../settings.ts';
import { exactly } from '../units/interval.ts';
import { bytesPerGB } from '../units/quantity.ts';
import { type Known, likely, originOf } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { PlacementEstimate } from './estimate.ts';
import { dateOf, egressCost, inCurrency } from './in-currency.ts';
import { bytesPerElement, type Plan } from './plan.ts';

/** Months that a copy beside the machines is kept. */
const copyMonths = 1;

/**
 * What it costs that data lies elsewhere than the machines: the bucket's region against the machines', both where they are
 * stated, times the passes over the data; and traffic between zones. Undefined where the files name no bucket and no zones.
 */
export function estimatePlacement(
  spec: WorkloadSpec,
  catalog: Catalog,
  settings: Settings,
  run?: { readonly plan: Plan; readonly steps: number | undefined },
): PlacementEstimate | undefined {
  const { bucket } = spec.data;
  const value = <T>(known: Known<T> | undefined): T | undefined => known && likely(known);
  const region = value(spec.resources.region);
  const cloud = value(spec.resources.cloud) ?? (region === undefined ? undefined : catalog.cloudOfRegion(region));
  const zones = run && zonesOf(run.plan, run.steps, spec, cloud, catalog, settings);
  const address = value(bucket?.address);
  const named = address === undefined ? undefined : placeOfBucket(address);
  if (!bucket || !named || cloud === undefined || spec.task === 'serving')
    return zones && cloud !== undefined ? { to: { cloud }, zones } : undefined;
  const own = value(bucket.region) ?? named.region;
  const from: Place = own === undefined ? { cloud: named.cloud } : { cloud: named.cloud, region: own.toLowerCase() };
  const to: Place = region === undefined ? { cloud } : { cloud, region: region.toLowerCase() };
  const crossing = crossingOf(from, to);
  const epochs = value(spec.schedule?.epochs) ?? 1;
  const reads = value(bucket.rereads) === false ? 1 : Math.max(1, Math.ceil(epochs));
  const bytes = value(bucket.bytes);
  const origin = originOf<string>(bucket.address);
  const base = {
    ...(address === undefined ? {} : { address }),
    from,
    to,
    crossing,
    reads,
    ...(bytes === undefined ? {} : { bytes }),
    ...(origin ? { origin } : {}),
    ...(zones ? { zones } : {}),
  };
  if (crossing === 'none' || crossing === 'unknown') return base;
  const tiers = crossing === 'region' ? between(catalog, from, to) : catalog.egress(from.cloud, from.region);
  const [first] = tiers;
  if (!first)
    return { ...base, unknown: `no price of traffic between ${words(from)} and ${words(to)} is in the tables` };
  const per = (gigabytes: number) => egressCost(gigabytes, tiers) / gigabytes;
  const known = {
    ...base,
    basis: `${first.direction} from ${first.region}, ${dateOf(first, settings)}`,
    source: first.source,
    ...priced('perGB', inCurrency(exactly(per(1000)), first, settings)),
  };
  if (bytes === undefined) return { ...known, unknown: 'how much one pass over the data reads is not known' };
  const months = { usdPerGBMonth: catalog.storage(to.cloud, to.region)?.usdPerGBMonth ?? 0, months: copyMonths };
  const gigabytes = bytes / bytesPerGB;
  const { copyOnce } = costOfReads(bytes, 1, per(gigabytes), months);
  return {
    ...known,
    ...priced('total', inCurrency(exactly(egressCost(gigabytes * reads, tiers)), first, settings)),
    ...(months.usdPerGBMonth > 0 ? priced('copyOnce', inCurrency(exactly(copyOnce), first, settings)) : {}),
  };
}

function priced<K extends string, V>(key: K, amount: V | undefined): { readonly [P in K]?: V } {
  return amount === undefined ? {} : ({ [key]: amount } as { readonly [P in K]: V });
}

/** The price of traffic to another region of the cloud. */
function between(catalog: Catalog, { cloud, region }: Place, to: Place): readonly EgressTier[] {
  if (region === undefined || to.region === undefined) return [];
  const found = catalog.betweenRegions(cloud, regionOf(region), regionOf(to.region));
  return found ? [found] : [];
}

function words({ cloud, region }: Place): string {
  return region === undefined ? cloud : `${cloud} ${region}`;
}

/** Traffic between zones, where the settings or the job's files say that the nodes may stand in several. */
function zonesOf(
  plan: Plan,
  steps: number | undefined,
  { resources }: WorkloadSpec,
  cloud: string | undefined,
  catalog: Catalog,
  settings: Settings,
): PlacementEstimate['zones'] {
  const region = resources.region && likely(resources.region);
  const stated = resources.zones && likely(resources.zones);
  const count = Math.min(settings.lifecycle?.zones ?? stated ?? 1, plan.nodes);
  if (count < 2) return undefined;
  const gradients = plan.trainable * bytesPerElement[plan.precision.gradients];
  const bytesPerStep = crossZoneBytes(gradients, plan.nodes, count, plan.parallel.zeroStage === 3);
  const price = cloud === undefined ? undefined : catalog.betweenZones(cloud, region && regionOf(region));
  const gigabytes = (bytesPerStep * (steps ?? 0)) / bytesPerGB;
  const total =
    price && price.usdPerGB > 0 && steps !== undefined
      ? inCurrency(exactly(gigabytes * price.usdPerGB), price, settings)
      : undefined;
  const free = price?.usdPerGB === 0 ? { free: true } : {};
  // What a scheduler may choose is the most that it may come to.
  const most = settings.lifecycle?.zones === undefined ? { most: true } : {};
  return { count, bytesPerStep, ...priced('total', total), ...free, ...most };
}
