import type { Outcome } from '../../source/problem.ts';
import type { Instance } from '../offer.ts';
import { compact, decodeRows } from '../rows.ts';

/** Bytes per second of one gigabit per second. */
const gigabit = 1e9 / 8;

/** The table of machine types. Rows whose accelerator the accelerator table lacks are left out. */
export function decodeInstances(asset: unknown, accelerators: ReadonlySet<string>): Outcome<readonly Instance[]> {
  return decodeRows<Instance>(asset, 'instances', (cells) => {
    const cloud = cells.text('cloud');
    const type = cells.text('type');
    const accelerator = cells.text('accelerator');
    const count = cells.number('count');
    const source = cells.text('source');
    if (!cloud || !type || !accelerator || !source) return { bad: 'lacks its cloud, type, accelerator or source' };
    if (!accelerators.has(accelerator)) return { bad: `(${type}) names the unknown accelerator ${accelerator}` };
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
}
