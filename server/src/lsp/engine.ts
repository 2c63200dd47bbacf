import type { Catalog } from '#core/catalog/catalog.ts';
import { loadCatalog } from '#core/catalog/decode.ts';
import { createSyntax } from '#core/syntax/grammars.ts';
import type { Syntax } from '#core/syntax/syntax.ts';
import type { ServerHost } from './server-host.ts';

/** What every analysis needs besides the files: loaded once for the life of the server. */
export interface Engine {
  readonly syntax: Syntax;
  readonly catalog: Catalog;
}

/** Loads grammars and tables through the host. Rejects where one is missing; a damaged row is left out. */
export async function loadEngine(host: Pick<ServerHost, 'readAsset' | 'decode'>): Promise<Engine> {
  const [syntax, { value: catalog }] = await Promise.all([
    host
      .readAsset('web-tree-sitter.wasm')
      .then((runtime) => createSyntax({ runtime, grammar: (id) => host.readAsset(`tree-sitter-${id}.wasm`) })),
    loadCatalog(async (name) => host.decode(await host.readAsset(name))),
  ]);
  return { syntax, catalog };
}
