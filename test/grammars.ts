import { readFile } from 'node:fs/promises';
import { createSyntax } from '#core/syntax/grammars.ts';
import type { Syntax } from '#core/syntax/syntax.ts';

let ready: Promise<Syntax> | undefined;

/** The parsers over the project's own grammar files, once for a test process. */
export function testSyntax(): Promise<Syntax> {
  const asset = async (name: string) => new Uint8Array(await readFile(new URL(`../grammars/${name}`, import.meta.url)));
  ready ??= asset('web-tree-sitter.wasm').then((runtime) =>
    createSyntax({ runtime, grammar: (id) => asset(`tree-sitter-${id}.wasm`) }),
  );
  return ready;
}
