import type { Outcome } from '../../source/problem.ts';
import type { Instance } from '../offer.ts';
import { compact, openRows } from '../rows.ts';

/** Bytes per second of one gigabit per second. */
const gigabit = 1e9 / 8;

/** Machine types, found by name without decoding the others. */
export interface InstanceTable {
  /** By type in any case, without SageMaker's `ml.`; of several clouds' the one named, else the first. */
  find(type: string, cloud?: string): Instance | undefined;
  /** The accelerator that a row names, nothing of it judged: for indexes. */
  acceleratorOf(type: string, cloud: string): string | undefined;
  all(): Outcome<readonly Instance[]>;
}

/** The key under which an instance is found: a type's name alone is not unique over clouds. */
export function instanceKey(cloud: string, type: string): string {
  return `${cloud} ${type}`.toLowerCase();
}

/** The table of machine types. Rows whose accelerator the accelerator table lacks are left out. */
export function openInstances(asset: unknown, isAccelerator: (name: string) => boolean): InstanceTable {
  const rows = openRows<Instance>(asset, 'instances', (cells) => {
    const cloud = cells.text('cloud');
    const type = cells.text('type');
    const accelerator = cells.text('accelerator');
    const count = cells.number('count');
    const source = cells.text('source');
    if (!cloud || !type || !accelerator || !source) return { bad: 'lacks its cloud, type, accelerator or source' };
    if (!isAccelerator(accelerator)) return { bad: `(${type}) names the unknown accelerator ${accelerator}` };
    if (count === undefined || count <= 0 || count > 1024) return { bad: `(${type}) has an implausible count` };
    const network = cells.number('networkGbps');
    return compact({
      cloud,
      type,
      accelerator,
      count,
      vcpus: cells.number('vcpus'),
      memoryGiB: cells.number('memoryGiB'),
      localDiskGB: cells.number('localDiskGB'),
      networkBandwidth: network === undefined ? undefined : network * gigabit,
      interconnect: cells.text('interconnect'),
      soldAs: cells.text('soldAs') === 'spot' ? ('spot' as const) : undefined,
      source,
    });
  });
  let index: ReadonlyMap<string, number> | undefined;
  const indexed = () => {
    const places = new Map<string, number>();
    for (let i = 0; i < rows.size; i++) {
      const type = (rows.text(i, 'type') ?? '').toLowerCase();
      places.set(instanceKey(rows.text(i, 'cloud') ?? '', type), i);
      if (!places.has(type)) places.set(type, i);
    }
    return places;
  };
  return {
    find(type, cloud) {
      index ??= indexed();
      const name = type.trim().toLowerCase().replace(/^ml\./, '');
      return rows.at(index.get(cloud === undefined ? name : instanceKey(cloud, name)) ?? -1);
    },
    acceleratorOf(type, cloud) {
      index ??= indexed();
      return rows.text(index.get(instanceKey(cloud, type)) ?? -1, 'accelerator');
    },
    all: rows.all,
  };
}
