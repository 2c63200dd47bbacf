import {
  type ClassValue,
  type FunctionValue,
  joinValues,
  type ObjectValue,
  type Store,
  unknown,
  type Value,
} from '../value.ts';
import { noArguments } from './arguments.ts';
import { classMember } from './lineage.ts';
import type { Frame, Machine } from './machine.ts';
import { freeze, freezeParameter } from './modules/freeze.ts';
import { isModule, isParameter } from './modules/kinds.ts';
import { layerOf } from './modules/layers.ts';
import { sizesOf } from './modules/sizes.ts';

/** `value.name`: a member of an object, class or module of the program, or a name of a library. */
export function attributeOf(machine: Machine, value: Value, name: string, at: Value['at']): Value {
  switch (value.kind) {
    case 'reference': {
      const flag = value.path.endsWith('flags.FLAGS') ? machine.flags.get(name) : undefined;
      if (flag) return flag;
      return value.owner
        ? { kind: 'reference', path: `${value.path}.${name}`, owner: value.owner, at }
        : { kind: 'reference', path: `${value.path}.${name}`, at };
    }
    case 'object':
      return memberOf(machine, value, name, at);
    case 'class':
      return (
        boundToClass(classMember(value, name), value) ?? {
          kind: 'reference',
          path: `${value.name}.${name}`,
          owner: value,
          at,
        }
      );
    case 'choice': {
      const found = value.options
        .filter((one) => one.kind !== 'none')
        .map((one) => attributeOf(machine, one, name, at));
      const told: readonly Value[] = found.filter((one) => one.kind !== 'unknown');
      return told.length > 0 ? told.reduce(joinValues) : unknown('is decided at run time', at);
    }
    case 'string':
    case 'number':
    case 'bool':
      if (name === 'value' || name === 'name') return value;
      return {
        kind: 'reference',
        path: `builtins.${value.kind === 'string' ? 'str' : value.kind}.${name}`,
        owner: value,
        at,
      };
    case 'list':
    case 'dict':
      return { kind: 'reference', path: `builtins.${value.kind}.${name}`, owner: value, at };
    case 'function':
      return { kind: 'reference', path: `${value.name}.${name}`, owner: value, at };
    case 'none':
    case 'unknown':
      return { kind: 'reference', path: `?.${name}`, owner: value, at };
  }
}

/** A class method sees the class; any other member is itself. */
function boundToClass(member: Value | undefined, holder: ClassValue): Value | undefined {
  return member?.kind === 'function' && isClassMethod(member) ? { ...member, self: holder } : member;
}

function isClassMethod(value: FunctionValue): boolean {
  return value.decorators.some((one) => one.kind === 'reference' && one.path === 'builtins.classmethod');
}

function memberOf(machine: Machine, value: ObjectValue, name: string, at: Value['at']): Value {
  const own = value.fields.get(name);
  if (own) return own;
  const inherited = value.class && classMember(value.class, name);
  if (inherited?.kind === 'function') {
    const self = value.class && isClassMethod(inherited) ? value.class : value;
    const bound: FunctionValue = { ...inherited, self };
    const property = inherited.decorators.some(
      (one) => one.kind === 'reference' && /\b(cached_)?property$/.test(one.path),
    );
    if (!property) return bound;
    return machine.call(bound, noArguments, inherited.definition as never, inherited.frame as Frame);
  }
  if (inherited) return inherited;
  // A library fills in what it is given as None.
  const given = value.call?.keywords.get(name);
  if (given && (given.kind !== 'none' || value.class)) return given;
  const size = layerArgument(value, name);
  if (size) return size;
  if (value.path.startsWith('module ')) return unknown(`"${name}" is not set in ${value.path}`, at);
  return { kind: 'reference', path: `${value.path}.${name}`, owner: value, at };
}

/** What a layer was made with (`fc.in_features`), or the module inside a wrapper (`ddp.module`). */
function layerArgument(value: ObjectValue, name: string): Value | undefined {
  if (!value.call) return undefined;
  if (name === 'module') return value.fields.get('@inner');
  const layer = value.class ? undefined : layerOf(value.path);
  if (!layer || layer === 'empty' || layer === 'lazy' || !layer.signature.includes(name) || name === 'bias')
    return undefined;
  return sizesOf(value.call, layer.signature).value(name);
}

/** Sets an attribute. */
export function setAttribute(machine: Machine, value: Value, name: string, to: Value): void {
  let store: Store | undefined;
  if (name === 'requires_grad' && setTrained(machine, value, to)) return;
  if (value.kind === 'object') store = value.fields;
  else if (value.kind === 'class') store = value.members;
  else if (value.kind === 'dict') store = value.store;
  else if (value.kind === 'reference' && !value.owner) {
    machine.journal.set(machine.settings, `${value.path}.${name}`, to);
    return;
  }
  if (store) machine.journal.set(store, name, inTurns(machine, value, to));
}

/** A module set in a loop of unknown length is there once for every turn. */
function inTurns(machine: Machine, holder: Value, to: Value): Value {
  return machine.looping > 0 && machine.building > 0 && isModule(holder) && isModule(to) ? { ...to, maybe: true } : to;
}

/** `parameter.requires_grad = False`: of one parameter, or of each in a loop over them. */
function setTrained(machine: Machine, value: Value, to: Value): boolean {
  if (value.kind === 'object' && (isParameter(value) || isModule(value))) {
    if (isModule(value)) return false;
    freeze(machine, value, to, to.at);
    return true;
  }
  if (value.kind !== 'reference' || value.owner?.kind !== 'object' || !isModule(value.owner)) return false;
  freezeParameter(machine, value.owner, value.path.slice(value.path.lastIndexOf('.') + 1), to, to.at);
  return true;
}
