import { instanceTypes } from '../../facts/instance-types.ts';
import type { DataNode } from '../../syntax/data.ts';
import { words } from './form.ts';
import { imply, put, type Sheet, valueOn } from './sheet.ts';

/** What a machine type carries. */
export interface Carried {
  readonly accelerator: string;
  readonly count: number;
}

const table: ReadonlyMap<string, Carried> = new Map(
  instanceTypes.map(([type, accelerator, count]) => [type, { accelerator, count }]),
);

/** The accelerators of a machine type under any cloud's spelling of it; undefined where it has none or is not known. */
export function acceleratorsOf(type: string): Carried | undefined {
  return table.get(type.toLowerCase().replace(/^ml\./, ''));
}

/** True for devices that are no GPUs: their number is a fact of another name. */
export function isOtherAccelerator(accelerator: string): boolean {
  return /^(?:tpu|trainium|inferentia)/.test(accelerator);
}

/** Puts a machine type, and the accelerators that it implies, on the sheet. */
export function putInstanceType(sheet: Sheet, node: DataNode | undefined): void {
  if (!put(sheet, 'hardware.instance_type', node, words) || !node) return;
  impliedByInstance(sheet, valueOn(sheet, 'hardware.instance_type') ?? '', node);
}

/** Puts the accelerators of a machine type that stands at a node. */
export function impliedByInstance(sheet: Sheet, type: string, node: DataNode): void {
  const carried = acceleratorsOf(type);
  if (!carried) return;
  const why = `${type} fixes the accelerators; choose another machine type instead.`;
  imply(sheet, 'hardware.accelerator', carried.accelerator, node.span, why);
  const name = isOtherAccelerator(carried.accelerator) ? 'hardware.accelerators_per_node' : 'hardware.gpus_per_node';
  imply(sheet, name, carried.count, node.span, why);
}
