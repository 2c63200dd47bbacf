import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KnownError } from '../cli/exit.ts';
import type { CliHost } from '../cli/host.ts';

/** A host that reads below one folder alone; undefined where the folder is none. Links that lead out of it are not followed. */
export async function hostUnder(folder: string, host: CliHost): Promise<CliHost | undefined> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined || !(await stat(root)).isDirectory()) return undefined;
  const holds = (path: string) => {
    const way = relative(root, path);
    return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  };
  /** True for what lies below the root once links are followed; what is not there is left to the reader. */
  const isInside = async (uri: string) => {
    if (!uri.startsWith('file:')) return false;
    const path = fileURLToPath(uri);
    return holds(path) && holds(await realpath(path).catch(() => path));
  };
  return {
    ...host,
    uriOf(path) {
      const whole = resolve(root, path);
      if (!holds(whole)) throw new KnownError(`${path} lies outside of the root`);
      return pathToFileURL(whole).href;
    },
    show: (uri) => (uri.startsWith('file:') ? relative(root, fileURLToPath(uri)) || '.' : uri),
    readFile: async (uri) => ((await isInside(uri)) ? host.readFile(uri) : undefined),
    readFolder: async (uri) => ((await isInside(uri)) ? host.readFolder(uri) : undefined),
    kindOf: async (uri) => ((await isInside(uri)) ? host.kindOf(uri) : undefined),
    walk: async (uri) => ((await isInside(uri)) ? host.walk(uri) : []),
  };
}
