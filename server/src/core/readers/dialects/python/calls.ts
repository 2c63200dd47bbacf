import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent, ClassValue, ObjectValue, Value } from '../../../evaluate/value.ts';

/** Calls on the program's way whose dotted path fits; those of functions that nothing calls come last. */
export function callsOf(program: Program, path: RegExp): readonly CallEvent[] {
  return reachedFirst(eventsOf(program, path, false));
}

/** The events of a program for those who look for some by path: paths are far fewer than calls. */
interface Index {
  readonly paths: readonly PathEvents[];
  /** Events whose object is of a class that extends library classes, with the paths of these. */
  readonly extending: readonly { readonly place: number; readonly bases: readonly string[] }[];
}

/** All events of one path, by their places in the order of calls. */
interface PathEvents {
  readonly path: string;
  readonly places: number[];
}

const indexes = new WeakMap<Program, Index>();

function indexOf(program: Program): Index {
  const known = indexes.get(program);
  if (known) return known;
  const byPath = new Map<string, PathEvents>();
  const extending: { place: number; bases: readonly string[] }[] = [];
  for (const [place, event] of program.events.entries()) {
    const same = byPath.get(event.path);
    if (same) same.places.push(place);
    else byPath.set(event.path, { path: event.path, places: [place] });
    const bases = basesOf(event);
    if (bases.length > 0) extending.push({ place, bases });
  }
  const index = { paths: [...byPath.values()], extending };
  indexes.set(program, index);
  return index;
}

/** Events in the order of calls whose path fits, or with `extending` a path of a library class that their object's class extends. */
function eventsOf(program: Program, path: RegExp, extending: boolean): readonly CallEvent[] {
  const index = indexOf(program);
  const places: number[] = [];
  for (const one of index.paths) if (path.test(one.path)) places.push(...one.places);
  if (extending)
    for (const { place, bases } of index.extending)
      if (bases.some((base) => path.test(base)) && !places.includes(place)) places.push(place);
  return places.length === 0 ? none : places.sort((a, b) => a - b).flatMap((at) => program.events[at] ?? none);
}

const none: readonly CallEvent[] = [];

function reachedFirst(events: readonly CallEvent[]): readonly CallEvent[] {
  if (events.every((event) => event.reached)) return events;
  return [...events.filter((event) => event.reached), ...events.filter((event) => !event.reached)];
}

/** Calls of a library's class or of a class of the program that extends it. */
export function makes(program: Program, path: RegExp): readonly CallEvent[] {
  return reachedFirst(eventsOf(program, path, true));
}

const noPaths: readonly string[] = [];

function basesOf(event: CallEvent): readonly string[] {
  return event.result.kind === 'object' && event.result.class ? pathsOf(event.result.class) : noPaths;
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
