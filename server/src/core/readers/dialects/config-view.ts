import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import { type DataEntry, type DataMap, type DataNode, entryOf } from '../../syntax/data.ts';

/** A config file as its tool sees it: its own map over the maps it inherits from. */
export interface ConfigView {
  readonly file: SourceFile;
  readonly root: DataMap;
  /** Inherited maps, nearest first; `prefix` is where their root hangs in this config. */
  readonly under: readonly Layer[];
  /** How `${...}` is meant: an OmegaConf interpolation, or a variable that someone else fills in. */
  readonly interpolation: 'omegaconf' | 'foreign';
  /** The key whose block is the config that interpolations refer to, where one wraps it. */
  readonly interpolationRoot?: string;
}

/** A map that a config inherits from. */
export interface Layer {
  readonly root: DataMap;
  readonly prefix: readonly string[];
}

/** A value at a key path with what an edit must know of it. */
export interface Found {
  readonly path: readonly string[];
  readonly node: DataNode;
  readonly keySpan: Span;
  /** Reached through an alias or a merge key. */
  readonly shared: boolean;
  /** Stands in the file itself, not in one it inherits from. */
  readonly own: boolean;
}

/** Steps of a dotted path; a number is a list position. */
export function stepsOf(path: string): readonly string[] {
  return path.split('.');
}

/** The value at a dotted path: of the file itself, else of the nearest map it inherits from. */
export function find(view: ConfigView, path: string | readonly string[]): Found | undefined {
  const steps = typeof path === 'string' ? stepsOf(path) : path;
  const own = findIn(view.root, steps, view.file.uri);
  if (own) return { ...own, own: true };
  for (const layer of view.under) {
    if (layer.prefix.some((step, index) => steps[index] !== step)) continue;
    const found = findIn(layer.root, steps.slice(layer.prefix.length), view.file.uri);
    if (found) return { ...found, path: steps, own: false };
  }
  return undefined;
}

function findIn(root: DataMap, steps: readonly string[], uri: string): Omit<Found, 'own'> | undefined {
  let node: DataNode = root;
  let keySpan: Span = { uri, start: root.span.start, end: root.span.start };
  let shared = false;
  for (const step of steps) {
    if (node.kind === 'map') {
      const entry: DataEntry | undefined = entryOf(node, step);
      if (!entry) return undefined;
      node = entry.value;
      keySpan = entry.keySpan;
      shared ||= entry.shared === true;
    } else if (node.kind === 'list') {
      const item: DataNode | undefined = /^\d+$/.test(step) ? node.items[Number(step)] : undefined;
      if (!item) return undefined;
      node = item;
    } else return undefined;
  }
  return steps.length === 0 ? undefined : { path: steps, node, keySpan, shared };
}

/** True where the path holds a value that is written and not null. */
export function has(view: ConfigView, path: string): boolean {
  const found = find(view, path);
  return found !== undefined && !(found.node.kind === 'scalar' && found.node.value === null);
}

/** The place that stands for a value: its own, or from its key where a block begins below it. */
export function placeOfValue(found: Pick<Found, 'node' | 'keySpan'>): Span {
  const { node, keySpan } = found;
  if (node.kind === 'scalar' ? node.raw !== '' : node.flow) return node.span;
  return node.span.uri === keySpan.uri && keySpan.start <= node.span.start
    ? { uri: keySpan.uri, start: keySpan.start, end: Math.max(keySpan.end, node.span.end) }
    : node.span;
}
