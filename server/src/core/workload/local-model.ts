import type { Catalog, ModelEntry } from '../catalog/catalog.ts';
import { shapeOfConfig } from '../catalog/model-config.ts';
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
 * any table. What reads like a path and is not there is named as missing.
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
  if (uri === undefined || !file) {
    const isPath = fact.name === 'model.path' || /^\.{1,2}\//.test(path);
    return { catalog, missing: uri !== undefined && isPath ? [uri] : [] };
  }
  const shape = shapeOfConfig(parsed(file.text), (family) => catalog.familyShape(family));
  if ('reason' in shape) return { catalog, missing: [] };
  const entry: ModelEntry = {
    id: path,
    family: shape.family,
    modelKind: shape.kind,
    architecture: shape,
    parameters: unknown('counted from the dimensions'),
    source: `${path}/config.json`,
  };
  const written = String(fact.value);
  return { catalog: { ...catalog, model: (id) => (id === written ? entry : catalog.model(id)) }, missing: [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
