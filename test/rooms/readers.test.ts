import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Reading } from '#core/facts/reading.ts';
import type { FactName } from '#core/facts/vocabulary.ts';
import { readers } from '#core/readers/index.ts';
import { readFile } from '#core/readers/read.ts';
import { isRefusal, type SpecChange } from '#core/readers/reader.ts';
import { placeOf } from '#core/source/lines.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { applyEdits } from '#core/source/span.ts';
import { spanOf } from '#core/source/traced.ts';
import { contextOf, loadFolder } from './fixture-files.ts';

// Each folder test/fixtures/readers/<reader>/<case>/ holds input files beside `expected.json`: what all readers say of
// each file. `writes.json`, where it is there, lists changes with the lines they change. `vitest -u` rewrites both.

const root = fileURLToPath(new URL('../fixtures/readers/', import.meta.url));

const cases = (existsSync(root) ? readdirSync(root) : []).flatMap((reader) =>
  readdirSync(join(root, reader)).map((name) => ({ reader, name, folder: join(root, reader, name) })),
);

interface WriteCase {
  readonly file: string;
  readonly name: FactName;
  readonly value: SpecChange['value'];
}

function show(reading: Reading, files: ReadonlyMap<string, SourceFile>): object {
  const byUri = new Map([...files.values()].map((file) => [file.uri, file]));
  const facts = Object.fromEntries(
    reading.facts
      .filter((fact) => fact.origin.kind === 'code')
      .map((fact) => {
        const span = spanOf(fact.origin);
        const file = span && byUri.get(span.uri);
        const place = file && span && placeOf(file, span.start);
        const derived = fact.origin.kind === 'code' && fact.origin.derived;
        return [
          fact.name,
          {
            value: fact.value,
            ...(derived ? { derived } : {}),
            ...(file && file.uri !== reading.uri ? { path: file.uri.slice('file:///work/'.length) } : {}),
            line: place?.line,
            ...(place?.cell === undefined ? {} : { cell: place.cell }),
          },
        ];
      }),
  );
  const unresolved = Object.fromEntries(reading.open.map((open) => [open.name, open.reason]));
  const references = reading.references.map((one) => `${one.role} ${one.path}`);
  return {
    name: reading.name,
    reader: reading.reader,
    role: reading.role,
    facts,
    ...(reading.open.length > 0 ? { unresolved } : {}),
    ...(references.length > 0 ? { references } : {}),
  };
}

describe.each(cases)('$reader: $name', ({ folder }) => {
  test('says what the files state', async () => {
    const files = loadFolder(folder);
    const context = await contextOf(files);
    const shown = Object.fromEntries(
      [...files].map(([name, file]) => [name, readFile(file, context).map((reading) => show(reading, files))]),
    );
    await expect(`${JSON.stringify(shown, undefined, 2)}\n`).toMatchFileSnapshot(join(folder, 'expected.json'));
  });

  test('writes nothing where nothing changes', async () => {
    const files = loadFolder(folder);
    const context = await contextOf(files);
    for (const file of files.values()) {
      for (const reading of readFile(file, context)) {
        const lens = readers.find((one) => one.id === reading.reader);
        for (const fact of reading.facts) {
          if (fact.origin.kind !== 'code') continue;
          const result = lens?.write(file, reading.name, { name: fact.name, value: fact.value } as SpecChange, context);
          if (result && !isRefusal(result)) expect([fact.name, result.edits]).toEqual([fact.name, []]);
        }
      }
    }
  });

  const writesFile = join(folder, 'writes.json');
  if (!existsSync(writesFile)) return;
  test('writes changes in place', async () => {
    const files = loadFolder(folder);
    const context = await contextOf(files);
    const asked = JSON.parse(readFileSync(writesFile, 'utf8')) as readonly WriteCase[];
    const told = asked.map(({ file: name, name: fact, value }) => {
      const file = files.get(name);
      const reading = file && readFile(file, context)[0];
      const lens = readers.find((one) => one.id === reading?.reader);
      if (!file || !reading || !lens) return { file: name, name: fact, value, refused: 'no workload' };
      const result = lens.write(file, reading.name, { name: fact, value } as SpecChange, context);
      if (isRefusal(result)) return { file: name, name: fact, value, refused: result.refused };
      const text = applyEdits(file.text, result.edits);
      const after: SourceFile = { ...file, version: 2, text };
      const again = readFile(after, { ...context }).find((one) => one.reader === reading.reader);
      const read = again?.facts.find((one) => one.name === fact)?.value;
      expect([fact, read]).toEqual([fact, value]);
      return { file: name, name: fact, value, lines: changedLines(file.text, text) };
    });
    await expect(`${JSON.stringify(told, undefined, 2)}\n`).toMatchFileSnapshot(writesFile);
  });
});

/** Lines that only one of the texts has, as a diff shows them. */
function changedLines(before: string, after: string): readonly string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const cut = (lines: readonly string[]) => lines.slice(start, lines.length - end);
  return [...cut(a).map((line) => `- ${line.trim()}`), ...cut(b).map((line) => `+ ${line.trim()}`)];
}
