import type { Fact } from '../../facts/fact.ts';
import { sameValue } from '../../facts/fact.ts';
import type { Reading, Reference, Role } from '../../facts/reading.ts';
import type { FactName, FactValue } from '../../facts/vocabulary.ts';
import type { LanguageId, SourceFile } from '../../source/source-file.ts';
import { applyEdits, cover, type Span } from '../../source/span.ts';
import { spanOf } from '../../source/traced.ts';
import type { DataMap } from '../../syntax/data.ts';
import type { ReadContext, Reader, ReaderInfo, Refusal, SpecChange, WriteResult } from '../reader.ts';
import { isRefusal } from '../reader.ts';
import { type ConfigView, find, type Layer, placeOfValue } from './config-view.ts';
import { formatOf } from './formats.ts';
import type { Plain } from './key-form.ts';
import { addFact, type Gathered, type KeyTable, readTable, tableRows } from './key-map.ts';
import { describeLack, type Lacks, wordOf } from './lack.ts';
import { writeSettings } from './write-settings.ts';

/** A file that a config inherits from. */
export interface Base {
  readonly path: string;
  /** Where the base's root hangs in this config; at the root where left out. */
  readonly prefix?: readonly string[];
}

/** What a framework does where its config is silent, for the version named. */
export interface FrameworkDefault {
  readonly fact: FactName;
  readonly value: FactValue;
  readonly framework: string;
  readonly version: string;
}

/** One key set to a value. */
export interface Setting {
  readonly path: string;
  readonly value: Plain;
  /** The word may stand in either letter case; it then follows the one before it. */
  readonly keepsCase?: boolean;
  /** The value in the manner of the one before. */
  readonly follow?: (before: string) => string | undefined;
}

/** A config format: its key table and what the table cannot say. */
export interface Dialect {
  readonly id: string;
  readonly info: ReaderInfo;
  readonly languages: readonly LanguageId[];
  readonly mentions: RegExp;
  readonly role: Role;
  readonly table: KeyTable | ((view: ConfigView) => KeyTable);
  /** Keys where the sum belongs, best first. */
  readonly anchors: readonly string[];
  readonly interpolation?: 'omegaconf';
  readonly interpolationRoot?: string;
  /** The key that names the run. */
  readonly nameKey?: string;
  readonly bases?: (root: DataMap) => readonly Base[];
  readonly defaults?: readonly FrameworkDefault[];
  /** Facts that follow from several keys, and files that the config names. */
  readonly extra?: (view: ConfigView, gathered: Gathered) => readonly Reference[];
  /** Settings for a fact that no single row can write; undefined leaves it to the rows. */
  readonly writers?: (change: SpecChange, view: ConfigView) => readonly Setting[] | Refusal | undefined;
  /** True where what was read is enough to call the file a workload; always where left out. */
  readonly suffices?: (gathered: Gathered) => boolean;
  /** `auto` means that another file decides, so a value here would contradict it. */
  readonly keepsAuto?: string;
  /** Why the format has no key for some facts. */
  readonly lacks?: Lacks;
}

/** A reader that follows a dialect's table in both directions. */
export function keyMapReader(dialect: Dialect): Reader {
  return {
    id: dialect.id,
    info: dialect.info,
    languages: dialect.languages,
    mentions: (text) => dialect.mentions.test(text),
    read: (file, context) => readDialect(dialect, file, context),
    write: (file, _name, change, context) => writeDialect(dialect, file, change, context),
  };
}

function readDialect(dialect: Dialect, file: SourceFile, context: ReadContext): readonly Reading[] {
  for (const document of context.syntax.data(file)) {
    const { root } = document;
    if (root?.kind !== 'map' || formatOf(root, file) !== dialect.id) continue;
    const view = viewOf(dialect, root, file, context);
    const table = typeof dialect.table === 'function' ? dialect.table(view) : dialect.table;
    const gathered = readTable(view, table);
    if (dialect.suffices && !dialect.suffices(gathered)) continue;
    const references = dialect.extra?.(view, gathered) ?? [];
    addDefaults(dialect, gathered);
    if (!gathered.facts.some((fact) => fact.origin.kind === 'code') && references.length === 0) continue;
    const name = nameOf(dialect, view, file);
    const anchor = anchorOf(dialect, view, gathered);
    const problems = document.problems;
    return [{ reader: dialect.id, uri: file.uri, name, role: dialect.role, anchor, ...gathered, references, problems }];
  }
  return [];
}

