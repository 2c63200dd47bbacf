import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFile } from '#core/readers/read.ts';
import type { ReadContext } from '#core/readers/reader.ts';
import { languageOf } from '#core/source/language.ts';
import { spanOf } from '#core/source/traced.ts';
import { testSyntax } from '../grammars.ts';

const root = fileURLToPath(new URL('../fixtures/readers/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ya?ml|json|toml)$/.test(name) && !/(?:expected|writes)\.json$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

/** Reads a text and answers whether every span lies inside it. */
async function soundly(name: string, text: string): Promise<boolean> {
  const uri = `file:///work/${name}`;
  const context: ReadContext = { syntax: await testSyntax(), file: () => undefined };
  const languageId = languageOf(uri, text);
  if (!languageId) return true;
  return readFile({ uri, languageId, version: 1, text }, context).every((reading) =>
    [reading.anchor, ...reading.facts.flatMap((fact) => spanOf(fact.origin) ?? [])].every(
      (span) => span.uri !== uri || (0 <= span.start && span.start <= span.end && span.end <= text.length),
    ),
  );
}

describe('half-typed and damaged configs', () => {
  test('a prefix of any file is read', async () => {
    for (const [index, { name, text }] of files.entries()) {
      for (const part of index % 2 === 0 ? [0.31] : [0.77]) {
        const end = Math.floor(text.length * part) + (index % 7);
        expect([name, end, await soundly(name, text.slice(0, end))]).toEqual([name, end, true]);
      }
    }
  }, 60_000);

  test('a damaged file is read', async () => {
    const noise = fc.constantFrom(
      ':',
      '\n',
      '"',
      '{',
      '}',
      '[',
      '- ',
      '  ',
      '\t',
      '${',
      '{{',
      '#',
      '*a',
      '&a ',
      '<<: ',
      "'",
      ',',
      '|',
    );
    const damage = fc.tuple(fc.nat(files.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), noise);
    await fc.assert(
      fc.asyncProperty(damage, async ([which, where, cut, put]) => {
        const file = files[which];
        if (!file) return true;
        const at = Math.floor(file.text.length * where);
        return soundly(file.name, file.text.slice(0, at) + put + file.text.slice(at + cut));
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
