import { computed, itemsOf, joinValues, listOf, optionsOf, toNumber, truthOf, unknown, type Value } from '../value.ts';
import { attributeOf, setAttribute } from './attribute.ts';
import { textList } from './copy.ts';
import { lineage } from './lineage.ts';
import { parseNumber } from './literal.ts';
import type { Asked } from './machine.ts';
import { callMethod } from './method.ts';
import { isModule } from './modules/kinds.ts';
import { asItems } from './modules/method.ts';
import { printValue } from './operator.ts';

/** Names that every program knows. */
export const builtins: ReadonlySet<string> = new Set(
  `int float str bool len range list dict tuple set frozenset max min sum abs round sorted zip enumerate isinstance
  getattr setattr hasattr vars print open super pow any all map filter type globals locals exec eval id repr iter next
  issubclass callable staticmethod classmethod property object Exception ValueError ImportError KeyError RuntimeError
  NotImplementedError Ellipsis __import__ bytes input exit quit reversed format divmod hash slice complex`.split(/\s+/),
);

/** The result of a built-in function or of a method of a built-in type; undefined where it says nothing. */
export function callBuiltin(asked: Asked): Value | undefined {
  const { at, machine, owner, path } = asked;
  const name = path.slice('builtins.'.length);
  const listed = /^(list|tuple|set|sorted|reversed|iter|len|enumerate|zip)$/.test(name);
  const given = listed ? { ...asked.given, positional: asked.given.positional.map(asItems) } : asked.given;
  const [first, second] = given.positional;
  // What a file holds is read by those who know its format.
  if (owner?.kind === 'object' || /^str\.(open|read_text)$/.test(name)) return undefined;
  if (owner) return callMethod(asked) ?? unknown('is computed at run time', at);
  if (first?.kind === 'choice' && /^(int|float|str|bool)$/.test(name)) {
    const results = optionsOf(first).map((one) => convert(name, one, at));
    return results.every((one) => one !== undefined) ? results.reduce((a, b) => joinValues(a, b)) : undefined;
  }
  switch (name) {
    case 'int':
    case 'float':
    case 'str':
    case 'bool':
    case 'repr':
      return first
        ? (convert(name, first, at) ?? unknown(first.kind === 'unknown' ? first.reason : 'is computed at run time', at))
        : undefined;
    case 'len':
      if (first?.kind === 'string') return numberAt(first.value.length, at, first);
      if (first?.kind === 'list' || first?.kind === 'dict') return numberAt(first.store.size, at, first);
      return undefined;
    case 'range':
      return rangeOf(asked);
    case 'list':
    case 'tuple':
    case 'set':
    case 'iter':
      if (!first) return listOf([], at, name === 'tuple');
      if (first.kind === 'list') return listOf(itemsOf(first), first.at, name === 'tuple');
      return first.kind === 'dict' && !first.open ? textList([...first.store.keys()], first.at) : undefined;
    case 'dict': {
      const entries = first?.kind === 'dict' ? [...first.store] : pairsOf(first);
      const store = new Map([...(entries ?? []), ...given.keywords]);
      const open = given.open || !entries || (first?.kind === 'dict' && first.open === true);
      return open ? { kind: 'dict', store, at, open } : { kind: 'dict', store, at };
    }
    case 'max':
    case 'min':
    case 'sum':
    case 'abs':
    case 'round':
    case 'pow':
      return aggregate(asked, name);
    case 'sorted':
    case 'reversed':
      return inOrder(asked, name);
    case 'map':
    case 'filter':
      return mapOf(asked, name);
    case 'any':
    case 'all': {
      const truths = first?.kind === 'list' ? itemsOf(first).map(truthOf) : [undefined];
      if (truths.includes(undefined)) return undefined;
      const value = name === 'any' ? truths.includes(true) : !truths.includes(false);
      return { kind: 'bool', value, at, derived: true };
    }
    case 'enumerate':
      if (first?.kind !== 'list') return undefined;
      return listOf(
        itemsOf(first).map((item, index) => listOf([numberAt(index, at), item], at, true)),
        first.at,
      );
    case 'zip': {
      const lists = given.positional.map((one) => (one.kind === 'list' ? itemsOf(one) : undefined));
      if (lists.includes(undefined)) return undefined;
      const length = Math.min(...lists.map((one) => one?.length ?? 0));
      return listOf(
        Array.from({ length: lists.length > 0 ? length : 0 }, (_, index) =>
          listOf(
            lists.flatMap((one) => one?.[index] ?? []),
            at,
            true,
          ),
        ),
        at,
      );
    }
    case 'getattr': {
      if (!first || second?.kind !== 'string') return undefined;
      const found = attributeOf(machine, first, second.value, at);
      return found.kind === 'unknown' || (found.kind === 'reference' && found.owner)
        ? (given.positional[2] ?? found)
        : found;
    }
    case 'setattr':
      if (first && second?.kind === 'string' && given.positional[2])
        setAttribute(machine, first, second.value, given.positional[2]);
      else if (isModule(first))
        setAttribute(machine, first, '@partial', unknown('gets modules whose names are not known', at));
      return { kind: 'none', at };
    case 'hasattr': {
      if (first?.kind !== 'object' || second?.kind !== 'string') return unknown('depends on a value of the run', at);
      return first.fields.has(second.value)
        ? { kind: 'bool', value: true, at, derived: true }
        : unknown('depends on a value of the run', at);
    }
    case 'vars':
      return first?.kind === 'object' ? { kind: 'dict', store: first.fields, at: first.at } : undefined;
    case 'globals':
      return { kind: 'dict', store: asked.frame.module.globals, at, open: true };
    case 'locals':
      return { kind: 'dict', store: asked.frame.scope, at, open: true };
    case 'isinstance':
      return instanceOf(first, second, at);
    case 'super':
      return superOf(asked);
    case 'type':
      return first?.kind === 'object' && first.class ? first.class : undefined;
    case 'staticmethod':
    case 'classmethod':
      return first;
    case 'print':
      return { kind: 'none', at };
    default:
      return undefined;
  }
}

