import type { Reading, Reference } from '../facts/reading.ts';
import type { FactName } from '../facts/vocabulary.ts';
import type { ReadContext } from '../readers/reader.ts';
import type { Problem } from '../source/problem.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { withStatedVersions } from './framework-versions.ts';
import { readEmbedded } from './link-embedded.ts';
import { joinFacts } from './link-facts.ts';
import { readFilled } from './link-filled.ts';
import { expectedUri, indexPaths } from './link-path.ts';
import type { Workload } from './workload.ts';

/** Workloads joined over files, and the files that were named and not given. */
export interface Linked {
  readonly workloads: readonly Workload[];
  readonly problems: readonly Problem[];
  /** URIs that files name; they can point anywhere, so a host loads only those inside its own folders. */
  readonly missing: readonly string[];
}

/** How files are joined. */
export interface LinkOptions {
  /** The file asked about: its workload carries what starts it and what it starts. */
  readonly main?: string;
  /** The files whose jobs are wanted, asked for one after the other; all where absent. */
  readonly from?: Iterable<SourceFile>;
}

/** A reading with the readings of what it starts or reads, each once. */
interface Family {
  readonly root: Reading;
  readonly members: Reading[];
  /** Files that take part without a reading of their own. */
  readonly uses: Set<string>;
}

/**
 * Reads every file and joins what belongs to one job: a launcher with the program it starts and the configs both name.
 * A file that another one names is part of that one's workload; several jobs in one file stay apart. With `main` the
 * given files are one set: parts that nothing names (an accelerate or DeepSpeed config) belong to the main file's job.
 */
export function linkFiles(
  files: ReadonlyMap<string, SourceFile>,
  read: (file: SourceFile, context: ReadContext) => readonly Reading[],
  syntax: Syntax,
  options: LinkOptions = {},
): Linked {
  const paths = indexPaths(files.keys());
  const missing = new Set<string>();
  const claimed = new Set<string>();
  /** Programs of one job that something starts: how they are started says what they are. */
  const started = new Set<string>();

  const fileNamed = (path: string, from: string): SourceFile | undefined => {
    const uri = paths.find(path, from);
    if (uri !== undefined) return files.get(uri);
    const expected = expectedUri(path, from);
    if (expected !== undefined) missing.add(expected);
    return undefined;
  };
  const readWith = (file: SourceFile, uses: Set<string>, reference?: Reference): readonly Reading[] =>
    read(file, {
      syntax,
      file: (path, from) => {
        const found = fileNamed(path, from.uri);
        if (found && found.uri !== file.uri) uses.add(found.uri);
        return found;
      },
      ...(reference?.command ? { command: reference.command } : {}),
      ...(reference?.select === undefined ? {} : { select: reference.select }),
    });
  const readTarget = (target: SourceFile, uses: Set<string>, reference: Reference): readonly Reading[] => {
    if (!reference.fills) return readWith(target, uses, reference);
    // What the bare template says is the same job with less known.
    for (const bare of readWith(target, uses).slice(0, 1)) claimed.add(keyOf(bare));
    return readFilled(target, reference.command?.environment ?? new Map(), (file) => readWith(file, uses));
  };
  const follow = (reading: Reading, family: Family, depth: number): void => {
    family.members.push(reading);
    if (depth > 8) return;
    for (const reference of reading.references) {
      const own = readEmbedded(reading, reference, (file) => readWith(file, family.uses, reference));
      const target = own.length > 0 ? undefined : fileNamed(reference.path, reading.uri);
      if (target?.uri === reading.uri) continue;
      const found = target ? readTarget(target, family.uses, reference) : own;
      const chosen = found.find((one) => one.name === reference.select) ?? found[0];
      if (target) family.uses.add(target.uri);
      if (target && found.length === 1) started.add(target.uri);
      for (const said of target && chosen ? [chosen] : found) {
        const one = reference.overrides ? without(said, reference.overrides) : said;
        if (target) claimed.add(keyOf(one));
        if (!family.members.some((member) => keyOf(member) === keyOf(one))) follow(one, family, depth + 1);
      }
    }
  };

  const familiesOf = (file: SourceFile): readonly Family[] => {
    const uses = new Set<string>();
    return readWith(file, uses).map((root) => {
      const family: Family = { root, members: [], uses: new Set(uses) };
      follow(root, family, 0);
      return family;
    });
  };
  const families: Family[] = [];
  // One after the other, so that whoever hands files out may wait for each.
  for (const file of options.from ?? []) families.push(...familiesOf(file));
  if (!options.from) families.push(...inTurn(files, started, familiesOf));
  const roots = rootsOf(families, claimed, options.main);
  const told = roots.map((family) => ({ family, workload: toWorkload(family, options.main, files) }));
  const workloads = distinct(told.filter(({ workload }) => saysSomething(workload)));
  return { workloads: byMain(workloads, options.main), problems: [], missing: [...missing].sort() };
}

/**
 * The families of all files in their order. Programs are read after the files that may start them: one that is known as it is
 * started is not read a second time as if nothing were said to it.
 */
