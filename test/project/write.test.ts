import { describe, expect, it } from 'vitest';
import { readAnswer } from '#core/project/ask.ts';
import { readProject } from '#core/project/project.ts';
import { newProject, writeProject } from '#core/project/write.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { readYaml } from '#core/syntax/yaml.ts';
import { testCatalog } from '../catalog/load.ts';

const fileOf = (text: string): SourceFile => ({
  uri: 'file:///work/flopwise.yaml',
  languageId: 'yaml',
  version: 1,
  text,
});

/** The text after a value is written into it; the reason where it is not. */
function written(text: string, path: readonly string[], value: string | number): string {
  const file = fileOf(text);
  const edit = writeProject(file, readYaml(file), path, value);
  if ('refused' in edit) return `refused: ${edit.refused}`;
  return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
}

describe('writing a value into the project file', () => {
  it.each([
    ['an empty file', '', 'dataset:\n  examples: 5\n'],
    ['comments alone', '# ours', '# ours\ndataset:\n  examples: 5\n'],
    ['other keys', 'cloud: aws # ours\n', 'cloud: aws # ours\ndataset:\n  examples: 5\n'],
    [
      'the block',
      'dataset:\n  tokens: 7 # counted\ncloud: aws\n',
      'dataset:\n  tokens: 7 # counted\n  examples: 5\ncloud: aws\n',
    ],
    ['the value', 'dataset:\n  examples: 3 # old\n', 'dataset:\n  examples: 5 # old\n'],
    ['braces', 'dataset: {tokens: 7}\n', 'dataset: {tokens: 7, examples: 5}\n'],
    ['a list', '- a\n', 'refused: The project file is no mapping of keys to values.'],
  ])('beside %s', (_, before, after) => {
    expect(written(before, ['dataset', 'examples'], 5)).toBe(after);
  });

  it('gives what the reader reads', () => {
    for (const [path, value, expected] of [
      [['accelerator'], 'H100-SXM:8', { accelerator: 'H100-SXM:8' }],
      [['rates', 'H100-SXM'], 2.1, { rates: { 'H100-SXM': 2.1 } }],
      [['run', 'steps'], 1000, { run: { steps: 1000 } }],
      [['dataset', 'tokens'], 1e9, { dataset: { tokens: 1e9 } }],
    ] as const) {
      const file = fileOf(newProject(path, value));
      const { settings, problems } = readProject(readYaml(file), testCatalog());
      expect(problems).toEqual([]);
      expect(settings).toMatchObject(expected);
    }
  });
});

describe('answers as typed', () => {
  const catalog = testCatalog();
  it.each([
    ['examples', '50,000', { value: 50_000 }],
    ['tokens', '1.5e9', { value: 1.5e9 }],
    ['rate', ' 2.10 ', { value: 2.1 }],
    ['steps', '10.5', { refused: 'A whole number is wanted.' }],
    ['steps', '-1', { refused: 'A number above zero is wanted.' }],
    ['epochs', 'three', { refused: 'A number above zero is wanted.' }],
    ['accelerator', 'nvidia-l4:2', { value: 'L4:2' }],
    ['accelerator', 'A100-80GB', { value: expect.stringContaining('A100') }],
    ['accelerator', 'H100:0', { refused: expect.any(String) }],
  ] as const)('%s: %s', (id, typed, expected) => {
    expect(readAnswer({ id }, typed, catalog)).toEqual(expected);
  });
});
