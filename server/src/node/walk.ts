import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isReadable, isWalked, maximumFiles } from '../gather/walked.ts';

/** URIs of all files below a folder that a reader could read by their name, in the order of their paths; links are not followed. */
export async function walkFolder(uri: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [fileURLToPath(uri)];
  for (let folder = folders.shift(); folder !== undefined && found.length < maximumFiles; folder = folders.shift()) {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && isWalked(entry.name)) folders.push(path);
      else if (entry.isFile() && isReadable(entry.name)) found.push(pathToFileURL(path).href);
    }
  }
  return found;
}

/** True for a path below a folder that a walk of the folder would find. */
export function mayBeRead(path: string): boolean {
  const names = path.split('/');
  const name = names.pop() ?? '';
  return names.every(isWalked) && isReadable(name);
}
