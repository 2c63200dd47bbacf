import type { ModelFiles } from './catalog/model-files.ts';

/** What lies in a folder; links are left out. */
export interface FolderEntries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** The world as the shells give it to the core's callers: files and assets by name. Node reads the disk, a browser worker asks its client, tests use a Map. */
export interface Host {
  /** Text of a document, undefined where there is none or it may not be read. */
  readFile(uri: string): Promise<string | undefined>;
  /** URIs of the files in a folder, undefined where it cannot be listed. */
  readFolder(uri: string): Promise<readonly string[] | undefined>;
  /** URIs of the files and folders in a folder, undefined where it cannot be listed; absent where the shell lists files alone. */
  listFolder?(uri: string): Promise<FolderEntries | undefined>;
  /** Bytes of a grammar or table that ships with the product. */
  readAsset(name: string): Promise<Uint8Array>;
  /** Models that lie on this machine in the Hugging Face cache; absent where there is none to read. */
  readHubModels?(): Promise<readonly ModelFiles[]>;
  /** Asks a model hub for one public model by its id; absent where that is not allowed. */
  readonly askHub?: AskHub;
  /** Text of the prices that a refresh has kept for this user, undefined where there are none; absent where nothing is kept. */
  readKeptPrices?(): Promise<string | undefined>;
}

/** What a hub tells of a model, or why it tells nothing. Never rejects. */
export type AskHub = (id: string) => Promise<ModelFiles | { readonly reason: string }>;
