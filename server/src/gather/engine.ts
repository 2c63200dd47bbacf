import type { Catalog } from '#core/catalog/catalog.ts';
import { loadCatalog } from '#core/catalog/decode.ts';
import type { Host } from '#core/host.ts';
import type { Problem } from '#core/source/problem.ts';
import { createSyntax } from '#core/syntax/grammars.ts';
import type { Syntax } from '#core/syntax/syntax.ts';

/** Every host has it; this layer has neither host's types. */
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

/** What every analysis needs besides the files: loaded once for the life of the server. */
export interface Engine {
  readonly syntax: Syntax;
  readonly catalog: Catalog;
  /** What is to be said of the tables as a whole, such as refreshed prices that cannot be used. */
  readonly notices?: readonly Problem[];
}

/** Loads the grammars alone, for what needs no tables. Rejects where one is missing or damaged. */
export async function loadSyntax(host: Host): Promise<Syntax> {
  const runtime = await host.readAsset('web-tree-sitter.wasm');
  return createSyntax({ runtime, grammar: (id) => host.readAsset(`tree-sitter-${id}.wasm`) });
}

/** Loads grammars and tables through the host. Rejects where one is missing or damaged. */
export async function loadEngine(host: Host): Promise<Engine> {
  const syntax = await loadSyntax(host);
  return { syntax, ...(await loadTables(host)) };
}

/** The engine with its tables read again: prices have been refreshed. The grammars stay. */
export async function renewEngine(host: Host, { syntax }: Engine): Promise<Engine> {
  return { syntax, ...(await loadTables(host)) };
}

async function loadTables(host: Host): Promise<Omit<Engine, 'syntax'>> {
  const decoder = new TextDecoder();
  const readText = async (name: string) => decoder.decode(await host.readAsset(name));
  const { value: catalog, notices } = await loadCatalog(
    readText,
    await host.readKeptPrices?.(),
    await host.readHubModels?.(),
  );
  return { catalog, notices };
}
