import type { CommandLine } from '#core/evaluate/python/machine.ts';
import { type Program, readProgram } from '#core/evaluate/python.ts';
import { itemsOf, type Value } from '#core/evaluate/value.ts';
import { languageOf } from '#core/source/language.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testSyntax } from '../../grammars.ts';

/** A value as JSON has it; unknown ones as `?reason`. */
export function plain(value: Value | undefined): unknown {
  if (!value) return undefined;
  switch (value.kind) {
    case 'number':
    case 'string':
    case 'bool':
      return value.value;
    case 'none':
      return null;
    case 'list':
      return itemsOf(value).map(plain);
    case 'dict':
      return Object.fromEntries([...value.store].map(([key, entry]) => [key, plain(entry)]));
    case 'choice':
      return { oneOf: value.options.map(plain) };
    case 'unknown':
      return '?';
    case 'reference':
      return value.owner ? '?' : value.path;
    default:
      return value.kind;
  }
}

/** A program beside other files, as a command starts it. */
export async function run(
  code: string,
  files: Readonly<Record<string, string>> = {},
  words?: readonly string[],
): Promise<Program> {
  const syntax = await testSyntax();
  const toFile = (uri: string, text: string): SourceFile => ({
    uri,
    languageId: languageOf(uri, text) ?? 'python',
    version: 1,
    text,
  });
  const others = new Map(Object.entries(files).map(([path, text]) => [path, toFile(`file:///${path}`, text)]));
  const span = (text: string) => ({ uri: 'file:///run.sh', start: 0, end: text.length });
  const command: CommandLine = {
    environment: new Map(),
    words: (words ?? []).map((text) => ({ text, span: span(text) })),
  };
  return readProgram(toFile('file:///main.py', code), {
    tree: (file) => syntax.tree(file),
    data: (file) => syntax.data(file),
    load: (path, from) => others.get(new URL(path, from.uri).pathname.slice(1)),
    ...(words ? { command } : {}),
  });
}

/** What the first call of `see(...)` in a program is given. */
export function seen(program: Program): readonly Value[] | undefined {
  const text = program.file.text;
  return program.events.find((event) => event.at.uri === program.file.uri && text.startsWith('see(', event.at.start))
    ?.positional;
}
