import { computed, itemsOf, joinValues, listOf, type StringValue, unknown, type Value } from '../value.ts';
import { argument } from './arguments.ts';
import { setAttribute } from './attribute.ts';
import { copyOf, textList } from './copy.ts';
import { formatNumber } from './literal.ts';
import type { Asked } from './machine.ts';
import { isModule } from './modules/kinds.ts';
import { printValue } from './operator.ts';

/** A method of a text, list or dictionary; undefined where its result is not known. */
export function callMethod(asked: Asked): Value | undefined {
  const { owner, path } = asked;
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (owner?.kind === 'string') return callText(asked, owner, name);
  if (owner?.kind === 'list') return callList(asked, name);
  if (owner?.kind === 'dict') return callDictionary(asked, name);
  return undefined;
}

function callText({ given, at }: Asked, owner: StringValue, name: string): Value | undefined {
  const [a, b] = given.positional.map(printValue);
  const text = (value: string): Value => computed({ kind: 'string', value, at: owner.at }, owner.at, owner);
  const flag = (value: boolean): Value => ({ kind: 'bool', value, at, derived: true });
  const value = owner.value;
  switch (name) {
    case 'lower':
    case 'casefold':
      return text(value.toLowerCase());
    case 'upper':
      return text(value.toUpperCase());
    case 'strip':
      return text(a === undefined ? value.trim() : trim(value, a, true, true));
    case 'lstrip':
      return text(a === undefined ? value.trimStart() : trim(value, a, true, false));
    case 'rstrip':
      return text(a === undefined ? value.trimEnd() : trim(value, a, false, true));
    case 'removeprefix':
      return text(a !== undefined && value.startsWith(a) ? value.slice(a.length) : value);
    case 'removesuffix':
      return text(a && value.endsWith(a) ? value.slice(0, -a.length) : value);
    case 'replace':
      return a !== undefined && b !== undefined ? text(value.replaceAll(a, b)) : undefined;
    case 'startswith':
      return a === undefined ? undefined : flag(value.startsWith(a));
    case 'endswith':
      return a === undefined ? undefined : flag(value.endsWith(a));
    case 'split':
    case 'rsplit': {
      const limit = argument(given, 1, 'maxsplit');
      return listOf(split(value, a, limit?.kind === 'number' ? limit.value : -1, name === 'rsplit').map(text), at);
    }
    case 'join': {
      const list = given.positional[0];
      const parts = list?.kind === 'list' ? itemsOf(list).map(printValue) : [undefined];
      return parts.includes(undefined) ? undefined : text(parts.join(value));
    }
    case 'format':
      return formatText(owner, given.positional, given.keywords, at);
    case 'isdigit':
      return flag(/^\d+$/.test(value));
    case 'read_text':
    case 'open':
      return undefined;
    case 'encode':
    case 'resolve':
    case 'absolute':
    case 'expanduser':
    case 'as_posix':
      return owner;
    default:
      return undefined;
  }
}

function trim(value: string, letters: string, start: boolean, end: boolean): string {
  let [from, to] = [0, value.length];
  while (start && from < to && letters.includes(value.charAt(from))) from += 1;
  while (end && to > from && letters.includes(value.charAt(to - 1))) to -= 1;
  return value.slice(from, to);
}

function split(value: string, separator: string | undefined, limit: number, fromEnd: boolean): string[] {
  const parts = separator ? value.split(separator) : value.trim().split(/\s+/);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const glue = separator ?? ' ';
  const cut = parts.length - limit;
  return fromEnd
    ? [parts.slice(0, cut).join(glue), ...parts.slice(cut)]
    : [...parts.slice(0, limit), parts.slice(limit).join(glue)];
}

function formatText(
  owner: StringValue,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
  at: Value['at'],
): Value {
  let next = 0;
  let missing = false;
  const value = owner.value.replace(/\{(\w*)(?::([^{}]*))?\}/g, (_, key: string, format: string | undefined) => {
    const part = key === '' ? positional[next++] : /^\d+$/.test(key) ? positional[Number(key)] : keywords.get(key);
    const shown =
      part?.kind === 'number' && format
        ? formatNumber(part.value, part.float === true, format)
        : part && printValue(part);
    missing ||= shown === undefined;
    return shown ?? '';
  });
  if (missing) return unknown('has a part that is known only at run time', at);
  return computed({ kind: 'string', value, at }, at, owner, ...positional, ...keywords.values());
}

function callList({ machine, given, owner, at }: Asked, name: string): Value | undefined {
  if (owner?.kind !== 'list') return undefined;
  const [first] = given.positional;
  const none: Value = { kind: 'none', at };
  switch (name) {
    case 'append':
    case 'add':
      if (first) machine.journal.set(owner.store, String(owner.store.size), oncePerTurn(machine, first));
      return none;
    case 'extend':
      if (first?.kind !== 'list') return undefined;
      for (const item of itemsOf(first))
        machine.journal.set(owner.store, String(owner.store.size), oncePerTurn(machine, item));
      return none;
    case 'copy':
      return copyOf(owner);
    case 'pop':
      return itemsOf(owner).at(-1);
    default:
      return undefined;
  }
}

/** A module added in a loop of unknown length is there once for every turn. */
function oncePerTurn(machine: Asked['machine'], value: Value): Value {
  return machine.looping > 0 && isModule(value) ? { ...value, maybe: true } : value;
}

function callDictionary({ machine, given, owner, at }: Asked, name: string): Value | undefined {
  if (owner?.kind !== 'dict') return undefined;
  const [first, second] = given.positional;
  const key = first && printValue(first);
  const none: Value = { kind: 'none', at };
  const open = unknown('depends on a key of the run', at);
  switch (name) {
    case 'get':
    case 'pop':
    case 'setdefault': {
      if (key === undefined) return open;
      const found = owner.store.get(key);
      if (name === 'setdefault' && !found && second) machine.journal.set(owner.store, key, second);
      if (found) return found;
      if (owner.open) return second ? joinValues(second, open) : open;
      return second ?? none;
    }
    case 'keys':
      return owner.open ? undefined : textList([...owner.store.keys()], owner.at);
    case 'values':
      return owner.open ? undefined : listOf([...owner.store.values()], owner.at);
    case 'items':
      if (owner.open) return undefined;
      return listOf(
        [...owner.store].map(([name_, value]) =>
          listOf([{ kind: 'string', value: name_, at: owner.at, derived: true }, value], at, true),
        ),
        owner.at,
      );
    case 'update':
      for (const [name_, value] of [...(first?.kind === 'dict' ? first.store : []), ...given.keywords])
        setAttribute(machine, owner, name_, value);
      return none;
    case 'copy':
      return copyOf(owner);
    default:
      return undefined;
  }
}