function inTurn(
  files: ReadonlyMap<string, SourceFile>,
  started: ReadonlySet<string>,
  familiesOf: (file: SourceFile) => readonly Family[],
): readonly Family[] {
  const isProgram = (file: SourceFile) => file.languageId === 'python' || file.languageId === 'notebook';
  const found = new Map<SourceFile, readonly Family[]>();
  for (const file of files.values()) if (!isProgram(file)) found.set(file, familiesOf(file));
  for (const file of files.values()) if (isProgram(file) && !started.has(file.uri)) found.set(file, familiesOf(file));
  return [...files.values()].flatMap((file) => found.get(file) ?? []);
}

/** Families that no other one takes in; parts that stand alone join the main file's family. */
function rootsOf(
  families: readonly Family[],
  claimed: ReadonlySet<string>,
  main: string | undefined,
): readonly Family[] {
  const used = new Set(families.flatMap((family) => [...family.uses]));
  const free = families.filter(
    (family) => !claimed.has(keyOf(family.root)) && !(isPart(family.root) && used.has(family.root.uri)),
  );
  // Files that only name each other in a circle still stand for themselves.
  const roots = free.length > 0 ? free : families.slice(0, 1);
  const mainFamily = roots.find((family) => main !== undefined && takesIn(family, main));
  if (!mainFamily) return roots;
  const parts = roots.filter(
    (family) => family !== mainFamily && isPart(family.root) && family.root.uri !== mainFamily.root.uri,
  );
  for (const part of parts) {
    for (const member of part.members) {
      if (!mainFamily.members.some((one) => keyOf(one) === keyOf(member))) mainFamily.members.push(member);
    }
  }
  return roots.filter((family) => !parts.includes(family));
}

/** What a reading says beside some facts. */
function without(reading: Reading, names: readonly FactName[]): Reading {
  return {
    ...reading,
    facts: reading.facts.filter((fact) => !names.includes(fact.name)),
    open: reading.open.filter((fact) => !names.includes(fact.name)),
  };
}

function isPart(reading: Reading): boolean {
  return reading.role === 'fragment' || reading.role === 'config';
}

function takesIn(family: Family, uri: string): boolean {
  return family.uses.has(uri) || family.members.some((member) => member.uri === uri);
}

function keyOf(reading: Reading): string {
  return `${reading.uri}#${reading.name}#${reading.reader}#${reading.anchor.start}`;
}

function toWorkload(family: Family, main: string | undefined, files: ReadonlyMap<string, SourceFile>): Workload {
  const { root, members } = family;
  const known =
    (main !== undefined && takesIn(family, main)
      ? (members.find((one) => one.uri === main) ?? { ...root, uri: main })
      : undefined) ??
    members.find((one) => one.role === 'program') ??
    members.find((one) => one.role === 'config') ??
    root;
  const anchors = new Map(members.map((one) => [one.anchor.uri, one.anchor] as const).reverse());
  const uris = new Set([known.uri, ...members.map((one) => one.uri), ...family.uses]);
  const { facts: said, open, conflicts } = joinFacts(members);
  const names = new Set(open.map(({ name }) => name));
  const facts = withStatedVersions(said, names, known.uri, [...uris], files);
  return {
    id: `${known.uri}#${known.name}`,
    name: known.name,
    main: known.uri,
    files: [...uris],
    readings: [known, ...members.filter((one) => one !== known)].filter((one) => members.includes(one)),
    facts,
    open,
    conflicts,
    anchors: [...anchors.values()].reverse(),
    problems: members.flatMap((one) => one.problems),
  };
}

/** Names, limits and places alone make no job of a script: something must be of devices, a model, training or serving. */
function saysSomething(workload: Workload): boolean {
  const { facts, open, readings } = workload;
  if (!readings.every((one) => one.role === 'launcher')) return facts.length > 0 || open.length > 0;
  const beside =
    /^(?:job|resources|logging|checkpoint|eval|infra)\.|^hardware\.(?:nodes|time_limit_hours|max_wait_hours|spot)$/;
  return [...facts, ...open].some((fact) => !beside.test(fact.name));
}

/** Gives workloads of one program and name ids of their own, and the names of what starts them. */
function distinct(told: readonly { readonly family: Family; readonly workload: Workload }[]): readonly Workload[] {
  const seen = new Map<string, number>();
  const total = new Map<string, number>();
  for (const { workload } of told) total.set(workload.id, (total.get(workload.id) ?? 0) + 1);
  return told.map(({ family, workload }) => {
    const count = seen.get(workload.id) ?? 0;
    seen.set(workload.id, count + 1);
    if (total.get(workload.id) === 1) return workload;
    const id = count === 0 ? workload.id : `${workload.id}#${count + 1}`;
    return { ...workload, id, name: family.root.name };
  });
}

function byMain(workloads: readonly Workload[], main: string | undefined): readonly Workload[] {
  if (main === undefined) return workloads;
  return [...workloads.filter((one) => one.main === main), ...workloads.filter((one) => one.main !== main)];
}
