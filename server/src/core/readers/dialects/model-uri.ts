import type { DataNode } from '../../syntax/data.ts';
import { without, words } from './form.ts';
import { holeIn } from './hole.ts';
import { put, type Sheet } from './sheet.ts';

/** Puts a model or data URI: a hub id without its scheme, or a path. */
export function putModelUri(sheet: Sheet, node: DataNode | undefined): void {
  const text = node?.kind === 'scalar' ? String(node.value ?? '') : '';
  if (/^hf:\/\//.test(text)) put(sheet, 'model.name', node, without(/^hf:\/\//));
  else put(sheet, 'model.path', node, words);
}

/** Puts the dataset of a URI. */
export function putDatasetUri(sheet: Sheet, node: DataNode | undefined): void {
  put(sheet, 'data.dataset', node, without(/^hf:\/\//));
}

/** Puts a model that is a hub id or is to be filled in; a served alias without an owner is none. */
export function putModelOfRepository(sheet: Sheet, node: DataNode | undefined): void {
  const text = node?.kind === 'scalar' ? String(node.value ?? '') : '';
  if (/^[\w.-]+\/[\w.-]+$/.test(text) || holeIn(text)) put(sheet, 'model.name', node, words);
}
