import { type Arguments, itemsOf, type ObjectValue, unknown, type Value } from '../../value.ts';
import type { Machine } from '../machine.ts';
import { isContainer, ownPath } from './kinds.ts';

/** Puts the modules that a container is made of into it, under the names that `state_dict` gives them. */
export function fillContainer(machine: Machine, made: ObjectValue, path: string, given: Arguments): void {
  const several = given.positional.length !== 1 || path.endsWith('Sequential');
  const [only] = given.positional;
  const source = several && !(given.positional.length === 1 && only?.kind === 'dict') ? undefined : only;
  const add = (name: string, value: Value) => machine.journal.set(made.fields, name, value);
  if (given.open) add('@partial', unknown('gets modules that are known only at run time', made.at));
  if (!source) {
    given.positional.forEach((one, index) => {
      add(String(index), one);
    });
  } else addAll(machine, made, source);
  for (const [name, value] of given.keywords) if (name !== 'modules' && name !== 'parameters') add(name, value);
  for (const name of ['modules', 'parameters']) {
    const value = given.keywords.get(name);
    if (value) addAll(machine, made, value);
  }
}

/** Adds what a list, a dictionary or another container holds to a container. */
export function addAll(machine: Machine, container: ObjectValue, source: Value): void {
  const items = moduleItems(source) ?? (source.kind === 'list' ? itemsOf(source) : undefined);
  const add = (name: string, value: Value) => machine.journal.set(container.fields, name, value);
  if (items && !/Dict$/.test(ownPath(container))) for (const one of items) add(nextName(container), one);
  else if (items && source.kind === 'list')
    for (const one of items) {
      const [name, value] = one.kind === 'list' ? itemsOf(one) : [];
      if (name?.kind === 'string' && value) add(name.value, value);
      else add('@partial', unknown('gets modules that are known only at run time', one.at));
    }
  else if (source.kind === 'dict') {
    for (const [name, value] of source.store) add(name, value);
    if (source.open) add('@partial', unknown('gets modules that are known only at run time', source.at));
  } else if (source.kind === 'object' && items) for (const [name, value] of source.fields) add(name, value);
  else if (source.kind !== 'none')
    add(
      '@partial',
      source.kind === 'unknown' ? source : unknown('gets modules that are known only at run time', source.at),
    );
}

/** The name of the next module of a list. */
export function nextName(container: ObjectValue): string {
  let count = 0;
  for (const name of container.fields.keys()) if (/^\d+$/.test(name)) count += 1;
  return String(count);
}

/** What a container holds, in order; undefined for what is no container. */
export function moduleItems(value: Value | undefined): readonly Value[] | undefined {
  if (value?.kind !== 'object' || !isContainer(ownPath(value))) return undefined;
  return [...value.fields].flatMap(([name, part]) => (name.startsWith('@') ? [] : [part]));
}
