import type { Catalog } from '#core/catalog/catalog.ts';
import type { Host } from '#core/host.ts';
import { createSyntax } from '#core/syntax/grammars.ts';
import type { Syntax } from '#core/syntax/syntax.ts';

/** What every analysis needs besides the files: loaded once for the life of the server. */
export interface Engine {
  readonly syntax: Syntax;
  readonly catalog: Catalog;
}

/** Loads grammars and tables through the host. Rejects where one is missing or damaged. */
export async function loadEngine(host: Host): Promise<Engine> {
  const runtime = await host.readAsset('web-tree-sitter.wasm');
  const syntax = await createSyntax({
    runtime,
    grammar: (id) => host.readAsset(`tree-sitter-${id}.wasm`),
  });
  return { syntax, catalog: noCatalog };
}

const noCatalog: Catalog = {
  accelerators: [],
  accelerator: () => undefined,
  nearestAccelerators: () => [],
  instance: () => undefined,
  offers: () => [],
  model: () => undefined,
  dataset: () => undefined,
  storage: () => undefined,
  grid: () => undefined,
  pricesAsOf: '',
};
