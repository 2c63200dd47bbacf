import { childIn, childrenIn, type SyntaxNode } from '../../syntax/tree.ts';
import { computed, itemsOf, joinValues, listOf, toNumber, unknown, type Value } from '../value.ts';
import { type Frame, type Machine, sourceOf, spanAt } from './machine.ts';
import { moduleItems } from './modules/container.ts';
import { printValue } from './operator.ts';

/** `value[key]` and `value[a:b]`. */
export function subscriptOf(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const at = spanAt(node, frame);
  const holder = childIn(node, 'value');
  const [key] = childrenIn(node, 'subscript');
  if (!holder || !key) return unknown('is not written yet', at);
  const value = machine.evaluate(holder, frame);
  if (key.type === 'slice') return sliceOf(machine, value, key, frame);
  return itemOf(machine, value, machine.evaluate(key, frame), at);
}

/** The entry of a dictionary, the item of a list, the letter of a text. */
export function itemOf(machine: Machine, value: Value, key: Value, at: Value['at']): Value {
  if (value.kind === 'choice') return value.options.map((one) => itemOf(machine, one, key, at)).reduce(joinValues);
  if (key.kind === 'choice') return key.options.map((one) => itemOf(machine, value, one, at)).reduce(joinValues);
  const name = printValue(key);
  const index = toNumber(key);
  if (value.kind === 'dict' && name !== undefined) {
    const found = value.store.get(name);
    if (found) return found;
  }
  if (value.kind === 'list' && index !== undefined) {
    const items = itemsOf(value);
    const item = items[index < 0 ? items.length + index : index];
    if (item) return item;
  }
  if (value.kind === 'string' && index !== undefined) {
    const letter = value.value.at(index);
    if (letter !== undefined) return computed({ kind: 'string', value: letter, at: value.at }, value.at, value);
  }
  if (value.kind === 'reference' && value.path === 'os.environ' && name !== undefined)
    return machine.environment.get(name) ?? unknown(`the environment variable ${name} is set outside`, at);
  const parts = index === undefined ? undefined : moduleItems(value);
  if (parts && index !== undefined) {
    const part = parts[index < 0 ? parts.length + index : index];
    if (part) return part;
  }
  if (value.kind === 'object' && name !== undefined) {
    const found = value.fields.get(name) ?? value.fields.get(`[${name}]`);
    if (found) return found;
  }
  if (value.kind === 'reference' && !value.owner)
    return name === undefined ? value : { ...value, path: `${value.path}[${name}]`, at };
  if (value.kind === 'object' || value.kind === 'reference')
    return { kind: 'reference', path: `${value.path}[]`, owner: value, at };
  return unknown(value.kind === 'unknown' ? value.reason : 'has no such entry here', at);
}

function sliceOf(machine: Machine, value: Value, slice: SyntaxNode, frame: Frame): Value {
  const at = spanAt(slice, frame);
  const [from, to, ...rest] = sourceOf(slice, frame).split(':');
  const bound = (text: string | undefined): number | undefined | false => {
    if (!text?.trim()) return undefined;
    const node = slice.children.find((child) => child.named && sourceOf(child, frame) === text.trim());
    return (node && toNumber(machine.evaluate(node, frame))) ?? false;
  };
  const start = bound(from);
  const end = bound(to);
  if (start === false || end === false || rest.join('').trim()) return unknown('is a part taken at run time', at);
  const parts = moduleItems(value);
  if (parts && value.kind === 'object')
    return { ...value, fields: new Map(parts.slice(start, end).map((one, index) => [String(index), one])), at };
  if (value.kind === 'string')
    return computed({ kind: 'string', value: value.value.slice(start, end), at: value.at }, value.at, value);
  if (value.kind === 'list')
    return computed(listOf(itemsOf(value).slice(start, end), value.at, value.tuple), value.at, value);
  if (value.kind === 'object' || value.kind === 'reference')
    return { kind: 'reference', path: `${value.path}[]`, owner: value, at };
  return unknown(value.kind === 'unknown' ? value.reason : 'is a part taken at run time', at);
}
