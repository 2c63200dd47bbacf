import { at, type DataNode, type DataScalar } from '../../syntax/data.ts';
import { chipsOf } from './accelerator-count.ts';
import { toAccelerator } from './accelerator-name.ts';
import { accelerator, count, gib } from './form.ts';
import { isOtherAccelerator } from './instances.ts';
import { scalarOf } from './manifest.ts';
import { imply, leaveOpen, put, type Sheet, valueOn } from './sheet.ts';
import { partsOf, textIn } from './slice.ts';

/** Puts a dstack `gpu`: a name, a memory size and a count in any order (`A100:80GB:2`, `24GB..`, `1..8`), or a map of them. */
export function putGpuRange(sheet: Sheet, node: DataNode | undefined): void {
  if (node?.kind === 'scalar') putParts(sheet, node);
  if (node?.kind !== 'map') return;
  const name = at(node, 'name');
  if (name?.kind === 'list')
    putNames(
      sheet,
      name.items.flatMap((one) => scalarOf(one) ?? []),
      name,
    );
  else put(sheet, 'hardware.accelerator', name, accelerator('short'));
  putMemory(sheet, scalarOf(at(node, 'memory')));
  const number = scalarOf(at(node, 'count'));
  if (number) putCount(sheet, number);
  else imply(sheet, 'hardware.gpus_per_node', 1, node.span, 'Add a count to ask for more GPUs.');
}

function putParts(sheet: Sheet, node: DataScalar): void {
  const chips = chipsOf(textIn(node));
  if (chips !== undefined) {
    put(sheet, 'hardware.accelerator', node, accelerator('short'));
    imply(sheet, 'hardware.total_accelerators', chips, node.span, 'The slice type fixes the number of chips.');
    return;
  }
  let counted = false;
  const names: DataScalar[] = [];
  for (const part of partsOf(node, ':')) {
    const text = textIn(part);
    if (/^(?:nvidia|amd|intel|google|tenstorrent)$/i.test(text)) {
      imply(sheet, 'hardware.accelerator_vendor', text.toLowerCase(), part.span, 'Name another vendor here.');
    } else if (/^[\d.]+(?:[gmt]i?b?)?(?:\.\.[\d.]*(?:[gmt]i?b?)?)?$|^\.\.[\d.]+(?:[gmt]i?b?)?$/i.test(text)) {
      if (/[gmt]i?b?/i.test(text)) putMemory(sheet, part);
      else {
        putCount(sheet, part);
        counted = true;
      }
    } else names.push(...partsOf(part, ','));
  }
  putNames(sheet, names, node);
  if (!counted) imply(sheet, 'hardware.gpus_per_node', 1, node.span, 'Add a count to ask for more GPUs.');
}

function putNames(sheet: Sheet, names: readonly DataScalar[], node: DataNode): void {
  if (names.length === 1) put(sheet, 'hardware.accelerator', names[0], accelerator('short'));
  if (names.length < 2) return;
  const known = names.flatMap((name) => toAccelerator(textIn(name)) ?? []);
  imply(
    sheet,
    'hardware.accelerator_candidates',
    known,
    node.span,
    'Several accelerators are allowed; leave one of them.',
  );
}

function putMemory(sheet: Sheet, node: DataScalar | undefined): void {
  if (!node || textIn(node).includes('..')) return;
  put(sheet, 'hardware.gpu_memory_gb', node, gib('g'));
}

function putCount(sheet: Sheet, node: DataScalar): void {
  const [low, high] = textIn(node).split('..');
  if (high === undefined || low === high) {
    const named = valueOn(sheet, 'hardware.accelerator');
    put(
      sheet,
      named && isOtherAccelerator(named) ? 'hardware.accelerators_per_node' : 'hardware.gpus_per_node',
      node,
      count,
    );
    return;
  }
  leaveOpen(sheet, 'hardware.gpus_per_node', `Any number of GPUs in ${textIn(node)} will do.`, node.span);
}
