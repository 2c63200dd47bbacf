import type { Catalog } from '../../catalog/catalog.ts';
import type { Instance } from '../../catalog/offer.ts';
import { poolOf } from '../../catalog/pool.ts';
import type { Pool, Settings } from '../../settings.ts';
import { assumed, exact, type Known, unknown } from '../known.ts';
import type { ResourceSpec } from '../spec.ts';
import type { FactView } from './fact-view.ts';

/** What the job runs on: instance type, accelerator and count as the files state them, else the user's settings. */
export function resolveResources(facts: FactView, catalog: Catalog, settings: Settings): ResourceSpec {
  const type = facts.get('hardware.instance_type');
  const instance = type === undefined ? undefined : catalog.instance(type);
  const set = parseAccelerator(settings.accelerator);
  const queue = facts.get('job.queue') ?? facts.get('infra.compute');
  const pool = poolOf(
    { ...(queue !== undefined && { pool: queue }), ...(type !== undefined && { instanceType: type }) },
    settings,
  );
  const setting = { kind: 'setting', key: 'flopwise.estimate.accelerator' } as const;
  const named = facts.get('hardware.accelerator') ?? [facts.get('hardware.accelerator_candidates') ?? []].flat()[0];
  const accelerator: Known<string> =
    named !== undefined
      ? facts.from(catalog.accelerator(named)?.name ?? named, 'hardware.accelerator', 'hardware.accelerator_candidates')
      : instance
        ? facts.from(instance.accelerator, 'hardware.instance_type')
        : pool
          ? exact(catalog.accelerator(pool.accelerator)?.name ?? pool.accelerator, pool.origin)
          : set
            ? exact(catalog.accelerator(set.name)?.name ?? set.name, setting)
            : facts.known('hardware.accelerator');
  const nodes = facts.get('hardware.nodes');
  const total = facts.get('hardware.total_gpus') ?? facts.get('hardware.total_accelerators');
  return {
    accelerator,
    perNode: perNode({ facts, instance, pool, total, nodes, set, accelerator, catalog }),
    nodes:
      nodes !== undefined
        ? facts.from(nodes, 'hardware.nodes')
        : (facts.maybe('hardware.nodes') ?? assumed(1, 'one-node')),
    ...(type === undefined ? {} : { instanceType: facts.known('hardware.instance_type') }),
    ...(queue === undefined ? {} : { pool: facts.from(queue, 'job.queue', 'infra.compute') }),
    ...cloudOf(facts, settings, instance?.cloud),
    priceKind: priceKind(facts, settings),
    ...(facts.get('hardware.time_limit_hours') === undefined
      ? {}
      : { timeLimitHours: facts.known('hardware.time_limit_hours') }),
    ...(facts.get('infra.hourly_rate_usd') === undefined ? {} : { hourlyRate: facts.known('infra.hourly_rate_usd') }),
    ...beside(facts),
  };
}

/** What is rented beside the accelerators, as far as the files ask for it. */
function beside(facts: FactView): Pick<ResourceSpec, 'diskGiB' | 'fileSystemGiB' | 'headInstanceType'> {
  return {
    ...(facts.get('resources.disk_gb') === undefined ? {} : { diskGiB: facts.known('resources.disk_gb') }),
    ...(facts.get('infra.fsx_capacity_gib') === undefined
      ? {}
      : { fileSystemGiB: facts.known('infra.fsx_capacity_gib') }),
    ...(facts.get('infra.head_instance_type') === undefined
      ? {}
      : { headInstanceType: facts.known('infra.head_instance_type') }),
  };
}

interface PerNodeInput {
  readonly facts: FactView;
  readonly instance: Instance | undefined;
  readonly pool: Pool | undefined;
  readonly total: number | undefined;
  readonly nodes: number | undefined;
  readonly set: { readonly count?: number } | undefined;
  readonly accelerator: Known<string>;
  readonly catalog: Catalog;
}

function perNode({ facts, instance, pool, total, nodes, set, accelerator, catalog }: PerNodeInput): Known<number> {
  const stated = facts.get('hardware.gpus_per_node') ?? facts.get('hardware.accelerators_per_node');
  if (stated !== undefined) return facts.from(stated, 'hardware.gpus_per_node', 'hardware.accelerators_per_node');
  if (total !== undefined)
    return facts.from(total / Math.max(1, nodes ?? 1), 'hardware.total_gpus', 'hardware.total_accelerators');
  if (facts.get('hardware.processes_per_node') !== undefined) return facts.known('hardware.processes_per_node');
  if (instance) return facts.from(instance.count, 'hardware.instance_type');
  if (pool?.perNode !== undefined) return exact(pool.perNode, pool.origin);
  if (set?.count !== undefined) return exact(set.count, { kind: 'setting', key: 'flopwise.estimate.accelerator' });
  const open = facts.maybe('hardware.gpus_per_node');
  const wholeNode =
    nodes !== undefined && nodes > 1 && accelerator.kind === 'exact' && catalog.accelerator(accelerator.value)?.perNode;
  if (wholeNode) return assumed(wholeNode, 'full-node');
  return open ?? assumed(1, 'one-device');
}

/** "H100:8" or "H100"; undefined where nothing is set. */
export function parseAccelerator(
  text: string | undefined,
): { readonly name: string; readonly count?: number } | undefined {
  const match = /^\s*([^:]+?)\s*(?::\s*(\d+))?\s*$/.exec(text ?? '');
  if (!match?.[1]) return undefined;
  return match[2] === undefined ? { name: match[1] } : { name: match[1], count: Number(match[2]) };
}

function cloudOf(
  facts: FactView,
  settings: Settings,
  ofInstance: string | undefined,
): Pick<ResourceSpec, 'cloud' | 'region' | 'zones'> {
  const cloud = facts.get('infra.cloud') ?? ofInstance;
  const zones = [facts.get('infra.zones') ?? []].flat();
  const [zone] = zones;
  const region = facts.maybe('infra.region') ?? (zone === undefined ? undefined : facts.from(zone, 'infra.zones'));
  return {
    ...(zones.length > 0 ? { zones: facts.from(zones.length, 'infra.zones') } : {}),
    ...(cloud !== undefined
      ? { cloud: facts.from(cloud, 'infra.cloud', 'hardware.instance_type') }
      : settings.cloud === undefined
        ? {}
        : { cloud: exact(settings.cloud, { kind: 'setting', key: 'flopwise.prices.cloud' } as const) }),
    ...(region && region.kind !== 'unknown'
      ? { region }
      : settings.region === undefined
        ? region
          ? { region: unknown<string>(region.reason) }
          : {}
        : { region: exact(settings.region, { kind: 'setting', key: 'flopwise.prices.region' } as const) }),
  };
}

function priceKind(facts: FactView, settings: Settings): ResourceSpec['priceKind'] {
  const stated = facts.get('infra.price_kind');
  if (stated === 'spot' || stated === 'on-demand' || stated === 'reserved')
    return facts.from(stated, 'infra.price_kind');
  const spot = facts.get('hardware.spot');
  if (spot !== undefined) return facts.from(spot ? 'spot' : 'on-demand', 'hardware.spot');
  if (facts.get('infra.capacity_type') === 'spot') return facts.from('spot', 'infra.capacity_type');
  if (settings.priceKind) return exact(settings.priceKind, { kind: 'setting', key: 'flopwise.prices.kind' });
  return assumed('on-demand', 'on-demand');
}
