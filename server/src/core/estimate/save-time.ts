import { type Interval, interval } from '../units/interval.ts';
import type { Plan } from './plan.ts';
import { saveBytes } from './storage.ts';

/**
 * Bytes per second that one node writes: a network disk, the usual network file system or drive, a fast local drive.
 * BLOOM's 48 nodes wrote 2.3 TiB in 40 s, 1.3 GB/s each.
 */
const nodeRate: Interval = interval(0.3e9, 1e9, 3e9);
/** Bytes per second and node at which weights are copied to the host before they are written behind the work (PCIe, pageable memory). */
const stageRate: Interval = interval(2e9, 5e9, 20e9);

/** Seconds of one save: how long the devices wait, and until it can be resumed from. */
export interface SaveSeconds {
  readonly stall: Interval;
  readonly write: Interval;
}

/** Nodes that write at the same time: each its own shard, or one for all where the states are gathered first. */
export function writersOf({ checkpoint, nodes }: Pick<Plan, 'checkpoint' | 'nodes'>): number {
  return checkpoint.sharded === false ? 1 : Math.max(1, nodes);
}

/** Times of one save at one plan, from its bytes and the rate of the storage: stated, else that of usual storage. */
export function saveSeconds(plan: Plan): SaveSeconds {
  const { writeRate, asynchronous } = plan.checkpoint;
  const bytes = saveBytes(plan) / writersOf(plan);
  const at = (rate: Interval) => interval(bytes / rate.high, bytes / rate.likely, bytes / rate.low);
  const write = at(writeRate === undefined ? nodeRate : { low: writeRate, likely: writeRate, high: writeRate });
  if (!asynchronous) return { stall: write, write };
  const copy = at(stageRate);
  const least = (side: keyof Interval) => Math.min(copy[side], write[side]);
  return { stall: interval(least('low'), least('likely'), least('high')), write };
}