function convert(name: string, value: Value, at: Value['at']): Value | undefined {
  if (name === 'bool') {
    const truth = truthOf(value);
    return truth === undefined ? undefined : computed({ kind: 'bool', value: truth, at: value.at }, value.at, value);
  }
  if (name === 'str' || name === 'repr') {
    const text = printValue(value);
    if (text === undefined) return undefined;
    return value.kind === 'string' ? value : computed({ kind: 'string', value: text, at: value.at }, value.at);
  }
  const number = value.kind === 'string' ? parseNumber(value.value)?.value : toNumber(value);
  if (number === undefined) return undefined;
  const result = name === 'int' ? Math.trunc(number) : number;
  const float = name === 'float';
  const made: Value = {
    kind: 'number',
    value: result,
    float,
    at: value.at,
    ...(value.also ? { also: value.also } : {}),
  };
  return value.derived || result !== number ? { ...made, derived: true, at: value.at ?? at } : made;
}

function numberAt(value: number, at: Value['at'], ...from: readonly Value[]): Value {
  return computed({ kind: 'number', value, at }, at, ...from);
}

/** A list backwards, or sorted where its items are plain and no key is asked for. */
function inOrder({ given }: Asked, name: string): Value | undefined {
  const first = given.positional[0] && asItems(given.positional[0]);
  const list = first?.kind === 'dict' && !first.open ? textList([...first.store.keys()], first.at) : first;
  if (list?.kind !== 'list') return undefined;
  const items = [...itemsOf(list)];
  if (name === 'reversed') return listOf(items.reverse(), list.at);
  const order = given.keywords.get('reverse');
  const backwards = order ? truthOf(order) : false;
  if (given.keywords.has('key') || backwards === undefined) return undefined;
  const keys = items.map((one) => (one.kind === 'string' ? one.value : toNumber(one)));
  if (new Set(keys.map((one) => typeof one)).size > 1 || keys.includes(undefined)) return undefined;
  const sorted = items
    .map((item, index) => ({ item, key: keys[index] ?? 0 }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
  return listOf(backwards ? sorted.reverse() : sorted, list.at);
}

/** Entries of a list of pairs; none of nothing; undefined where they are not known. */
function pairsOf(value: Value | undefined): readonly (readonly [string, Value])[] | undefined {
  if (!value) return [];
  if (value.kind !== 'list') return undefined;
  const pairs: [string, Value][] = [];
  for (const one of itemsOf(value)) {
    const [key, entry] = one.kind === 'list' ? itemsOf(one) : [];
    const name = key && printValue(key);
    if (name === undefined || !entry) return undefined;
    pairs.push([name, entry]);
  }
  return pairs;
}

/** `map` and `filter` of a function over known lists. */
function mapOf({ machine, given, node, frame, at }: Asked, name: string): Value | undefined {
  const [callee, ...lists] = given.positional.map(asItems);
  const items = lists.map((one) => (one.kind === 'list' ? itemsOf(one) : undefined));
  const [first] = items;
  if (!callee || !first || items.includes(undefined) || first.length > maximumRange) return undefined;
  const results: Value[] = [];
  for (const [index, item] of first.entries()) {
    const positional = items.flatMap((one) => one?.[index] ?? []);
    const result = machine.call(callee, { positional, keywords: new Map(), open: false }, node, frame);
    if (name === 'map') results.push(result);
    else if (truthOf(result) === undefined) return undefined;
    else if (truthOf(result)) results.push(item);
  }
  return listOf(results, at);
}

const maximumRange = 64;
const maximumBuildingRange = 256;

function rangeOf({ machine, given, at }: Asked): Value | undefined {
  const numbers = given.positional.map(toNumber);
  if (numbers.includes(undefined)) return undefined;
  const [a = 0, b, step = 1] = numbers;
  const [from, to] = b === undefined ? [0, a] : [a, b];
  const count = step === 0 ? 0 : Math.ceil((to - from) / step);
  if (count > (machine.building > 0 ? maximumBuildingRange : maximumRange)) return undefined;
  return listOf(
    Array.from({ length: Math.max(0, count) }, (_, index) => numberAt(from + index * step, at)),
    at,
  );
}

function aggregate({ given, at }: Asked, name: string): Value | undefined {
  const [first, second] = given.positional;
  const values = first?.kind === 'list' ? itemsOf(first) : given.positional;
  const numbers = values.map(toNumber);
  const known = numbers.filter((one) => one !== undefined);
  const open = values.find((one) => one.kind === 'unknown');
  if (open?.kind === 'unknown') return unknown(open.reason, at);
  if (known.length === 0 || known.length < numbers.length) return undefined;
  const [x = 0, y = 0] = known;
  if (name === 'round' && second) return numberAt(Number(x.toFixed(Math.max(0, Math.min(20, y)))), at, ...values);
  const float = values.some((one) => one.kind === 'number' && one.float);
  const results: Readonly<Record<string, () => number>> = {
    max: () => Math.max(...known),
    min: () => Math.min(...known),
    sum: () => known.reduce((a, b) => a + b, 0),
    abs: () => Math.abs(x),
    round: () => Math.round(x),
    pow: () => x ** y,
  };
  const result = results[name]?.();
  if (result === undefined || !Number.isFinite(result)) return undefined;
  if (name === 'max' || name === 'min') {
    const chosen = values[known.indexOf(result)];
    if (chosen) return computed(chosen, at, ...values);
  }
  return computed({ kind: 'number', value: result, float, at }, at, ...values);
}

const typeNames: Readonly<Record<string, readonly Value['kind'][]>> = {
  str: ['string'],
  int: ['number', 'bool'],
  float: ['number'],
  bool: ['bool'],
  list: ['list'],
  tuple: ['list'],
  dict: ['dict'],
};

function instanceOf(value: Value | undefined, type: Value | undefined, at: Value['at']): Value {
  const types = type?.kind === 'list' ? itemsOf(type) : type ? [type] : [];
  const open = unknown('depends on a value of the run', at);
  if (!value || /^(unknown|choice|reference|object)$/.test(value.kind)) return open;
  let result = false;
  for (const one of types) {
    if (one.kind !== 'reference') return open;
    const kinds = typeNames[one.path.slice('builtins.'.length)];
    if (!kinds) return open;
    const whole = one.path === 'builtins.int' && value.kind === 'number' && value.float;
    const part = one.path === 'builtins.float' && value.kind === 'number' && !value.float;
    const tuple = value.kind === 'list' && (one.path === 'builtins.tuple') !== (value.tuple === true);
    if (kinds.includes(value.kind) && !whole && !part && !tuple) result = true;
  }
  return { kind: 'bool', value: result, at, derived: true };
}

/** `super()`: the object seen as the class that its own class extends. */
function superOf({ frame, at }: Asked): Value | undefined {
  const self = frame.function?.self;
  if (self?.kind !== 'object' || !self.class) return undefined;
  const line = lineage(self.class);
  const name = frame.function?.name ?? '';
  const here = line.findIndex((one) => {
    const member = one.members.get(name);
    return member?.kind === 'function' && member.definition === frame.function?.definition;
  });
  for (const one of line.slice(here + 1)) {
    const member = one.members.get(name);
    if (member?.kind === 'function')
      return { kind: 'object', path: 'super', fields: new Map([[name, { ...member, self }]]), at };
  }
  const library = line.flatMap((one) => one.bases).find((base) => base.kind === 'reference');
  return library?.kind === 'reference' ? { kind: 'reference', path: library.path, owner: self, at } : undefined;
}
