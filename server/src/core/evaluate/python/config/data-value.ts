import type { DataNode } from '../../../syntax/data.ts';
import { listOf, type ObjectValue, type Store, unknown, type Value } from '../../value.ts';

/** How a library hands out what a file holds: as dictionaries, or as objects read by attribute. */
export type DataForm = 'dictionary' | 'object';

/** Path of objects that OmegaConf makes. */
export const configPath = 'omegaconf.OmegaConf.create';

/** Entries of one file that become values: more are left unknown. */
const maximumValues = 4000;
const maximumDepth = 24;

/** The value of a data file's node, each part at its place in that file. */
export function valueOfData(node: DataNode, form: DataForm): Value {
  let left = maximumValues;
  const convert = (one: DataNode, depth: number): Value => {
    left -= 1;
    if (left < 0 || depth > maximumDepth) return unknown('is too deep in a large file', one.span);
    const at = one.span;
    if (one.kind === 'list')
      return listOf(
        one.items.map((item) => convert(item, depth + 1)),
        at,
      );
    if (one.kind === 'map') {
      const store: Store = new Map(one.entries.map((entry) => [entry.key, convert(entry.value, depth + 1)]));
      return form === 'object' ? { kind: 'object', path: configPath, fields: store, at } : { kind: 'dict', store, at };
    }
    const { value } = one;
    if (value === null) return { kind: 'none', at };
    if (typeof value === 'boolean') return { kind: 'bool', value, at };
    if (typeof value === 'number') {
      return /[.e]/i.test(one.raw) ? { kind: 'number', value, float: true, at } : { kind: 'number', value, at };
    }
    if (value === '???') return unknown('must be given when the program starts', at);
    return { kind: 'string', value, at };
  };
  return convert(node, 0);
}

/** The entries of a dictionary or of a configuration object. */
export function entriesOf(value: Value | undefined): Store | undefined {
  if (value?.kind === 'dict') return value.store;
  return value?.kind === 'object' ? value.fields : undefined;
}

/** True for a value that holds named entries which merge key by key. */
export function isSection(value: Value | undefined): boolean {
  return (
    value?.kind === 'dict' || (value?.kind === 'object' && (value.path === configPath || value.class !== undefined))
  );
}

/** Sections merged key by key, later ones over earlier ones. */
export function mergeSections(parts: readonly Value[], at: Value['at']): ObjectValue {
  const fields: Store = new Map();
  for (const part of parts) mergeInto(fields, entriesOf(part) ?? new Map(), at, 0);
  return { kind: 'object', path: configPath, fields, at };
}

function mergeInto(fields: Store, over: ReadonlyMap<string, Value>, at: Value['at'], depth: number): void {
  for (const [name, value] of over) {
    const before = fields.get(name);
    if (isSection(value) && depth < maximumDepth) {
      const inner: Store = new Map(isSection(before) ? entriesOf(before) : []);
      mergeInto(inner, entriesOf(value) ?? new Map(), at, depth + 1);
      fields.set(name, { kind: 'object', path: configPath, fields: inner, at: value.at });
    } else fields.set(name, value);
  }
}

/** Sets the entry at a dotted path, with the sections on the way. */
export function setPath(root: Store, path: string, value: Value): void {
  const names = path.split('.');
  const last = names.pop();
  let here = root;
  for (const name of names) {
    const found = here.get(name);
    const inner: Store = new Map(isSection(found) ? entriesOf(found) : []);
    here.set(name, { kind: 'object', path: configPath, fields: inner, at: found?.at ?? value.at });
    here = inner;
  }
  if (last !== undefined) here.set(last, value);
}

/** The value at a dotted path. */
export function valueAt(root: Store, path: string): Value | undefined {
  let here: Value | undefined;
  let store: Store | undefined = root;
  for (const name of path.split('.')) {
    here = store?.get(name);
    store = entriesOf(here);
  }
  return here;
}
