import { at, type DataEntry, type DataMap, type DataNode } from '../../syntax/data.ts';
import { entriesAt } from './manifest.ts';

/** References are followed this often; a variable that names itself is left alone. */
const maximumSteps = 8;

/** The document with `var.name` and `local.name` replaced by the literal that the same file gives them. */
export function withVariables(root: DataMap): DataMap {
  const known = new Map<string, DataNode>();
  for (const block of root.entries) {
    if (block.key === 'variable') {
      for (const { key, value } of entriesAt(block.value)) {
        const fallback = at(value, 'default');
        if (fallback) known.set(`var.${key}`, fallback);
      }
    }
    if (block.key === 'locals') {
      for (const { key, value } of entriesAt(block.value)) known.set(`local.${key}`, value);
    }
  }
  return known.size === 0 ? root : (resolve(root, known, 0) as DataMap);
}

function resolve(node: DataNode, known: ReadonlyMap<string, DataNode>, steps: number): DataNode {
  if (node.kind === 'scalar') {
    const named = node.style === 'expression' ? known.get(String(node.value)) : undefined;
    return named && steps < maximumSteps ? resolve(named, known, steps + 1) : node;
  }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => resolve(item, known, steps)) };
  const entries: DataEntry[] = node.entries.map((entry) => ({ ...entry, value: resolve(entry.value, known, steps) }));
  return { ...node, entries };
}
