import type { FactValue } from '../../facts/vocabulary.ts';
import type { DataScalar } from '../../syntax/data.ts';
import { toAccelerator } from './accelerator-name.ts';
import { accelerator, count, words } from './form.ts';
import { isOtherAccelerator } from './instances.ts';
import { imply, put, rewrite, type Sheet, valueOn } from './sheet.ts';
import { partsOf, textIn } from './slice.ts';

/** Chips of a TPU slice: names up to v4 and v5p count cores, two to a chip. */
export function chipsOf(name: string): number | undefined {
  const found = /^(?:tpu-?)?(v2|v3|v4|v5p|v5litepod|v5e|v6e)-(\d+)$/i.exec(name);
  if (!found) return undefined;
  const cores = Number(found[2]);
  return /^v(?:2|3|4|5p)$/i.test(found[1] ?? '') ? cores / 2 : cores;
}

/** Puts `H100:8`: a name and how many of it there are on a node; no number means one. A TPU name carries its chips. */
export function putNameAndCount(sheet: Sheet, node: DataScalar | undefined): void {
  if (!node) return;
  if (node.value === null || textIn(node).trim() === '') {
    put(sheet, 'hardware.accelerator', node, words);
    return;
  }
  const [name, number] = partsOf(node, ':');
  put(sheet, 'hardware.accelerator', name, accelerator('short'));
  const chips = chipsOf(textIn(name ?? node));
  if (chips !== undefined) {
    const why = 'The slice type fixes the number of chips.';
    imply(sheet, 'hardware.total_accelerators', chips, (name ?? node).span, why);
    return;
  }
  const named = valueOn(sheet, 'hardware.accelerator');
  const fact = named && isOtherAccelerator(named) ? 'hardware.accelerators_per_node' : 'hardware.gpus_per_node';
  if (number) put(sheet, fact, number, count);
  else if (toAccelerator(textIn(node))) {
    imply(sheet, fact, 1, node.span, '');
    sheet.writers.set(fact, (value: FactValue) => rewrite(sheet.file, node, `${textIn(node)}:${String(value)}`));
  }
}
