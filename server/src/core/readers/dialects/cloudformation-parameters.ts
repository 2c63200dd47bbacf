import type { SourceFile } from '../../source/source-file.ts';
import { at, type DataMap, type DataNode, type DataScalar } from '../../syntax/data.ts';
import { entriesAt, textAt } from './manifest.ts';

/** The template with references to parameters replaced by their defaults; what else a function makes is an expression. */
export function withParameters(root: DataMap, file: SourceFile): DataMap {
  const defaults = new Map<string, DataNode>();
  for (const { key, value } of entriesAt(root, 'Parameters')) {
    const fallback = at(value, 'Default');
    if (fallback) defaults.set(key, fallback);
  }
  return resolve(root, defaults, file) as DataMap;
}

function resolve(node: DataNode, defaults: ReadonlyMap<string, DataNode>, file: SourceFile): DataNode {
  if (node.kind === 'scalar') return resolveScalar(node, defaults, file);
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => resolve(item, defaults, file)) };
  const reference = node.entries.length === 1 ? textAt(node, 'Ref') : undefined;
  if (reference !== undefined) return defaults.get(reference) ?? unknown(node, reference);
  const [first] = node.entries;
  if (node.entries.length === 1 && first?.key.startsWith('Fn::')) return unknown(node, first.key);
  return {
    ...node,
    entries: node.entries.map((entry) => ({ ...entry, value: resolve(entry.value, defaults, file) })),
  };
}

/** The short form of a function is a tag before the value. */
function resolveScalar(node: DataScalar, defaults: ReadonlyMap<string, DataNode>, file: SourceFile): DataNode {
  if (file.languageId !== 'yaml') return node;
  const tag = /!([A-Za-z]+)\s*$/.exec(file.text.slice(Math.max(0, node.span.start - 24), node.span.start))?.[1];
  const within = /^!([A-Za-z]+)\s+/.exec(node.raw)?.[1];
  const name = tag ?? within;
  if (name === undefined) return node;
  const target = String(node.value).replace(/^!\w+\s+/, '');
  return (name === 'Ref' ? defaults.get(target) : undefined) ?? unknown(node, target);
}

function unknown(node: DataNode, source: string): DataScalar {
  const map = { uri: node.span.uri, pieces: [] };
  return { kind: 'scalar', span: node.span, value: source, raw: source, style: 'expression', map };
}
