import { watchFile } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keptFolder } from './kept-folder.ts';

/** A kept file is far smaller; a larger one is none of ours. */
const largestKept = 32 * 1024 * 1024;

/** Where refreshed prices are kept for this user. */
export function keptPricesPath(...where: Parameters<typeof keptFolder>): string {
  return join(keptFolder(...where), 'prices.json');
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
