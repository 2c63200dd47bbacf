import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reading } from '#core/facts/reading.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { openReadings } from '#server/cli/kept-readings.ts';
import { testSyntax } from '../grammars.ts';
import { flopwise } from './run.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const file = (uri: string, text: string): SourceFile => ({ uri, languageId: 'python', version: 0, text });
const reading = (uri: string): Reading => ({
  reader: 'one',
  uri,
  name: 'job',
  role: 'launcher',
  anchor: { uri, start: 0, end: 1 },
  facts: [],
  open: [],
  references: [
    {
      path: 'train.py',
      role: 'program',
      span: { uri, start: 0, end: 1 },
      command: { environment: new Map([['A', { text: '1', span: { uri, start: 2, end: 3 } }]]), words: [] },
    },
  ],
  problems: [],
});

describe('kept readings', async () => {
  const syntax = await testSyntax();
  const main = file('file:///a/main.py', 'import part');
  const part = file('file:///a/part.py', 'x = 1');
  /** Opens a kept text under a root and reads one file with a neighbour; answers the readings and whether they were made. */
  const run = (
    text: string | undefined,
    { root = 'file:///a', release = '1', neighbour = part as SourceFile | null, one = main } = {},
  ) => {
    const kept = openReadings(text, { root, release, hash });
    let made = false;
    const readings = kept.readings(one, { syntax, file: () => neighbour ?? undefined }, (context) => {
      made = true;
      context.file('part', one);
      return [reading(one.uri)];
    });
    return { readings, made, text: kept.text() };
  };
  const first = run(undefined);

  test('what was kept is what was made, maps and all', () => {
    const again = run(first.text);
    expect(again.made).toBe(false);
    expect(again.readings).toEqual(first.readings);
    expect(again.text).toBe(first.text);
  });

  test('another checkout uses it, with its own places', () => {
    const elsewhere = run(first.text, {
      root: 'file:///b/c',
      one: file('file:///b/c/main.py', main.text),
      neighbour: file('file:///b/c/part.py', part.text),
    });
    expect(elsewhere.made).toBe(false);
    expect(elsewhere.readings).toEqual([reading('file:///b/c/main.py')]);
  });

  test.each([
    ['the file has changed', { one: file(main.uri, 'import part  ') }],
    ['a file that it asked for has changed', { neighbour: file(part.uri, 'x = 2') }],
    ['a file that it asked for is gone', { neighbour: null }],
    ['another build kept it', { release: '2' }],
  ])('it is read anew where %s', (_why, change) => {
    expect(run(first.text, change).made).toBe(true);
  });

  test.each([
    ['half of it', first.text.slice(0, first.text.length / 2)],
    ['changed by hand', first.text.replace('train.py', '../../x')],
    ['none of ours', '{"a": 1}'],
    ['empty', ''],
  ])('a text that is %s counts as none', (_what, text) => {
    expect(run(text).made).toBe(true);
  });
});

describe('scan --cache', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-cache-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the second scan says the same as the first, and a changed file is read anew', async () => {
    const script = join(folder, 'train.py');
    writeFileSync(
      script,
      `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
Trainer(model=model, args=TrainingArguments("out", bf16=True, per_device_train_batch_size=2)).train()
`,
    );
    const scan = () =>
      flopwise(['scan', folder, '--cache', join(folder, 'cache'), '--format', 'json', '--fail-on', 'never']);
    const first = await scan();
    const kept = readFileSync(join(folder, 'cache', 'readings.flopwise'), 'utf8');
    expect(kept).toContain('Qwen2.5-7B');
    expect(await scan()).toEqual(first);
    expect(readFileSync(join(folder, 'cache', 'readings.flopwise'), 'utf8')).toBe(kept);
    writeFileSync(script, readFileSync(script, 'utf8').replace('2.5-7B', '2.5-14B'));
    const changed = await scan();
    expect(changed.out).not.toBe(first.out);
    expect(readFileSync(join(folder, 'cache', 'readings.flopwise'), 'utf8')).not.toContain('2.5-7B');
  });
});
