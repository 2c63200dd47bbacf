import type { Reading } from '#core/facts/reading.ts';
import type { ReadCache } from '#core/readers/read.ts';
import type { ReadContext } from '#core/readers/reader.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Syntax } from '#core/syntax/syntax.ts';
import type { CliHost } from './host.ts';
import { readShare } from './read-share.ts';

/** Changes with the form below; another number is another file's. */
const formVersion = 1;

/** A file that was asked for while another was read: the path as asked, who asked, and the mark of what was found. */
type Asked = readonly [path: string, from: string, found: string | null];

/** What was read of one text, started in one way. */
export interface Kept {
  /** How it was started, as JSON; absent for a text read by itself. */
  readonly started?: string;
  readonly asked?: readonly Asked[];
  readonly readings: readonly Reading[];
}

/** Readings of earlier runs by the content of their files, and those of this run to keep for the next. */
export interface KeptReadings {
  readonly readings: ReadCache;
  /** The text to keep: what this run used, and nothing of files that are gone. */
  text(): string;
  /** What this run has read or used, by the marks of the files: plain data, to be carried to another thread. */
  entries(): KeptEntries;
  /** Takes what other threads of this run have read. */
  take(entries: KeptEntries): void;
  /** True where something was read of a file before, in whichever way it was started. */
  knows(file: SourceFile): boolean;
  /** Files whose readings were there, those that were read anew, and those that other threads read. */
  counts(): { readonly kept: number; readonly read: number; readonly taken: number };
}

/** Readings by the marks of their files. */
export type KeptEntries = readonly (readonly [mark: string, kept: readonly Kept[]])[];

/** What the kept text depends on besides the files. */
export interface KeptFor {
  /** URI of the folder that paths are kept relative to, so that another checkout can use the text. */
  readonly root: string;
  /** The program itself: another release, or another build of it, may read more. One word. */
  readonly release: string;
  /** A mark by which equal texts, and no others, are known. */
  hash(text: string): string;
}

/**
 * Opens the kept text of an earlier run. A text that is none, of another release or damaged counts as empty. A reading holds
 * while its file, the way it is started and every file that it asked for are the same by content.
 */
export function openReadings(text: string | undefined, keptFor: KeptFor): KeptReadings {
  const { root, hash } = keptFor;
  const before = new Map(decode(text, keptFor));
  const after = new Map<string, Kept[]>();
  const marks = new WeakMap<SourceFile, string>();
  const counted = { kept: 0, read: 0, taken: 0 };
  const markOf = (file: SourceFile): string => {
    const known = marks.get(file);
    if (known !== undefined) return known;
    const mark = hash(`${relative(file.uri, root)}\n${file.languageId}\n${file.text}`).slice(0, 32);
    marks.set(file, mark);
    return mark;
  };
  const holds = (kept: Kept, file: SourceFile, context: ReadContext): boolean => {
    const known = new Map([[file.uri, file]]);
    return (kept.asked ?? []).every(([path, from, mark]) => {
      const asking = known.get(from);
      if (!asking) return false;
      const found = context.file(path, asking);
      if (found) known.set(found.uri, found);
      return (found ? markOf(found) : null) === mark;
    });
  };
  const readings: ReadCache = (file, context, make) => {
    const mark = markOf(file);
    const started = startedAs(context);
    const known = [...(after.get(mark) ?? []), ...(before.get(mark) ?? [])];
    const kept = known.find((one) => one.started === started && holds(one, file, context));
    if (kept) {
      counted.kept += 1;
      if (!after.get(mark)?.includes(kept)) after.set(mark, [...(after.get(mark) ?? []), kept]);
      return kept.readings;
    }
    const asked: Asked[] = [];
    const made = make({
      ...context,
      file: (path, from) => {
        const found = context.file(path, from);
        asked.push([path, from.uri, found ? markOf(found) : null]);
        return found;
      },
    });
    counted.read += 1;
    const one = { ...(started && { started }), ...(asked.length > 0 && { asked }), readings: made };
    after.set(mark, [...(after.get(mark) ?? []), one]);
    return made;
  };
  return {
    readings,
    text: () => encode(after, keptFor),
    entries: () => [...after],
    take(entries) {
      for (const [mark, more] of entries) {
        before.set(mark, [...(before.get(mark) ?? []), ...more]);
        counted.taken += more.length;
      }
    },
    knows: (file) => before.has(markOf(file)) || after.has(markOf(file)),
    counts: () => counted,
  };
}

