import { type Analysis, analyze } from '#core/analyze.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { isProjectFile } from '#core/project/find.ts';
import { createReadCache } from '#core/readers/read.ts';
import type { Settings } from '#core/settings.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Engine } from '../gather/engine.ts';
import type { Neighbours } from '../gather/neighbours.ts';
import { folderOf } from '../gather/uri.ts';
import type { Documents } from './documents.ts';
import { isBroken, keepGood } from './keep.ts';
import type { View } from './view.ts';

/** Files naming files naming files: so many steps are followed, cycles included. */
const maximumRounds = 4;
/** Files that one analysis may take in besides the open ones. */
const maximumLoaded = 60;

/** One analysis with the files it was made of. */
interface Held {
  readonly mark: string;
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly analysis: Analysis;
}

/** The analyses of the open documents, one value a state of their files; every surface reads the same. */
export interface Analyses {
  /** What holds for a document (or the notebook of a cell) now, open or within the workspace; undefined where it is neither or of no known language. */
  viewOf(uri: string): Promise<View | undefined>;
  /** Forgets a document that was closed. */
  close(uri: string): void;
}

/** What the analyses are made from. */
export interface AnalysesInput {
  readonly documents: Documents;
  readonly neighbours: Neighbours;
  /** Grammars and tables, loaded at the first call. */
  engine(): Promise<Engine>;
  settingsOf(uri: string): Promise<Settings>;
  /** Told of every new analysis of a document, with the files it was made of. */
  analyzed?(uri: string, analysis: Analysis, files: ReadonlyMap<string, SourceFile>): void;
}

/** Keeps one analysis for each open document by the versions of the files in it. */
export function keepAnalyses({ documents, neighbours, engine, settingsOf, analyzed }: AnalysesInput): Analyses {
  const held = new Map<string, Held>();
  const good = new Map<string, View>();
  const named = new Map<string, ReadonlySet<string>>();
  const readings = createReadCache();

  const gather = async (file: SourceFile, asked: ReadonlySet<string>): Promise<Map<string, SourceFile>> => {
    const files = new Map([[file.uri, file]]);
    const folder = folderOf(file.uri);
    for (const one of documents.all()) {
      const beside = folder !== undefined && folderOf(one.uri) === folder;
      if (beside || (folder && speaksFor(one.uri, folder))) files.set(one.uri, one);
    }
    const beside = await neighbours.besides(file);
    const given = await Promise.all([...asked].map((uri) => neighbours.named(uri)));
    for (const one of [...beside, ...given]) {
      if (one && !files.has(one.uri)) files.set(one.uri, documents.file(one.uri) ?? one);
    }
    return files;
  };

  const analysisOf = async (uri: string, rounds: number): Promise<Held | undefined> => {
    const [{ syntax, catalog }, settings] = await Promise.all([engine(), settingsOf(uri)]);
    const opened = documents.file(uri) ?? (await neighbours.named(uri));
    if (!opened) return undefined;
    const asked = named.get(uri) ?? new Set<string>();
    const files = await gather(opened, asked);
    // The documents may have moved on while files were read: take them as they are now, and do not wait again.
    for (const key of files.keys()) {
      const now = documents.file(key);
      if (now) files.set(key, now);
    }
    const mark = [...files.values()]
      .map((file) => `${file.uri} ${file.version}`)
      .sort()
      .join('\n');
    const holds = (one: Held | undefined) =>
      one && one.mark === mark && one.settings === settings && one.catalog === catalog ? one : undefined;
    const known = holds(held.get(uri));
    if (known) return known;
    // Documents of one folder take part in the same analysis: it is made for the first that asks.
    const shared = [...held.values()].find(holds);
    if (shared) {
      if (documents.file(uri)) held.set(uri, shared);
      return shared;
    }
    const analysis = analyze({ files, syntax, catalog, settings, readings });
    const next: Held = { mark, settings, catalog, files, analysis };
    // Against what this round asked for: another request may have named the files since, and this one has not seen them.
    const more = analysis.missing.filter((one) => !asked.has(one)).slice(0, maximumLoaded - asked.size);
    if (more.length > 0 && rounds > 0) {
      named.set(uri, new Set([...(named.get(uri) ?? []), ...asked, ...more]));
      return analysisOf(uri, rounds - 1);
    }
    if (documents.file(uri)) held.set(uri, next);
    analyzed?.(uri, analysis, files);
    return next;
  };

  return {
    async viewOf(uri) {
      const main = (documents.file(uri) ?? (await neighbours.named(uri)))?.uri;
      const found = main ? await analysisOf(main, maximumRounds) : undefined;
      const file = main ? found?.files.get(main) : undefined;
      if (!found || !main || !file) return undefined;
      const { syntax, catalog } = await engine();
      const best = [found, ...[...held.values()].filter((one) => one.files.get(main) === file)].reduce((a, b) =>
        reach(b, main) > reach(a, main) ? b : a,
      );
      const fresh: View = {
        file,
        files: best.files,
        workloads: best.analysis.workloads.filter(({ workload }) => workload.files.includes(main)),
        problems: best.analysis.problems.filter(({ span }) => !span || span.uri === main),
        pricesAsOf: catalog.pricesAsOf,
      };
      if (isBroken(file, syntax)) return keepGood(fresh, good.get(main));
      good.set(main, fresh);
      return fresh;
    },
    close(uri) {
      held.delete(uri);
      good.delete(uri);
      named.delete(uri);
    },
  };
}

/** True for a project file of a folder above, which may not be saved yet. */
function speaksFor(uri: string, folder: string): boolean {
  return isProjectFile(uri) && folder.startsWith(`${folderOf(uri)}/`);
}

/** How many files are joined in the jobs of a document: the analysis that knows most of them is shown. */
function reach(held: Held, uri: string): number {
  const sizes = held.analysis.workloads
    .filter((one) => one.workload.files.includes(uri))
    .map((one) => one.workload.files.length);
  return Math.max(0, ...sizes);
}
