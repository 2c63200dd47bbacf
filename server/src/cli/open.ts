import type { Host } from '#core/host.ts';
import { isBinary, languageOf } from '#core/source/language.ts';
import { readNotebook } from '#core/source/notebook.ts';
import { maximumTextLength, type SourceFile } from '#core/source/source-file.ts';
import { createSyntax } from '#core/syntax/grammars.ts';
import type { Syntax } from '#core/syntax/syntax.ts';

/** The parsers over the grammars that ship beside the program. */
export async function openSyntax(host: Host): Promise<Syntax> {
  return createSyntax({
    runtime: await host.readAsset('web-tree-sitter.wasm'),
    grammar: (id) => host.readAsset(`tree-sitter-${id}.wasm`),
  });
}

/** A document as the disk has it; a reason where it is none that can be read. */
export async function openFile(uri: string, host: Host): Promise<SourceFile | { readonly reason: string }> {
  const text = await host.readFile(uri);
  if (text === undefined) return { reason: 'cannot be read' };
  if (isBinary(text)) return { reason: 'is a binary file' };
  if (text.length > maximumTextLength) return { reason: `is longer than ${maximumTextLength / 1024} KB` };
  const languageId = languageOf(uri, text);
  if (!languageId) return { reason: 'is of no kind that is read here' };
  if (languageId === 'notebook') return readNotebook(uri, 0, text) ?? { reason: 'is no notebook that can be read' };
  return { uri, languageId, version: 0, text };
}

/** True where a file was opened. */
export function isOpen(file: SourceFile | { readonly reason: string }): file is SourceFile {
  return 'text' in file;
}
