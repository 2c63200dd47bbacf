import type { Host } from '#core/host.ts';
import { type Analysis, type AnalyzedWorkload, type AnalyzeInput, analyze } from '#core/index.ts';
import { createReadCache, readFile } from '#core/readers/read.ts';
import type { Settings } from '#core/settings.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Engine } from './engine.ts';
import { baseName } from './uri.ts';
import { isReadable, isWalked, maximumFiles } from './walked.ts';

/** Files naming files naming files: so many steps are followed, cycles included. */
const maximumRounds = 4;
/** Files that are read at the same time. */
const readAtOnce = 32;

/** How far a scan is. */
export interface ScanProgress {
  readonly stage: 'listing' | 'reading' | 'analysing';
  readonly done: number;
  readonly total: number;
}

/** What a scan needs of those who wait for it. */
export interface ScanWatch {
  progress(step: ScanProgress): void;
  /** True where nobody waits any more: the scan ends without an answer. */
  isCancelled(): boolean;
  /** Lets others be answered between two steps. */
  breathe(): Promise<void>;
}

/** Every job below a folder, with the files it was read from. */
export interface Scanned {
  readonly workloads: readonly AnalyzedWorkload[];
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** The files below folders, kept between scans: only what has changed is read again. */
export interface Scan {
  /** All jobs below a folder; undefined where it was cancelled or the folder cannot be listed. */
  run(folder: string, engine: Engine, settings: Settings, watch: ScanWatch): Promise<Scanned | undefined>;
  /** A file has changed, come or gone. */
  forget(uri: string): void;
}

/** What a scan reads through. */
export interface ScanInput {
  readonly host: Pick<Host, 'readFile' | 'listFolder'>;
  /** The open document of a URI, which may not be saved yet. */
  open(uri: string): SourceFile | undefined;
}

/** Keeps the files of a workspace for one scan after the other. */
export function keepScan({ host, open }: ScanInput): Scan {
  const read = new Map<string, SourceFile | undefined>();
  const listed = new Map<string, readonly string[]>();
  const readings = createReadCache();
  let version = 0;

  const load = async (uri: string) => {
    if (read.has(uri)) return;
    const text = await host.readFile(uri);
    const opened = text === undefined ? undefined : openSource(uri, ++version, text);
    read.set(uri, opened && isSource(opened) ? opened : undefined);
  };
  const list = async (folder: string, watch: ScanWatch): Promise<readonly string[] | undefined> => {
    const known = listed.get(folder);
    if (known) return known;
    const found = await walk(folder, host, watch);
    if (found) listed.set(folder, found);
    return found;
  };

  return {
    async run(folder, engine, settings, watch) {
      const uris = await list(folder, watch);
      if (!uris) return undefined;
      for (let at = 0; at < uris.length; at += readAtOnce) {
        watch.progress({ stage: 'reading', done: at, total: uris.length });
        await Promise.all(uris.slice(at, at + readAtOnce).map(load));
        if (watch.isCancelled()) return undefined;
      }
      const files = new Map<string, SourceFile>();
      for (const uri of uris) {
        const file = open(uri) ?? read.get(uri);
        if (file) files.set(uri, file);
      }
      const world = { files, ...engine, settings, readings };
      if (!(await warm(world, watch))) return undefined;
      watch.progress({ stage: 'analysing', done: files.size, total: files.size });
      const { workloads } = await completed(world, watch, async (uri) => {
        if (!uri.startsWith(`${folder}/`)) return undefined;
        await load(uri);
        return open(uri) ?? read.get(uri);
      });
      return watch.isCancelled() ? undefined : { workloads: workloads.filter(isWhole), files };
    },
    forget(uri) {
      read.delete(uri);
      for (const [folder, uris] of listed) {
        if (uri.startsWith(`${folder}/`) && !uris.includes(uri)) listed.delete(folder);
      }
    },
  };
}

/** False for a part of a job that is none by itself, such as a DeepSpeed config. */
export function isWhole({ workload }: AnalyzedWorkload): boolean {
  return workload.readings.some((reading) => reading.role !== 'fragment');
}

/** An analysis with the files that it found missing, as far as they can be had; they join `world.files`. */
export async function completed(
  world: AnalyzeInput & { readonly files: Map<string, SourceFile> },
  watch: Pick<ScanWatch, 'isCancelled'>,
  find: (uri: string) => Promise<SourceFile | undefined>,
): Promise<Analysis> {
  const { files } = world;
  let analysis = analyze(world);
  for (let round = 0; round < maximumRounds && !watch.isCancelled(); round += 1) {
    const found = await Promise.all(analysis.missing.filter((uri) => !files.has(uri)).map(find));
    const more = found.filter((one): one is SourceFile => one !== undefined);
    if (more.length === 0) break;
    for (const one of more) files.set(one.uri, one);
    analysis = analyze(world);
  }
  return analysis;
}

/** URIs of all files below a folder that a reader could read by their name; undefined where the folder cannot be listed. */
async function walk(
  folder: string,
  { listFolder }: Pick<Host, 'listFolder'>,
  watch: ScanWatch,
): Promise<readonly string[] | undefined> {
  if (!listFolder) return undefined;
  const found: string[] = [];
  const folders = [folder];
  for (let here = folders.shift(); here !== undefined && found.length < maximumFiles; here = folders.shift()) {
    const entries = await listFolder(here);
    if (!entries && here === folder) return undefined;
    found.push(...[...(entries?.files ?? [])].sort().filter((uri) => isReadable(baseName(uri))));
    folders.push(...[...(entries?.folders ?? [])].sort().filter((uri) => isWalked(baseName(uri))));
    watch.progress({ stage: 'listing', done: found.length, total: found.length });
    if (watch.isCancelled()) return undefined;
  }
  return found;
}

/** Reads each file once, a few at a time with a breath between, so that the analysis of all finds their readings; false where cancelled. */
async function warm(world: AnalyzeInput, watch: ScanWatch): Promise<boolean> {
  const context = { syntax: world.syntax, file: () => undefined };
  let done = 0;
  for (const file of world.files.values()) {
    readFile(file, context, world.readings);
    done += 1;
    if (done % breathEvery !== 0) continue;
    watch.progress({ stage: 'analysing', done, total: world.files.size });
    await watch.breathe();
    if (watch.isCancelled()) return false;
  }
  return true;
}

/** Files that are read between two breaths. */
const breathEvery = 8;
