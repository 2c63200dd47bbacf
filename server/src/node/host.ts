import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Host } from '#core/host.ts';
import { hubFolder, readHub } from './hub-cache.ts';
import { keptPricesPath, readKept } from './kept-prices.ts';

const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG']);

/** Larger files are cut here, so that a disk image is never loaded; the core refuses what is still too long. */
const readAtMost = 8 * 1024 * 1024;

/** The answer, or undefined where the file system says that it is not there or not ours to read. */
async function present<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && missing.has(String(error.code))) return undefined;
    throw error;
  }
}

/** The disk. Assets lie in `assets`, a folder URL beside the bundle. */
export function nodeHost(assets: URL): Host {
  return {
    async readFile(uri) {
      const url = new URL(uri);
      if (url.protocol !== 'file:') return undefined;
      const info = await present(stat(url));
      if (!info?.isFile()) return undefined;
      if (info.size > readAtMost) return ' '.repeat(readAtMost);
      return present(readFile(url, 'utf8'));
    },
    async readFolder(uri) {
      const url = new URL(uri.endsWith('/') ? uri : `${uri}/`);
      if (url.protocol !== 'file:') return undefined;
      const entries = await present(readdir(fileURLToPath(url), { withFileTypes: true }));
      return entries
        ?.filter((entry) => entry.isFile())
        .map((entry) => pathToFileURL(`${fileURLToPath(url)}${entry.name}`).href);
    },
    async listFolder(uri) {
      const url = new URL(uri.endsWith('/') ? uri : `${uri}/`);
      if (url.protocol !== 'file:') return undefined;
      const path = fileURLToPath(url);
      const entries = await present(readdir(path, { withFileTypes: true }));
      const urisOf = (wanted: Dirent[] | undefined) =>
        wanted?.map(({ name }) => pathToFileURL(`${path}${name}`).href) ?? [];
      return (
        entries && {
          files: urisOf(entries.filter((entry) => entry.isFile())),
          folders: urisOf(entries.filter((entry) => entry.isDirectory())),
        }
      );
    },
    readHubModels: () => readHub(hubFolder()),
    readKeptPrices: () => readKept(keptPricesPath()),
    async readAsset(name) {
      return new Uint8Array(await readFile(new URL(name, assets)));
    },
  };
}
