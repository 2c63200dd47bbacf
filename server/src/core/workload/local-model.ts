import type { Catalog, ModelEntry } from '../catalog/catalog.ts';
import { shapeOfConfig } from '../catalog/model-config.ts';
import { baseOf } from '../catalog/model-files.ts';
import type { SourceFile } from '../source/source-file.ts';
import { spanOf } from '../source/traced.ts';
import { unknown } from './known.ts';
import { expectedUri } from './link-path.ts';
import type { Workload } from './workload.ts';

/** The catalog as one job sees it, and the file that would tell more of its model. */
export interface LocalModels {
  readonly catalog: Catalog;
  readonly missing: readonly string[];
}

/**
 * Adds the model that lies in a folder of the workspace: where a job names a folder, the `config.json` in it holds before
 * any table; without one, the base model that its `adapter_config.json` names. What reads like a path and is not there is named as missing.
 */
export function withLocalModel(
  workload: Workload,
  files: ReadonlyMap<string, SourceFile>,
  catalog: Catalog,
): LocalModels {
  const fact =
    workload.facts.find(({ name }) => name === 'model.path') ??
    workload.facts.find(({ name }) => name === 'model.name');
  const path = typeof fact?.value === 'string' ? fact.value.trim().replace(/\/+$/, '') : '';
  if (!fact || path === '' || /[$`{}()"'\s:]/.test(path)) return { catalog, missing: [] };
  const from = spanOf(fact.origin)?.uri ?? workload.main;
  const uri = expectedUri(`${path}/config.json`, from);
  const file = uri === undefined ? undefined : files.get(uri);
  const adapter = expectedUri(`${path}/adapter_config.json`, from);
  const base = baseOf(files.get(adapter ?? '')?.text);
  const entry = base === undefined || base === path ? undefined : catalog.model(base);
  if (!file && entry) {
    const how = `its adapter_config.json names ${base}`;
    return {
      catalog: replacing(catalog, String(fact.value), { ...entry, derivedFrom: { id: entry.id, how } }),
      missing: [],
    };
  }
  if (uri === undefined || !file) {
    const isPath = fact.name === 'model.path' || /^\.{1,2}\//.test(path);
    return { catalog, missing: isPath ? [uri, adapter].filter((one) => one !== undefined) : [] };
  }
  const shape = shapeOfConfig(parsed(file.text), (family) => catalog.familyShape(family));
  if ('reason' in shape) return { catalog, missing: [] };
  const own: ModelEntry = {
    id: path,
    family: shape.family,
    modelKind: shape.kind,
    architecture: shape,
    parameters: unknown('counted from the dimensions'),
    source: `${path}/config.json`,
  };
  return { catalog: replacing(catalog, String(fact.value), own), missing: [] };
}

/** The catalog with one model in the place of what it knows by that name. */
function replacing(catalog: Catalog, written: string, entry: ModelEntry): Catalog {
  return { ...catalog, model: (id) => (id === written ? entry : catalog.model(id)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
