import type { SyntaxNode } from '../../syntax/tree.ts';
import { itemsOf, unknown, type Value } from '../value.ts';
import { type Frame, type Machine, named, sourceOf } from './machine.ts';

/** Gives a value to a name or to the names of a tuple. */
export function bindPattern(machine: Machine, pattern: SyntaxNode, value: Value, frame: Frame): void {
  if (pattern.type === 'identifier') {
    const name = sourceOf(pattern, frame);
    const store = frame.globalNames.includes(name) ? frame.module.globals : frame.scope;
    machine.journal.set(store, name, value);
    return;
  }
  const targets = named(pattern);
  const items = value.kind === 'list' && value.store.size === targets.length ? itemsOf(value) : undefined;
  targets.forEach((target, index) => {
    if (/^(identifier|tuple_pattern|list_pattern|pattern_list)$/.test(target.type))
      bindPattern(machine, target, items?.[index] ?? unknown('is one of several results of a call', value.at), frame);
  });
}
