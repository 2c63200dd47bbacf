import { expect, test } from 'vitest';
import { isBroken, keepGood } from '#server/lsp/keep.ts';
import { hintsIn } from '#server/lsp/view.ts';
import { testSyntax } from '../grammars.ts';
import { script, view } from './sample.ts';

const typed = { ...script, version: 4, text: script.text.replace('args = SFT', 'x = (1,\nargs = SFT') };
const empty = { ...view, file: typed, files: new Map([[typed.uri, typed]]), workloads: [] };

test('tells broken text from whole text', async () => {
  const syntax = await testSyntax();
  expect(isBroken(script, syntax)).toBe(false);
  expect(isBroken(typed, syntax)).toBe(true);
});

test('while text is broken the last good figures stand where the same text stands now', () => {
  const kept = keepGood(empty, view);
  expect(hintsIn(kept).map(({ at }) => typed.text.slice(at.start, at.end))).toEqual(['SFTConfig(\n', '500']);
  expect(kept.file).toBe(typed);
});

test('fixes that touch what changed are left out', () => {
  const text = script.text.replace('size=8', 'size=');
  const file = { ...script, version: 5, text };
  const kept = keepGood({ ...empty, file, files: new Map([[file.uri, file]]) }, view);
  expect(kept.workloads[0]?.findings[0]?.fixes.map(({ title }) => title)).toEqual([
    'Ask for 16 GPUs: fits (60 of 80 GiB)',
  ]);
});

test('a fresh view that has lost nothing is taken', () => {
  const fresh = { ...view, file: typed };
  expect(keepGood(fresh, view)).toBe(fresh);
  expect(keepGood(fresh, undefined)).toBe(fresh);
});
