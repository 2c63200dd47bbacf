import { readFileSync } from 'node:fs';
import type { Catalog } from '#core/catalog/catalog.ts';
import { type CatalogTables, catalogTables, createCatalog } from '#core/catalog/decode.ts';
import type { Outcome } from '#core/source/problem.ts';

const modelTables: readonly string[] = ['models', 'vision-models', 'datasets'];

/** The texts of the project's own tables. */
export function readCatalogTables(): CatalogTables {
  return Object.fromEntries(
    catalogTables.map((name) => {
      const folder = modelTables.includes(name) ? 'model-data' : 'pricing-data';
      return [name, readFileSync(new URL(`../../${folder}/${name}.json`, import.meta.url), 'utf8')];
    }),
  );
}

let ready: Outcome<Catalog> | undefined;

/** The catalog over the project's own tables, once for a test process. */
export function testCatalog(): Catalog {
  ready ??= createCatalog(readCatalogTables());
  return ready.value;
}
