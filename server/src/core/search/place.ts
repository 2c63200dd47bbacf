import { type Accelerator, hasArmHost } from '../catalog/accelerator.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Offer, PriceKind } from '../catalog/offer.ts';
import { priceFor } from '../catalog/price.ts';
import type { Settings } from '../settings.ts';
import type { MoneyInterval } from '../units/money.ts';
import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import { deviceLimit, type SearchLimits } from './limits.ts';

/** Machines that a job could run on, with their price. */
export interface Place {
  readonly accelerator: Accelerator;
  readonly perNode: number;
  readonly nodes: number;
  readonly kind: PriceKind;
  /** Absent for capacity that is not rented by the machine: an own rate, a pool. */
  readonly cloud?: string;
  readonly region?: string;
  readonly instanceType?: string;
  /** Name of the project's own pool, as job files call it. */
  readonly pool?: string;
  /** Of all nodes together. */
  readonly perHour: MoneyInterval;
  /** The job's own machines as they stand. */
  readonly current: boolean;
}

/** A machine type at its best price among those allowed. */
type Machine = Omit<Place, 'nodes' | 'perHour' | 'current'>;

/** Nodes that are tried: powers of two, so that batches and shards divide. */
const nodeCounts = [1, 2, 4, 8, 16, 32, 64] as const;

/** Machine types of one accelerator and count that are tried, the cheapest clouds first. */
const cloudsTried = 2;

/**
 * Every place that the limits allow, the cheapest per accelerator-hour first: machines that are rented or have a rate of the user's
 * own, and the project's pools. A job that names its queue, partition or pool stays on its accelerator or moves to a pool: what
 * else that cluster holds is not known here.
 */
export function listPlaces(
  spec: WorkloadSpec,
  devices: number,
  catalog: Catalog,
  settings: Settings,
  limits: SearchLimits,
): readonly Place[] {
  const most = deviceLimit(limits, devices);
  const places: Place[] = [];
  for (const machine of listMachines(spec, catalog, settings, limits)) {
    const joined = isJoined(machine, spec, catalog);
    for (const nodes of nodeCounts) {
      if (machine.perNode * nodes > most || (nodes > 1 && !joined)) break;
      const perHour = priceOfPlace(machine, nodes, catalog, settings);
      if (perHour) places.push({ ...machine, nodes, perHour, current: false });
    }
  }
  const perDevice = (place: Place) => place.perHour.micros.likely / (place.perNode * place.nodes);
  return places.sort((a, b) => perDevice(a) - perDevice(b));
}

/** Network of one machine, in bytes per second, from which on several of them train together: 100 Gbit/s. */
const clusterNetwork = 12.5e9;

/** Cards of a machine from which on, where nothing is told of its network, several of it are taken for a cluster. */
const fewestJoined = 4;

/** True where several of a machine are known to be sold as a cluster: a fast network, a full node, or the job's own kind. */
function isJoined(
  { accelerator, perNode, instanceType, cloud }: Machine,
  spec: WorkloadSpec,
  catalog: Catalog,
): boolean {
  const network = instanceType === undefined ? undefined : catalog.instance(instanceType, cloud)?.networkBandwidth;
  if (network !== undefined) return network >= clusterNetwork;
  const { resources } = spec;
  const own = likely(resources.accelerator) === accelerator.name && likely(resources.perNode) === perNode;
  // Machines of fewer cards are sold singly, whatever the table calls a node.
  return perNode >= Math.max(fewestJoined, accelerator.perNode ?? 8) || (own && (likely(resources.nodes) ?? 1) > 1);
}

function listMachines(
  spec: WorkloadSpec,
  catalog: Catalog,
  settings: Settings,
  limits: SearchLimits,
): readonly Machine[] {
  const own = likely(spec.resources.accelerator);
  const chip = own === undefined ? undefined : catalog.accelerator(own);
  const kinds = limits.kinds ?? [likely(spec.resources.priceKind) ?? 'on-demand'];
  const stays = spec.resources.pool !== undefined || spec.resources.hourlyRate !== undefined;
  const allowed = allowedAccelerators(chip, stays, catalog, limits);
  const pools = pooled(spec, catalog, settings, limits);
  if (stays) return [...pools, ...allowed.flatMap((accelerator) => ofCounts(accelerator, kinds, spec))];
  const cloud = spec.resources.cloud && likely(spec.resources.cloud);
  const region = limits.region ?? (spec.resources.region && likely(spec.resources.region));
  const clouds = limits.clouds?.map((one) => one.toLowerCase()) ?? (cloud === undefined ? undefined : [cloud]);
  const rentable = allowed.flatMap((accelerator) => {
    if (hasOwnRate(accelerator, catalog, settings)) return ofCounts(accelerator, kinds);
    return kinds
      .flatMap((kind) => rented(catalog.offers({ accelerator: accelerator.name, kind }), clouds, region))
      .map(
        (offer): Machine => ({
          accelerator,
          perNode: offer.count,
          kind: offer.kind,
          cloud: offer.cloud,
          region: offer.region,
          instanceType: offer.instanceType,
        }),
      );
  });
  return [...pools, ...rentable];
}

