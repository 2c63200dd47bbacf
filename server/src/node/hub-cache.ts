import { open, readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ModelFiles } from '#core/catalog/model-files.ts';

/** Models of the cache that are looked at, by name; caches rarely hold more. */
const mostModels = 300;
/** Weight files of one model whose headers are read. */
const mostFiles = 64;
/** A `config.json` has some thousand bytes. */
const largestText = 1024 * 1024;
/** Safetensors headers have some hundred bytes a tensor; GGUF headers hold the vocabulary and its merges. */
const largestHeader = { safetensors: 4 * 1024 * 1024, gguf: 16 * 1024 * 1024 };

/** The folder in which the Hugging Face libraries keep what they downloaded. */
export function hubFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  const { HF_HUB_CACHE: hub, HF_HOME: own, XDG_CACHE_HOME: cache } = env;
  if (hub && isAbsolute(hub)) return hub;
  if (own && isAbsolute(own)) return join(own, 'hub');
  return join(cache && isAbsolute(cache) ? cache : join(home, '.cache'), 'huggingface', 'hub');
}

/**
 * The models in the local Hugging Face cache: their configurations, and the headers of their weights where they have
 * none. Nothing is loaded, nothing is fetched, and only this folder is read.
 */
export async function readHub(folder: string): Promise<readonly ModelFiles[]> {
  const names = (await namesIn(folder)).filter((name) => name.startsWith('models--')).slice(0, mostModels);
  const models = await Promise.all(names.map((name) => readModel(join(folder, name), idOf(name))));
  return models.filter((one): one is ModelFiles => one !== undefined);
}

/** `models--org--name` is org/name. */
function idOf(name: string): string {
  return name.slice('models--'.length).replace('--', '/');
}

async function readModel(folder: string, id: string): Promise<ModelFiles | undefined> {
  const snapshots = await namesIn(join(folder, 'snapshots'));
  const main = (await textOf(join(folder, 'refs', 'main')))?.trim();
  const snapshot = snapshots.find((name) => name === main) ?? snapshots.at(-1);
  if (snapshot === undefined) return undefined;
  const path = join(folder, 'snapshots', snapshot);
  const names = await namesIn(path);
  const text = (name: string) => (names.includes(name) ? textOf(join(path, name)) : undefined);
  const [config, adapterConfig] = await Promise.all([text('config.json'), text('adapter_config.json')]);
  const about = { id, source: `${id} in the local Hugging Face cache` };
  if (config !== undefined) return { ...about, config };
  if (adapterConfig !== undefined) return { ...about, adapterConfig };
  const weights = names.filter((name) => name.endsWith('.safetensors'));
  const headers = weights.length > mostFiles ? [] : await Promise.all(weights.map((name) => header(join(path, name))));
  const quantised = names.find((name) => name.endsWith('.gguf'));
  const gguf = quantised === undefined ? undefined : await beginning(join(path, quantised), 0, largestHeader.gguf);
  const safetensors = headers.filter((one): one is Uint8Array => one !== undefined);
  if (!gguf && (safetensors.length === 0 || safetensors.length < weights.length)) return undefined;
  return { ...about, ...(safetensors.length > 0 && { safetensors }), ...(gguf && { gguf }) };
}

/** The header of a safetensors file and no more: its length stands in the first eight bytes. */
async function header(path: string): Promise<Uint8Array | undefined> {
  const start = await beginning(path, 0, 8);
  if (start?.byteLength !== 8) return undefined;
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  return length > largestHeader.safetensors ? undefined : beginning(path, 0, 8 + Number(length));
}

async function beginning(path: string, from: number, length: number): Promise<Uint8Array | undefined> {
  return present(async () => {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.min(length, Math.max(0, size - from)));
      const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, from);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  });
}

async function textOf(path: string): Promise<string | undefined> {
  return present(async () => {
    const info = await stat(path);
    return info.isFile() && info.size <= largestText ? readFile(path, 'utf8') : undefined;
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await present(async () => (await readdir(folder)).sort())) ?? [];
}

/** The answer; undefined where the file system refuses: a cache that is being written or is not ours tells nothing. */
async function present<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}
