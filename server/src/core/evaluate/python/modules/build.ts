import {
  type Arguments,
  type ClassValue,
  itemsOf,
  type ObjectValue,
  type Store,
  sameThing,
  unknown,
  type Value,
} from '../../value.ts';
import { type Build, type Machine, maximumBuildingSteps } from '../machine.ts';
import { cloneModule } from './clone.ts';

/** Modules of one class that are kept for copies. */
const maximumBuilds = 12;

/**
 * Makes a module: by its constructor, or, where one was made of the same arguments, as a copy. Constructors have a bound on
 * steps of their own; a module that reaches it says so, and is not counted.
 */
export function buildModule(
  machine: Machine,
  holder: ClassValue,
  given: Arguments,
  at: Value['at'],
  make: () => ObjectValue,
): ObjectValue {
  const builds = machine.builds.get(holder.definition) ?? [];
  machine.builds.set(holder.definition, builds);
  const same = builds.find((one) => sameArguments(one, given));
  const copy = same && copyOfBuild(machine, same);
  if (copy) return { ...copy, at };
  const { quiet, looping, steps, allowed, serial } = machine;
  const outermost = machine.building === 0;
  if (outermost) machine.allowed = steps + Math.max(0, maximumBuildingSteps - machine.buildingSteps);
  machine.building += 1;
  machine.looping = 0;
  machine.quiet = quiet || builds.length > 0;
  const made = make();
  if (machine.steps > machine.allowed)
    machine.journal.set(made.fields, '@partial', unknown('is too large to follow', at));
  machine.building -= 1;
  machine.looping = looping;
  machine.quiet = quiet;
  if (outermost) {
    machine.buildingSteps += machine.steps - steps;
    machine.steps = steps;
    machine.allowed = allowed;
  }
  const pristine = builds.length < maximumBuilds ? cloneModule(made, ownedFrom(serial, machine.serial)) : undefined;
  if (pristine) builds.push({ given, settings: settingsOf(given), made: pristine, from: serial, to: machine.serial });
  return made;
}

const ownedFrom = (from: number, to: number) => (one: ObjectValue) =>
  one.serial !== undefined && one.serial >= from && one.serial < to;

/** A copy whose parts have numbers of their own, so that they belong to what is being built around it. */
function copyOfBuild(machine: Machine, build: Build): ObjectValue | undefined {
  const serial = machine.serial++;
  return cloneModule(build.made, ownedFrom(build.from, build.to), serial);
}

function settingsOf(given: Arguments): Build['settings'] {
  const settings = new Map<Store, ReadonlyMap<string, Value>>();
  for (const value of [...given.positional, ...given.keywords.values()])
    if (value.kind === 'object') settings.set(value.fields, new Map(value.fields));
  return settings;
}

function sameArguments(build: Build, given: Arguments): boolean {
  const { given: before, settings } = build;
  if (before.open || given.open || before.positional.length !== given.positional.length) return false;
  if (before.keywords.size !== given.keywords.size) return false;
  if (!before.positional.every((one, index) => sameValue(one, given.positional[index]))) return false;
  for (const [name, value] of before.keywords) if (!sameValue(value, given.keywords.get(name))) return false;
  for (const [store, fields] of settings) {
    if (store.size !== fields.size) return false;
    for (const [name, value] of fields) if (!sameValue(value, store.get(name))) return false;
  }
  return true;
}

function sameValue(a: Value, b: Value | undefined): boolean {
  if (!b) return false;
  if (sameThing(a, b)) return true;
  if (a.kind !== 'list' || b.kind !== 'list' || a.store.size !== b.store.size) return false;
  const others = itemsOf(b);
  return itemsOf(a).every((one, index) => sameValue(one, others[index]));
}
