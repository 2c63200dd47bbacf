import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent, ClassValue, ObjectValue, Value } from '../../../evaluate/value.ts';

/** Calls on the program's way whose dotted path fits; those of functions that nothing calls come last. */
export function callsOf(program: Program, path: RegExp): readonly CallEvent[] {
  return reachedFirst(eventsOf(program, (one) => path.test(one)));
}

/** Events of a program by their path, with their places in the order of calls: paths are far fewer than calls. */
type EventsByPath = ReadonlyMap<string, readonly number[]>;

const byPath = new WeakMap<Program, EventsByPath>();

function indexOf(program: Program): EventsByPath {
  const known = byPath.get(program);
  if (known) return known;
  const index = new Map<string, number[]>();
  for (const [at, { path }] of program.events.entries()) {
    const same = index.get(path);
    if (same) same.push(at);
    else index.set(path, [at]);
  }
  byPath.set(program, index);
  return index;
}

function eventsOf(program: Program, fits: (path: string) => boolean): readonly CallEvent[] {
  const places: number[] = [];
  for (const [path, at] of indexOf(program)) if (fits(path)) places.push(...at);
  return places.sort((a, b) => a - b).flatMap((at) => program.events[at] ?? []);
}

function reachedFirst(events: readonly CallEvent[]): readonly CallEvent[] {
  if (events.every((event) => event.reached)) return events;
  return [...events.filter((event) => event.reached), ...events.filter((event) => !event.reached)];
}

/** Calls of a library's class or of a class of the program that extends it. */
export function makes(program: Program, path: RegExp): readonly CallEvent[] {
  const fitting = new Set(eventsOf(program, (one) => path.test(one)));
  return reachedFirst(
    program.events.filter((event) => fitting.has(event) || basesOf(event).some((base) => path.test(base))),
  );
}

function basesOf(event: CallEvent): readonly string[] {
  return event.result.kind === 'object' && event.result.class ? pathsOf(event.result.class) : [];
}

/** Dotted paths of the library classes above a class of the program. */
export function pathsOf(holder: ClassValue, depth = 0): readonly string[] {
  if (depth > 6) return [];
  return holder.bases.flatMap((base) =>
    base.kind === 'reference' ? [base.path] : base.kind === 'class' ? pathsOf(base, depth + 1) : [],
  );
}

/** True for an object made by a constructor whose path fits, or by a class that extends one. */
export function isMadeBy(value: Value | undefined, path: RegExp): value is ObjectValue {
  if (value?.kind !== 'object') return false;
  return path.test(value.path) || (value.class !== undefined && pathsOf(value.class).some((one) => path.test(one)));
}

/** An argument by keyword, else by position. */
export function argumentOf(event: CallEvent, keyword: string, position?: number): Value | undefined {
  return event.keywords.get(keyword) ?? (position === undefined ? undefined : event.positional[position]);
}

/** The first call that the program makes by itself, or that stands in a function which another file would start. */
export function startedOf(events: readonly CallEvent[]): CallEvent | undefined {
  return events.find((event) => event.reached) ?? events.find((event) => entryNames.test(event.within));
}

const entryNames = /^(main|_main|train(_\w+)?|run(_\w+)?|fine_?tune(_\w+)?|launch(_\w+)?|training_(function|loop))$/;
