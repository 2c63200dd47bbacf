import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ReadContext } from '#core/readers/reader.ts';
import { languageOf } from '#core/source/language.ts';
import { readNotebook } from '#core/source/notebook.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testSyntax } from '../grammars.ts';

const results = ['expected.json', 'writes.json'];

/** The input files of a folder by their path in it, as if it were the root of a workspace. */
export function loadFolder(folder: string): ReadonlyMap<string, SourceFile> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !results.includes(name) && /\.\w+$/.test(basename(name)),
  );
  const files = names.sort().flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const uri = `file:///work/${name.replaceAll('\\', '/')}`;
    const languageId = languageOf(uri, text);
    if (!languageId) return [];
    const file = languageId === 'notebook' ? readNotebook(uri, 1, text) : { uri, languageId, version: 1, text };
    return file ? [[name, file] as const] : [];
  });
  return new Map(files);
}

/** A context in which the files of a folder see each other. */
export async function contextOf(files: ReadonlyMap<string, SourceFile>): Promise<ReadContext> {
  const byUri = new Map([...files.values()].map((file) => [file.uri, file]));
  const syntax = await testSyntax();
  return {
    syntax,
    file: (path, from) => byUri.get(new URL(path, from.uri).href) ?? byUri.get(new URL(path, 'file:///work/').href),
  };
}
