import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import type { Disk } from '../cli/disk.ts';

/** Node has it from 22.15 on. */
const zstd: unknown = Reflect.get(zlib, 'zstdCompressSync');

/** More files than this are not a folder of checkpoints. */
const mostFiles = 200_000;

/** Reads files of any size in parts; nothing is ever written, moved or taken away. */
export const disk: Disk = {
  async list(uri) {
    const root = fileURLToPath(uri);
    const found: { path: string; bytes: number }[] = [];
    const folders = [''];
    for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
      for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory() && entry.name !== '.git') folders.push(path);
        else if (entry.isFile()) found.push({ path, bytes: (await lstat(join(root, ...path.split('/')))).size });
        if (found.length >= mostFiles) return { files: found, cut: true };
      }
    }
    return { files: found.sort((a, b) => (a.path < b.path ? -1 : 1)), cut: false };
  },
  async read(uri, path, from, length) {
    const file = await open(inside(uri, path));
    try {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, from);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  },
  async digest(uri, path) {
    const hash = createHash('sha256');
    for await (const part of createReadStream(inside(uri, path))) hash.update(part);
    return hash.digest('hex');
  },
  ...(typeof zstd === 'function' ? { zstd: (bytes) => (zstd(bytes) as Uint8Array).length } : {}),
};

function inside(uri: string, path: string): string {
  return join(fileURLToPath(uri), ...path.split('/').join(sep).split(sep));
}
