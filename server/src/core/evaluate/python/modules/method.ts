import { itemsOf, type ObjectValue, unknown, type Value } from '../../value.ts';
import { type Asked, note } from '../machine.ts';
import { initializeBase } from './base.ts';
import { addAll, moduleItems, nextName } from './container.ts';
import { childrenOf } from './count.ts';
import { freeze, freezeParameter } from './freeze.ts';
import { isContainer, isModule, isParameter, ownPath } from './kinds.ts';

/** Methods that answer the module itself. */
const answersItself =
  /^(to|cuda|cpu|xpu|half|bfloat16|float|double|train|eval|apply|share_memory|to_empty|type|requires_grad_)$/;

/** A method of a module of the program or of a layer; undefined for any other call. */
export function callModule(asked: Asked): Value | undefined {
  const { machine, path, owner, given, node, frame } = asked;
  if (path.endsWith('.__init__')) return callInitializer(asked);
  if (owner?.kind !== 'object' || !(isModule(owner) || isParameter(owner))) return undefined;
  const name = path.slice(path.lastIndexOf('.') + 1);
  const none: Value = { kind: 'none', at: asked.at };
  if (name === 'requires_grad_') {
    const on = given.positional[0] ?? given.keywords.get('requires_grad');
    const inner = path.startsWith(`${owner.path}.`) ? path.slice(owner.path.length + 1) : name;
    const parameter = inner.includes('.') ? inner.slice(0, inner.lastIndexOf('.')) : undefined;
    if (parameter === undefined) freeze(machine, owner, on, asked.at);
    else freezeParameter(machine, owner, parameter, on, asked.at);
  }
  if (answersItself.test(name) && isModule(owner)) {
    note(machine, path, owner, given, node, frame, owner);
    for (const one of given.positional)
      if (one.kind === 'function') machine.call(one, { positional: [], keywords: new Map(), open: false }, node, frame);
    return owner;
  }
  const [first, second] = given.positional;
  switch (name) {
    case 'add_module':
    case 'register_module':
    case 'register_parameter':
      if (first?.kind === 'string' && second) machine.journal.set(owner.fields, first.value, second);
      else if (second)
        machine.journal.set(owner.fields, '@partial', unknown('gets modules whose names are not known', asked.at));
      return none;
    case 'register_buffer':
      return none;
    case 'children':
      return {
        kind: 'list',
        store: new Map(childrenOf(owner).map(([, part], index) => [String(index), part])),
        at: asked.at,
      };
    default:
      return isContainer(ownPath(owner)) ? callContainer(asked, owner, name) : undefined;
  }
}

function callContainer(asked: Asked, owner: ObjectValue, name: string): Value | undefined {
  const { machine, given, at } = asked;
  const [first, second] = given.positional;
  const once = (value: Value): Value =>
    machine.looping > 0 && value.kind === 'object' ? { ...value, maybe: true } : value;
  switch (name) {
    case 'append':
      if (first) machine.journal.set(owner.fields, nextName(owner), once(first));
      return owner;
    case 'insert':
      if (second) machine.journal.set(owner.fields, nextName(owner), once(second));
      return owner;
    case 'extend':
    case 'update':
      if (first)
        addAll(
          machine,
          owner,
          first.kind === 'list'
            ? { ...first, store: new Map([...first.store].map(([key, one]) => [key, once(one)])) }
            : first,
        );
      return owner;
    case 'values':
      return { kind: 'list', store: new Map((moduleItems(owner) ?? []).map((one, index) => [String(index), one])), at };
    case 'items':
      return {
        kind: 'list',
        store: new Map(
          childrenOf(owner).map(([key, one], index): [string, Value] => [
            String(index),
            {
              kind: 'list',
              tuple: true,
              store: new Map<string, Value>([
                ['0', { kind: 'string', value: key, at, derived: true }],
                ['1', one],
              ]),
              at,
            },
          ]),
        ),
        at,
      };
    default:
      return undefined;
  }
}

/** `super().__init__(...)` and `nn.Linear.__init__(self, ...)`: the layer that a class of the program extends. */
function callInitializer(asked: Asked): Value | undefined {
  const { machine, path, owner, given, node, frame, at } = asked;
  const [first, ...rest] = given.positional;
  const self = owner ?? first;
  if (self?.kind !== 'object' || !self.class || !isModule(self)) return undefined;
  const base = path.slice(0, -'.__init__'.length);
  initializeBase(machine, self, base, owner ? given : { ...given, positional: rest }, node, frame);
  return { kind: 'none', at };
}

/** What a loop over `module.parameters()` or `named_parameters()` has in each turn. */
export function turnOf(over: Value): Value | undefined {
  if (over.kind !== 'object' || !/\.(named_)?parameters$/.test(over.path)) return undefined;
  const module = over.call?.receiver;
  if (!isModule(module)) return undefined;
  const { at } = over;
  const parameter: ObjectValue = { kind: 'object', path: 'torch.nn.Parameter', fields: new Map([['@of', module]]), at };
  if (over.path.endsWith('.parameters')) return parameter;
  const items: readonly Value[] = [unknown('is the name of a parameter', at), parameter];
  return { kind: 'list', tuple: true, store: new Map(items.map((one, index) => [String(index), one])), at };
}

/** The list that a container is walked over as; any other value as it is. */
export function asItems(value: Value): Value {
  const items = moduleItems(value);
  return items
    ? { kind: 'list', store: new Map(items.map((one, index) => [String(index), one])), at: value.at }
    : value;
}

/** Modules in a list, for tests of what a list holds. */
export function holdsModules(value: Value): boolean {
  return value.kind === 'list' && itemsOf(value).some((one) => isModule(one));
}
