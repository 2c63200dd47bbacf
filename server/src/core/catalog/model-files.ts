import { exact, type Known, unknown } from '../workload/known.ts';
import type { Catalog, ModelEntry } from './catalog.ts';
import { readGguf } from './gguf.ts';
import { shapeOfConfig } from './model-config.ts';
import { readSafetensors } from './safetensors.ts';

/** What lies in a folder that holds a model: texts as they are, of weight files the beginning. */
export interface ModelFiles {
  readonly id: string;
  /** Words for where it lies. */
  readonly source: string;
  /** Text of `config.json`. */
  readonly config?: string;
  /** Text of `adapter_config.json`. */
  readonly adapterConfig?: string;
  /** Beginnings of all its `.safetensors` files. */
  readonly safetensors?: readonly Uint8Array[];
  /** Exact count of its weights, where a hub's record tells it. */
  readonly counted?: number;
  /** Beginning of one of its `.gguf` files. */
  readonly gguf?: Uint8Array;
}

/**
 * A model by its own files: the dimensions of `config.json`; the base model that `adapter_config.json` names; the
 * dimensions in a GGUF header; the count of the weights where no dimensions can be told. Undefined where nothing can.
 */
export function modelOfFiles(files: ModelFiles, catalog: Catalog): ModelEntry | undefined {
  const { id, source } = files;
  const gguf = files.gguf && readGguf(files.gguf);
  const header = gguf && 'config' in gguf ? gguf : undefined;
  const counted = files.counted ?? header?.parameters ?? countOf(files.safetensors);
  const parameters: Known<number> =
    counted === undefined
      ? unknown('counted from the dimensions')
      : exact(counted, { kind: 'table', table: 'models', row: id, source });
  const config = files.config === undefined ? header?.config : parsed(files.config);
  const shape = config === undefined ? undefined : shapeOfConfig(config, (family) => catalog.familyShape(family));
  if (shape && 'family' in shape)
    return { id, family: shape.family, modelKind: shape.kind, architecture: shape, parameters, source };
  const base = baseOf(files.adapterConfig);
  const entry = base === undefined || base === id ? undefined : catalog.model(base);
  if (entry) return { ...entry, derivedFrom: { id: entry.id, how: `its adapter_config.json names ${base}` } };
  if (counted === undefined) return undefined;
  return { id, family: 'unknown', modelKind: 'unknown', parameters, source };
}

/** Weights of all files together; undefined where one of them is not told. */
function countOf(files: readonly Uint8Array[] | undefined): number | undefined {
  if (!files || files.length === 0) return undefined;
  let sum = 0;
  for (const file of files) {
    const header = readSafetensors(file);
    if (!('parameters' in header)) return undefined;
    sum += header.parameters;
  }
  return sum > 0 ? sum : undefined;
}

/** Finds a model among folders by its id in any case; each is read when it is first asked for. */
export function indexModelFiles(all: readonly ModelFiles[], catalog: Catalog): (id: string) => ModelEntry | undefined {
  const byId = new Map(all.map((files) => [files.id.toLowerCase(), files]));
  const known = new Map<string, ModelEntry | undefined>();
  return (id) => {
    const key = id.trim().toLowerCase();
    const files = byId.get(key);
    if (!files) return undefined;
    // Set before it is read: adapters that name each other end here.
    if (!known.has(key)) known.set(key, undefined).set(key, modelOfFiles(files, catalog));
    return known.get(key);
  };
}

/** The model that an adapter was trained on, where its configuration names one. */
export function baseOf(adapterConfig: string | undefined): string | undefined {
  const config = adapterConfig === undefined ? undefined : parsed(adapterConfig);
  if (typeof config !== 'object' || config === null) return undefined;
  const base = (config as { readonly base_model_name_or_path?: unknown }).base_model_name_or_path;
  return typeof base === 'string' && base !== '' ? base : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
