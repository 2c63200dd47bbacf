import { type ObjectValue, truthOf, unknown, type Value } from '../../value.ts';
import type { Machine } from '../machine.ts';
import { childrenOf } from './count.ts';
import { isModule, isParameter } from './kinds.ts';

const maximumDepth = 40;

/** `requires_grad_(...)` of a module: it and all that it holds are trained or frozen from here on. */
export function freeze(
  machine: Machine,
  module: ObjectValue,
  trains: Value | undefined,
  at: Value['at'],
  depth = 0,
): void {
  const every = module.fields.get('@of');
  if (every?.kind === 'object' && isModule(every)) {
    freeze(machine, every, trains, at, depth);
    return;
  }
  machine.journal.set(module.fields, '@frozen', frozenBy(machine, trains, at));
  for (const [name, value] of module.fields) {
    if (name.startsWith('@frozen ')) machine.journal.set(module.fields, name, undefined);
    if (isParameter(value)) machine.journal.set(value.fields, '@frozen', frozenBy(machine, trains, at));
  }
  if (depth < maximumDepth) for (const [, part] of childrenOf(module)) freeze(machine, part, trains, at, depth + 1);
}

/** `layer.weight.requires_grad_(...)`. */
export function freezeParameter(
  machine: Machine,
  module: ObjectValue,
  name: string,
  trains: Value | undefined,
  at: Value['at'],
): void {
  const inner = name.split('.').at(-1) ?? name;
  const value = module.fields.get(inner);
  if (value && isParameter(value)) machine.journal.set(value.fields, '@frozen', frozenBy(machine, trains, at));
  else machine.journal.set(module.fields, `@frozen ${inner}`, frozenBy(machine, trains, at));
}

/** What is known of being frozen: by a value that is known and on every way of the program, or open. */
function frozenBy(machine: Machine, trains: Value | undefined, at: Value['at']): Value {
  const truth = trains ? truthOf(trains) : true;
  if (truth === undefined || machine.uncertain > 0) return unknown('is frozen only under a test of the run', at);
  return { kind: 'bool', value: !truth, at };
}
