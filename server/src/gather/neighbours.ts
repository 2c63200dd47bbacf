import type { Host } from '#core/host.ts';
import { isProjectFile } from '#core/project/find.ts';
import { projectFileNames } from '#core/project/project.ts';
import { languageOf } from '#core/source/language.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { isDependencyFile } from '#core/workload/framework-versions.ts';
import { baseName, folderOf } from './uri.ts';

/** At most so many files of a folder are looked at; more are left to explicit references. */
const maximumNeighbours = 60;
/** Files above a document that say which releases it runs on. */
const dependencyFileNames = ['requirements.txt', 'pyproject.toml', 'uv.lock', 'environment.yml'];
/** So many folders above a document's own may hold the project file. */
const maximumAbove = 8;

/** Files that are not open, read through the host and kept until the disk changes. */
export interface Neighbours {
  /** Launchers, configs and manifests in the document's folder that name it or are named by it. */
  besides(file: SourceFile): Promise<readonly SourceFile[]>;
  /** One file that another names; undefined where it is missing, too large, of no known language or outside the workspace. */
  named(uri: string): Promise<SourceFile | undefined>;
  /** Drops what is known of a file, and of its folder's listing. */
  forget(uri: string): void;
}

/** Reads neighbours through a host. `inside` says whether a path that a repo names may be read at all. */
export function readNeighbours(host: Host, inside: (uri: string) => boolean): Neighbours {
  const files = new Map<string, Promise<SourceFile | undefined>>();
  const folders = new Map<string, Promise<readonly string[]>>();
  let version = 0;

  const load = async (uri: string): Promise<SourceFile | undefined> => {
    const text = await host.readFile(uri);
    const opened = text === undefined ? undefined : openSource(uri, ++version, text);
    return opened && isSource(opened) ? opened : undefined;
  };
  const read = (uri: string) => {
    const known = files.get(uri) ?? load(uri);
    files.set(uri, known);
    return known;
  };
  const list = (folder: string) => {
    const known = folders.get(folder) ?? host.readFolder(folder).then((uris) => uris ?? []);
    folders.set(folder, known);
    return known;
  };

  return {
    async besides(file) {
      const folder = folderOf(file.uri);
      if (!folder) return [];
      const uris = (await list(folder)).filter((uri) => uri !== file.uri && mayLaunch(uri));
      const found = await Promise.all(uris.slice(0, maximumNeighbours).map(read));
      const beside = found.filter((one): one is SourceFile => one !== undefined && related(file, one));
      const above = await Promise.all(
        foldersAbove(folder)
          .flatMap((one) => [...projectFileNames, ...dependencyFileNames].map((name) => `${one}/${name}`))
          .filter(inside)
          .map(read),
      );
      return [...beside, ...above.filter((one): one is SourceFile => one !== undefined)];
    },
    named: async (uri) => (inside(uri) ? read(uri) : undefined),
    forget(uri) {
      files.delete(uri);
      const folder = folderOf(uri);
      if (folder) folders.delete(folder);
    },
  };
}

/** The folders that hold a folder, the nearest first. */
function foldersAbove(folder: string): readonly string[] {
  const above: string[] = [];
  let here = folderOf(folder);
  while (here !== undefined && above.length < maximumAbove) {
    above.push(here);
    here = folderOf(here);
  }
  return above;
}

/** Programs are found by those who start or import them; only the other languages start jobs. */
function mayLaunch(uri: string): boolean {
  const language = languageOf(uri, '');
  return language !== undefined && !['python', 'notebook', 'markdown'].includes(language);
}

/** True where one of two files of a folder names the other, or the neighbour speaks for the whole folder. */
function related(file: SourceFile, neighbour: SourceFile): boolean {
  const name = baseName(file.uri);
  const other = baseName(neighbour.uri);
  if (isProjectFile(neighbour.uri) || isDependencyFile(neighbour.uri)) return true;
  if (neighbour.text.includes(name) || file.text.includes(other)) return true;
  return file.languageId === 'python' && neighbour.text.includes(`-m ${name.replace(/\.py$/, '')}`);
}