/** The config over the files it inherits from; a base that is not at hand is passed over. */
function viewOf(dialect: Dialect, root: DataMap, file: SourceFile, context: ReadContext): ConfigView {
  const under: Layer[] = [];
  const seen = new Set([file.uri]);
  const queue = (dialect.bases?.(root) ?? []).map((base) => ({ ...base, from: file }));
  for (let next = queue.shift(); next && under.length < 20; next = queue.shift()) {
    const base = context.file(next.path, next.from);
    if (!base || seen.has(base.uri)) continue;
    seen.add(base.uri);
    const map = context.syntax.data(base)[0]?.root;
    if (map?.kind !== 'map') continue;
    const prefix = next.prefix ?? [];
    under.push({ root: map, prefix });
    for (const more of dialect.bases?.(map) ?? []) {
      queue.push({ path: more.path, prefix: [...prefix, ...(more.prefix ?? [])], from: base });
    }
  }
  const { interpolation = 'foreign', interpolationRoot } = dialect;
  return { file, root, under, interpolation, ...(interpolationRoot ? { interpolationRoot } : {}) };
}

function addDefaults(dialect: Dialect, gathered: Gathered): void {
  for (const { fact: name, value, framework, version } of dialect.defaults ?? []) {
    const origin = { kind: 'framework-default', framework, version } as const;
    if (!gathered.open.some((open) => open.name === name)) addFact(gathered, { name, value, origin } as Fact);
  }
}

function nameOf(dialect: Dialect, view: ConfigView, file: SourceFile): string {
  const named = dialect.nameKey ? find(view, dialect.nameKey)?.node : undefined;
  if (named?.kind === 'scalar' && typeof named.value === 'string' && /^[\w .-]+$/.test(named.value)) return named.value;
  const last = file.uri.split('/').at(-1) ?? file.uri;
  return last.replace(/\.\w+$/, '');
}

function anchorOf(dialect: Dialect, view: ConfigView, gathered: Gathered): Span {
  for (const path of dialect.anchors) {
    const found = find(view, path);
    if (!found?.own || found.keySpan.uri !== view.file.uri) continue;
    const place = placeOfValue(found);
    return found.node.kind === 'scalar' && found.keySpan.start <= place.start
      ? cover(found.keySpan, place)
      : found.keySpan;
  }
  const first = gathered.facts.map((fact) => spanOf(fact.origin)).find((span) => span?.uri === view.file.uri);
  return first ?? { ...view.root.span, end: view.root.span.start };
}

function writeDialect(dialect: Dialect, file: SourceFile, change: SpecChange, context: ReadContext): WriteResult {
  const root = context.syntax
    .data(file)
    .find((one) => one.root?.kind === 'map' && formatOf(one.root, file) === dialect.id)?.root;
  if (root?.kind !== 'map') return { refused: `This file is no ${dialect.info.title.replace(/ config$/, '')} config.` };
  if (valueIs(dialect, file, change, context)) return { edits: [] };
  const view = viewOf(dialect, root, file, context);
  const table = typeof dialect.table === 'function' ? dialect.table(view) : dialect.table;
  const given = dialect.writers?.(change, view);
  if (!given && !tableRows(table).some((row) => row.form.fact === change.name)) {
    return describeLack({ title: dialect.info.title, role: dialect.role, ...lacksOf(dialect) }, change.name);
  }
  const result = writeSettings(view, table, change, given, dialect.keepsAuto);
  if (isRefusal(result)) return result;
  const after = { ...file, version: file.version + 1, text: applyEdits(file.text, result.edits) };
  if (valueIs(dialect, after, change, context)) return result;
  return {
    refused: `No key of this ${dialect.info.title} config sets ${wordOf(change.name)} to ${String(change.value)} by itself.`,
  };
}

function lacksOf({ lacks }: Dialect): Pick<Dialect, 'lacks'> {
  return lacks ? { lacks } : {};
}

/** True where the file states the fact with this value. */
function valueIs(dialect: Dialect, file: SourceFile, change: SpecChange, context: ReadContext): boolean {
  const fact = readDialect(dialect, file, context)[0]?.facts.find((one) => one.name === change.name);
  return fact !== undefined && fact.origin.kind === 'code' && sameValue(fact.value, change.value);
}
