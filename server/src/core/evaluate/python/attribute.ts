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
import type { Frame, Machine } from './machine.ts';

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
      return classMember(value, name) ?? { kind: 'reference', path: `${value.name}.${name}`, owner: value, at };
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

function memberOf(machine: Machine, value: ObjectValue, name: string, at: Value['at']): Value {
  const own = value.fields.get(name);
  if (own) return own;
  const inherited = value.class && classMember(value.class, name);
  if (inherited?.kind === 'function') {
    const bound: FunctionValue = { ...inherited, self: value };
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
  if (value.path.startsWith('module ')) return unknown(`"${name}" is not set in ${value.path}`, at);
  return { kind: 'reference', path: `${value.path}.${name}`, owner: value, at };
}

/** A member of a class or of a class of the program that it extends. */
export function classMember(holder: ClassValue, name: string): Value | undefined {
  for (const one of lineage(holder)) {
    const found = one.members.get(name);
    if (found) return found;
  }
  return undefined;
}

/** A class and those classes of the program that it extends, nearest first. */
export function lineage(holder: ClassValue): readonly ClassValue[] {
  const found: ClassValue[] = [];
  const queue: Value[] = [holder];
  for (let one = queue.shift(); one && found.length < 16; one = queue.shift()) {
    if (one.kind !== 'class' || found.includes(one)) continue;
    found.push(one);
    queue.push(...one.bases);
  }
  return found;
}

/** Dotted paths of the library classes that a class extends, nearest first. */
export function libraryBases(holder: ClassValue): readonly string[] {
  return lineage(holder).flatMap((one) => one.bases.flatMap((base) => (base.kind === 'reference' ? [base.path] : [])));
}

/** Sets an attribute. */
export function setAttribute(machine: Machine, value: Value, name: string, to: Value): void {
  let store: Store | undefined;
  if (value.kind === 'object') store = value.fields;
  else if (value.kind === 'class') store = value.members;
  else if (value.kind === 'dict') store = value.store;
  else if (value.kind === 'reference' && !value.owner) {
    machine.journal.set(machine.settings, `${value.path}.${name}`, to);
    return;
  }
  if (store) machine.journal.set(store, name, to);
}