/** The readings of a run: where they are looked for, read ahead and kept. */
export interface ReadingsOfRun {
  readonly readings: ReadCache;
  /** Reads files that will be asked for, in as many threads as pay; what they say is the same without. */
  ahead(files: ReadonlyMap<string, SourceFile>, syntax: Syntax): Promise<void>;
  keep(): Promise<void>;
}

/** Less text (in UTF-16 units) than this is read sooner than other threads have started. */
const worthThreads = 4_000_000;
/** Files that this thread reads between two words of how far all are. */
const sayEvery = 16;

/** The readings that a folder keeps; `keep` writes back those of this run. Without a folder they are kept for this run alone. */
export async function openCache(folder: string | undefined, host: CliHost): Promise<ReadingsOfRun> {
  const path = folder === undefined ? undefined : `${folder.replace(/\/$/, '')}/readings.flopwise`;
  const release = path === undefined ? host.version : await host.build();
  const text = path === undefined ? undefined : await host.kept(path);
  const root = host.uriOf('.');
  const kept = openReadings(text, { root, release, hash: host.hash });
  let reading = 1;
  return {
    readings: kept.readings,
    async ahead(files, syntax) {
      const unknown = [...files.values()].filter((file) => !kept.knows(file));
      if (unknown.reduce((sum, { text: { length } }) => sum + length, 0) < worthThreads) return;
      const order = unknown.sort((a, b) => b.text.length - a.text.length).map(({ uri }) => uri);
      const task = { files: [...files.values()], order, root, release };
      const threads = host.readInThreads(task);
      if (threads.count === 0) return;
      reading = threads.count + 1;
      let asked = 0;
      readShare(task, syntax, kept, () => {
        const at = threads.next();
        asked += 1;
        if (asked % sayEvery === 0) host.progress(`read ${at} of ${order.length} files in ${reading} threads`);
        return at;
      });
      for (const share of await threads.shares) {
        if (share instanceof Error) host.verbose(`a thread failed, its files are read again: ${share.message}`);
        else kept.take(share);
      }
    },
    async keep() {
      const { kept: known, read, taken } = kept.counts();
      const inThreads = reading > 1 ? ` in ${reading} threads` : '';
      host.verbose(`read ${read + taken} files${inThreads}, ${known} times what was read of one was at hand`);
      if (path !== undefined) await host.write(path, kept.text());
    },
  };
}

function startedAs({ command, select }: ReadContext): string | undefined {
  if (!command && select === undefined) return undefined;
  return JSON.stringify({ environment: command ? [...command.environment] : [], words: command?.words, select });
}

function relative(uri: string, root: string): string {
  return uri.startsWith(root) ? uri.slice(root.length) : uri;
}

/** Stands for the root in kept texts; no URI and no text of a job begins with it. */
const rootMark = '\u0001';
/** Key of a map in kept texts, which JSON has no form for. */
const mapMark = '\u0001map';

function encode(entries: ReadonlyMap<string, readonly Kept[]>, keptFor: KeptFor): string {
  const payload = JSON.stringify([...entries], (_key, value: unknown) => {
    if (value instanceof Map) return { [mapMark]: [...value] };
    return typeof value === 'string' ? value.replaceAll(keptFor.root, rootMark) : value;
  });
  return `${headOf(payload, keptFor)}\n${payload}`;
}

function decode(text: string | undefined, keptFor: KeptFor): ReadonlyMap<string, readonly Kept[]> {
  const end = text?.indexOf('\n') ?? -1;
  const payload = text?.slice(end + 1) ?? '';
  // The head holds the mark of all that follows, so what passes is what an earlier run wrote, whole.
  if (end < 0 || text?.slice(0, end) !== headOf(payload, keptFor)) return new Map();
  return new Map<string, Kept[]>(
    JSON.parse(payload, (_key, value: unknown) => {
      if (typeof value === 'string') return value.replaceAll(rootMark, keptFor.root);
      return isKeptMap(value) ? new Map(value[mapMark]) : value;
    }),
  );
}

function headOf(payload: string, { release, hash }: KeptFor): string {
  return `flopwise readings ${formVersion} ${release} ${hash(payload)}`;
}

function isKeptMap(value: unknown): value is { [mapMark]: [string, unknown][] } {
  return typeof value === 'object' && value !== null && mapMark in value;
}
