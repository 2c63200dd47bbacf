import type { Program } from '../../python.ts';
import { itemsOf, type ObjectValue, type Store, type Value } from '../../value.ts';
import { childrenOf } from './count.ts';
import { asModule, isModule } from './kinds.ts';

/** A module that no other module holds, with all of its parts. */
export interface Root {
  readonly module: ObjectValue;
  readonly parts: ReadonlySet<Store>;
}

const maximumParts = 20_000;

/** The whole modules of a program: those in its names and calls that are part of no other. */
export function rootsOf(program: Pick<Program, 'globals' | 'locals' | 'events'>): readonly Root[] {
  const found = new Map<Store, ObjectValue>();
  const look = (value: Value) => {
    if (isModule(value) && !found.has(value.fields)) found.set(value.fields, value);
  };
  for (const scope of [program.globals, ...program.locals]) for (const value of scope.values()) look(value);
  for (const event of program.events)
    if (event.reached && event.result.kind === 'object' && event.result.class) look(event.result);
  const held = new Set<Store>();
  const all = [...found.values()].map((module): Root => {
    const parts = new Set<Store>();
    addParts(module, parts);
    for (const part of parts) if (part !== module.fields) held.add(part);
    return { module, parts };
  });
  return all.filter((root) => !held.has(root.module.fields));
}

function addParts(module: ObjectValue, parts: Set<Store>): void {
  if (parts.has(module.fields) || parts.size > maximumParts) return;
  parts.add(module.fields);
  for (const [, part] of childrenOf(module)) addParts(part, parts);
  const inner = module.fields.get('@inner');
  if (isModule(inner)) addParts(inner, parts);
}

/** Modules that a value stands for: itself, what a wrapper or an iterator of parameters holds, the parts of a list or group. */
export function moduleIn(value: Value | undefined, depth = 0): readonly ObjectValue[] {
  if (!value || depth > 6) return [];
  const own = asModule(value);
  if (own) return [own];
  if (value.kind === 'list') return itemsOf(value).flatMap((one) => moduleIn(one, depth + 1));
  if (value.kind === 'dict') return [...value.store.values()].flatMap((one) => moduleIn(one, depth + 1));
  if (value.kind === 'choice') return value.options.flatMap((one) => moduleIn(one, depth + 1)).slice(0, 1);
  if (value.kind === 'reference') {
    // One of several results of `accelerator.prepare(model, optimizer)`, in the order of what it was given.
    const place = /\[(\d+)\]$/.exec(value.path)?.[1];
    const owner = value.owner;
    if (place === undefined || owner?.kind !== 'object') return [];
    return moduleIn(owner.call?.positional[Number(place)] ?? owner.call?.keywords.get('model'), depth + 1);
  }
  if (value.kind !== 'object') return [];
  const inner = value.fields.get('@inner');
  if (inner) return moduleIn(inner, depth + 1);
  const { call } = value;
  if (!call) return [];
  const receiver = isModule(call.receiver) || /parameters$/.test(value.path) ? moduleIn(call.receiver, depth + 1) : [];
  if (receiver.length > 0) return receiver;
  return [...call.positional, ...call.keywords.values()].flatMap((one) => moduleIn(one, depth + 1));
}