/** The project's pools that the limits allow; none for a job that names a cloud, a machine type or its price itself. */
function pooled(
  { resources }: WorkloadSpec,
  catalog: Catalog,
  settings: Settings,
  limits: SearchLimits,
): readonly Machine[] {
  const { cloud, instanceType, hourlyRate, pool: queue } = resources;
  if (instanceType !== undefined || hourlyRate !== undefined || (queue === undefined && cloud !== undefined)) return [];
  const own = likely(resources.accelerator);
  const vendor = (own === undefined ? undefined : catalog.accelerator(own)?.vendor) ?? 'NVIDIA';
  const named = limits.accelerators?.map((name) => catalog.accelerator(name)?.name);
  return Object.entries(settings.pools ?? {}).flatMap(([name, pool]): readonly Machine[] => {
    const accelerator = catalog.accelerator(pool.accelerator);
    if (!accelerator || accelerator.vendor !== vendor || (named && !named.includes(accelerator.name))) return [];
    if (limits.clouds && pool.cloud !== undefined && !limits.clouds.includes(pool.cloud)) return [];
    const most = pool.perNode ?? accelerator.perNode ?? 8;
    const kind = limits.kinds?.[0] ?? likely(resources.priceKind) ?? 'on-demand';
    const counts = [...new Set([1, 2, 4, 8, most])].filter((perNode) => perNode <= most);
    return counts.map((perNode): Machine => ({ accelerator, perNode, kind, pool: name }));
  });
}

/** Cards of the same vendor on hosts of the same kind, where a job's image and code run unchanged; others only where they are named. */
function allowedAccelerators(
  own: Accelerator | undefined,
  stays: boolean,
  catalog: Catalog,
  limits: SearchLimits,
): readonly Accelerator[] {
  const named = limits.accelerators?.flatMap((name) => catalog.accelerator(name) ?? []);
  if (named) return named;
  if (stays) return own ? [own] : [];
  const vendor = own?.vendor ?? 'NVIDIA';
  const arm = own !== undefined && hasArmHost(own);
  return catalog.accelerators.filter((one) => one.vendor === vendor && hasArmHost(one) === arm);
}

/** Machines that the user owns or has a rate for: any usual count of the card. */
function ofCounts(accelerator: Accelerator, kinds: readonly PriceKind[], spec?: WorkloadSpec): readonly Machine[] {
  const most = accelerator.perNode ?? 8;
  const queue = spec?.resources.pool && likely(spec.resources.pool);
  const pool = queue === undefined ? {} : { pool: queue };
  return kinds.flatMap((kind) =>
    [1, 2, 4, 8]
      .filter((perNode) => perNode <= most)
      .map((perNode): Machine => ({ accelerator, perNode, kind, ...pool })),
  );
}

/** The cheapest offer of each count and cloud, of the cheapest clouds for each count. */
function rented(
  offers: readonly Offer[],
  clouds: readonly string[] | undefined,
  region: string | undefined,
): readonly Offer[] {
  const taken = new Map<number, Map<string, Offer>>();
  for (const offer of offers) {
    if (clouds && !clouds.includes(offer.cloud)) continue;
    if (region !== undefined && offer.region !== region.toLowerCase() && !/^all\b/.test(offer.region)) continue;
    if (!(offer.count >= 1)) continue;
    const ofCount = taken.get(offer.count) ?? new Map<string, Offer>();
    if (ofCount.size < cloudsTried && !ofCount.has(offer.cloud)) ofCount.set(offer.cloud, offer);
    taken.set(offer.count, ofCount);
  }
  return [...taken.values()].flatMap((ofCount) => [...ofCount.values()]);
}

function hasOwnRate(accelerator: Accelerator, catalog: Catalog, settings: Settings): boolean {
  return Object.keys(settings.rates).some(
    (name) => name === '*' || catalog.accelerator(name)?.name === accelerator.name,
  );
}

/** What some nodes of a machine cost an hour, own rates and discounts included; undefined where no price is known. */
export function priceOfPlace(
  machine: Omit<Place, 'nodes' | 'perHour' | 'current'>,
  nodes: number,
  catalog: Catalog,
  settings: Settings,
): MoneyInterval | undefined {
  const { accelerator, perNode, kind, cloud, region, instanceType, pool } = machine;
  const price = priceFor(
    {
      accelerator: accelerator.name,
      perNode,
      nodes,
      kind,
      ...(pool === undefined ? {} : { pool }),
      ...(cloud === undefined ? {} : { cloud }),
      ...(region === undefined ? {} : { region }),
      ...(instanceType === undefined ? {} : { instanceType }),
    },
    catalog,
    settings,
  );
  return price.kind === 'known' ? price.perHour : undefined;
}
