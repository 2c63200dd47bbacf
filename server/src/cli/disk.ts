import type { StoredFile } from '#core/lifecycle/stored.ts';

/** Files of a folder that are too large to load: listed, read in parts, hashed. There is no way to change anything. */
export interface Disk {
  /** Every file below a folder with its size, hidden ones too; links are not followed. `cut` where there were too many. */
  list(uri: string): Promise<{ readonly files: readonly StoredFile[]; readonly cut: boolean }>;
  /** A stretch of a file; fewer bytes at its end. */
  read(uri: string, path: string, from: number, length: number): Promise<Uint8Array>;
  /** SHA-256 of a whole file. */
  digest(uri: string, path: string): Promise<string>;
  /** Bytes that zstd makes of some at its default level; absent where this Node has no zstd. */
  zstd?(bytes: Uint8Array): number;
}
