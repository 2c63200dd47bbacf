import type { Catalog } from './catalog.ts';
import { indexModelFiles, type ModelFiles } from './model-files.ts';

/** The catalog with further models, for ids that it has none for: its own rows and those of this machine come first. */
export function withModels(catalog: Catalog, models: readonly ModelFiles[]): Catalog {
  if (models.length === 0) return catalog;
  const find = indexModelFiles(models, catalog);
  return { ...catalog, model: (id) => catalog.model(id) ?? find(id) };
}
