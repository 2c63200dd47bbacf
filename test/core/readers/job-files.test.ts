import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readFile } from '#core/readers/read.ts';
import { languageOf } from '#core/source/language.ts';
import { testSyntax } from '../../grammars.ts';

const root = fileURLToPath(new URL('../../fixtures/readers/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ya?ml|json|tf|tfvars|pbtxt)$/.test(name) && !/(?:expected|writes)\.json$/.test(name))
  .sort();

/** A small fixed generator: the same texts on every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % Math.max(1, below);
  };
}

const strays = [
  '{',
  '}',
  '[',
  ']',
  ':',
  '"',
  "'",
  '\n',
  '\t',
  '- ',
  '${',
  '{{',
  '}}',
  '|',
  '>',
  '#',
  '&a',
  '*a',
  '<<: ',
  '\0',
];

test.each(files.filter((_, index) => index % 3 === 0))('every beginning and mutation of %s is read', async (name) => {
  const text = readFileSync(root + name, 'utf8');
  const languageId = languageOf(`file:///${name}`, text);
  if (!languageId) return;
  const syntax = await testSyntax();
  const next = numbers(text.length);
  const variants = [...Array(8).keys()].flatMap(() => {
    const at = next(text.length);
    const stray = strays[next(strays.length)] ?? '';
    const end = Math.min(text.length, at + next(12));
    return [text.slice(0, at), text.slice(0, at) + stray + text.slice(at), text.slice(0, at) + text.slice(end)];
  });
  for (const variant of variants) {
    const file = { uri: `file:///work/${name}`, languageId, version: 1, text: variant };
    for (const reading of readFile(file, { syntax, file: () => undefined })) {
      for (const fact of reading.facts) {
        const spelled = typeof fact.value !== 'number' || Number.isFinite(fact.value);
        expect([fact.name, spelled]).toEqual([fact.name, true]);
      }
    }
  }
});
