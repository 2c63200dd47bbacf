import { watchFile } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** A kept file is far smaller; a larger one is none of ours. */
const largestKept = 32 * 1024 * 1024;

/** Where refreshed prices are kept for this user: the cache folder of the platform, never a folder of the project. */
export function keptPricesPath(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  return join(cacheFolder(env, platform, home), 'flopwise', 'prices.json');
}

function cacheFolder(env: Readonly<Record<string, string | undefined>>, platform: string, home: string): string {
  const asked = env['XDG_CACHE_HOME'];
  // A relative path would depend on the folder of the project: by the XDG specification it is to be ignored.
  if (asked && isAbsolute(asked)) return asked;
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  const local = env['LOCALAPPDATA'];
  if (platform === 'win32') return local && isAbsolute(local) ? local : join(home, 'AppData', 'Local');
  return join(home, '.cache');
}

/** The kept text; undefined where there is none or it may not be read, empty where it cannot be ours. */
export async function readKept(path: string): Promise<string | undefined> {
  try {
    const info = await stat(path);
    return info.isFile() && info.size <= largestKept ? await readFile(path, 'utf8') : '';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return '';
  }
}

/** Writes the text beside the old file and then in its place: a reader sees the old or the new one, never half of it. */
export async function writeKept(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.new`;
  try {
    await writeFile(beside, text);
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

/** Milliseconds between two looks at the file: by time and size alone, and it need not be there. */
const lookEvery = 2000;

/** Runs something when the file has come, gone or changed, as a refresh on the command line changes it. Keeps no process alive. */
export function watchKept(path: string, changed: () => void): void {
  watchFile(path, { persistent: false, interval: lookEvery }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) changed();
  });
}
