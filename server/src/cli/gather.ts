import type { Analysis, AnalyzedWorkload } from '#core/analyze.ts';
import { whatIfInput } from '#core/analyze.ts';
import { withModels } from '#core/catalog/more-models.ts';
import { createReadCache, type ReadCache } from '#core/readers/read.ts';
import type { Settings } from '#core/settings.ts';
import { isSource } from '#core/source/open.ts';
import type { Problem } from '#core/source/problem.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Engine } from '#server/gather/engine.ts';
import { keepHubModels } from '#server/gather/hub.ts';
import { readNeighbours } from '#server/gather/neighbours.ts';
import { completed, isWhole } from '#server/gather/scan.ts';
import { KnownError } from './exit.ts';
import type { CliHost } from './host.ts';
import type { ReadingsOfRun } from './kept-readings.ts';
import { openFile } from './open.ts';
import { configured, withoutProjectFiles } from './own.ts';
import type { Reported } from './reporters/index.ts';

/** Files of a folder that are read at the same time. */
const readAtOnce = 64;

/** The jobs of some paths, with the files they were read from. */
export interface Gathered extends Reported {
  /** What the jobs were analysed with: with the models that a hub told of, where it was asked. */
  readonly engine: Engine;
  /** Settings that hold where no project file says otherwise. */
  readonly settings: Settings;
}

/**
 * Analyses paths as typed. A file brings the launchers and configs of its folder that name it or that it names; a folder
 * brings all its files. Files named elsewhere are read only below where the command was started or the paths given.
 */
export async function gatherPaths(
  paths: readonly string[],
  engine: Engine,
  asSaid: Settings,
  host: CliHost,
  progress: (text: string) => void = () => undefined,
  readings: ReadCache = createReadCache(),
  ahead?: ReadingsOfRun['ahead'],
): Promise<Gathered> {
  const { settings, problems: ownProblems, file: config } = await configured(asSaid, engine, host);
  const files = new Map<string, SourceFile>();
  const asked = new Set<string>();
  const roots = [folder(host.uriOf('.'))];
  const problems: Problem[] = [];
  const neighbours = readNeighbours(host, (uri) => roots.some((root) => uri.startsWith(root)));
  const load = async (uri: string) => {
    const file = await openFile(uri, host);
    if (isSource(file)) files.set(uri, file);
    return file;
  };
  for (const path of paths) {
    const uri = host.uriOf(path);
    const kind = await host.kindOf(uri);
    if (kind === undefined) throw new KnownError(`${path}: no such file or folder`);
    if (kind === 'folder') {
      roots.push(folder(uri));
      for (const [one, file] of await loadFolder(uri, host, progress)) files.set(one, file);
      for (const one of await host.walk(uri)) asked.add(one);
      continue;
    }
    roots.push(uri.slice(0, uri.lastIndexOf('/') + 1));
    const file = await load(uri);
    asked.add(uri);
    if (!isSource(file)) problems.push({ code: 'unread', message: `${path} ${file.reason}` });
    else for (const one of await neighbours.besides(file)) if (!files.has(one.uri)) files.set(one.uri, one);
  }
  progress(`analysing ${files.size} files`);
  await ahead?.(files, engine.syntax);
  let known = engine;
  const world = () => ({ files: new Map(withoutProjectFiles(files, host)), ...known, settings, readings });
  const analyzed = () =>
    completed(world(), { isCancelled: () => false }, async (uri) => {
      const found = files.has(uri) ? undefined : await neighbours.named(uri);
      if (found) files.set(uri, found);
      return found;
    });
  let analysis = await analyzed();
  const hub = host.askHub && keepHubModels(host.askHub);
  if (hub && (await hub.ask(analysis.workloads, files))) {
    known = { ...engine, catalog: withModels(engine.catalog, hub.learned()) };
    analysis = await analyzed();
  }
  problems.push(...(hub?.problems() ?? []));
  return {
    engine: known,
    workloads: taking(analysis, asked),
    problems: [...(engine.notices ?? []), ...ownProblems, ...problems, ...analysis.problems],
    files: config ? new Map([...withoutProjectFiles(files, host), [config.uri, config]]) : files,
    settings,
    pricesAsOf: known.catalog.pricesAsOf,
    worldOf: ({ workload }) => whatIfInput(workload, world()),
  };
}

/** Every document of a folder, read some at a time. */
export async function loadFolder(
  uri: string,
  host: CliHost,
  progress: (text: string) => void = () => undefined,
): Promise<ReadonlyMap<string, SourceFile>> {
  const files = new Map<string, SourceFile>();
  const below = await host.walk(uri);
  for (let at = 0; at < below.length; at += readAtOnce) {
    const opened = await Promise.all(below.slice(at, at + readAtOnce).map((one) => openFile(one, host)));
    for (const file of opened) if (isSource(file)) files.set(file.uri, file);
    progress(`read ${Math.min(at + readAtOnce, below.length)} of ${below.length} files`);
  }
  return files;
}

/** The jobs in which a file that was asked for takes part; a part of a job (a DeepSpeed config) is none by itself. */
function taking({ workloads }: Analysis, asked: ReadonlySet<string>): readonly AnalyzedWorkload[] {
  return workloads.filter((one) => isWhole(one) && one.workload.files.some((uri) => asked.has(uri)));
}

function folder(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}
