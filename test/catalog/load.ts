import { readFileSync } from 'node:fs';
import type { Catalog } from '#core/catalog/catalog.ts';
import { type CatalogAssets, catalogAssets, createCatalog } from '#core/catalog/decode.ts';
import type { Outcome } from '#core/source/problem.ts';

/** The texts of the project's own tables. */
export function readCatalogAssets(): CatalogAssets {
  return Object.fromEntries(
    catalogAssets.map((name) => [name, readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')]),
  );
}

let ready: Outcome<Catalog> | undefined;

/** The catalog over the project's own tables, once for a test process. */
export function testCatalog(): Catalog {
  ready ??= createCatalog(readCatalogAssets());
  return ready.value;
}
