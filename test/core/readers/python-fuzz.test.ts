import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readFile } from '#core/readers/read.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testSyntax } from '../../grammars.ts';

const root = fileURLToPath(new URL('../../fixtures/readers/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));

/** Numbers that look random and are the same in every run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

test('every prefix and many mutations of every program are read without an exception', async () => {
  const syntax = await testSyntax();
  const next = sequence(7);
  const read = (text: string) => {
    const file: SourceFile = { uri: 'file:///work/train.py', languageId: 'python', version: 1, text };
    return readFile(file, { syntax, file: () => undefined }).length;
  };
  const pieces = [
    '(',
    ')',
    '[',
    '{',
    '"',
    "'''",
    ':',
    '\n',
    '    ',
    '=',
    '**',
    '*',
    ',',
    '.',
    'lambda',
    'f"{',
    '0x',
    '\\',
    'None',
  ];
  let count = 0;
  for (const name of files) {
    const text = readFileSync(join(root, name), 'utf8');
    for (let end = 0; end < text.length; end += 97) count += read(text.slice(0, end)) + 1;
    for (let turn = 0; turn < 10; turn += 1) {
      const at = Math.floor(next() * text.length);
      const cut = Math.floor(next() * 12);
      const piece = pieces[Math.floor(next() * pieces.length)] ?? '';
      count += read(text.slice(0, at) + piece + text.slice(at + cut)) + 1;
    }
  }
  expect(count).toBeGreaterThan(files.length);
});
