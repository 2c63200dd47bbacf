import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeCommon } from '#server/cli/common.ts';
import { foldLine, formatColumns } from '#server/cli/reporters/columns.ts';
import { flopwise } from './run.ts';

const start = String.fromCharCode(27);
const example = 'examples/llama-sft/train.py';

describe('options of every command', () => {
  test.each([
    [['scan', '-q', '.'], { quiet: true, verbose: false }, ['scan', '.']],
    [['scan', '--hub', '.'], { quiet: false, verbose: false, hub: true }, ['scan', '.']],
    [['--verbose', 'scan'], { quiet: false, verbose: true }, ['scan']],
    [['scan', '--config', 'a.yaml', 'x'], { quiet: false, verbose: false, config: 'a.yaml' }, ['scan', 'x']],
    [['scan', '--config=a.yaml'], { quiet: false, verbose: false, config: 'a.yaml' }, ['scan']],
    [
      ['scan', '--no-color', '--', '--quiet'],
      { quiet: false, verbose: false, color: false },
      ['scan', '--', '--quiet'],
    ],
  ])('%j', (words, options, rest) => {
    expect(takeCommon(words)).toEqual({ options, rest });
  });

  test('--config needs a path', () => {
    expect(() => takeCommon(['scan', '--config'])).toThrow('--config needs the path of a project file');
  });
});

describe('--config', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-config-'));
    writeFileSync(join(folder, 'strict.yaml'), 'rates:\n  H100: 1.5\nbudget:\n  per_run: 1\n');
    writeFileSync(join(folder, 'wrong.yaml'), 'ratse:\n  H100: 1.5\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const findings = async (words: readonly string[]) => {
    const { code, out } = await flopwise([...words, '--format', 'json', '--fail-on', 'warning']);
    const [{ estimate, findings: found }] = JSON.parse(out).workloads;
    return {
      code,
      perHour: estimate.cost.perHour.micros.likely,
      rules: found.map((one: { rule: string }) => one.rule),
    };
  };

  test('stands in place of the project files', async () => {
    const { code, perHour, rules } = await findings(['estimate', example, '--config', join(folder, 'strict.yaml')]);
    expect({ code, perHour }).toEqual({ code: 1, perHour: 12_000_000 });
    expect(rules).toContain('over-budget');
  });

  test('a file that is not there, or says what no key means, is told', async () => {
    expect(await flopwise(['scan', 'examples', '--config', join(folder, 'none.yaml')])).toMatchObject({ code: 2 });
    const { error, out } = await flopwise(['estimate', example, '--config', join(folder, 'wrong.yaml')]);
    expect(`${out}${error}`).toMatch(/ratse/);
  });
});

describe('what a terminal sees', () => {
  test('colours only where asked for or at hand', async () => {
    const plain = (await flopwise(['estimate', example])).out;
    expect(plain).not.toContain(start);
    const coloured = (await flopwise(['estimate', example, '--color'])).out;
    expect(coloured).toContain(start);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
    const forced = { FORCE_COLOR: '1', NO_COLOR: '' };
    expect((await flopwise(['estimate', example], '.', forced)).out).toBe(coloured);
    expect((await flopwise(['estimate', example], '.', { ...forced, NO_COLOR: '1' })).out).toBe(plain);
  });

  test('machine formats never have colours', async () => {
    const { out } = await flopwise(['scan', 'examples', '--format', 'json', '--color']);
    expect(out).not.toContain(start);
  });

  test('quiet says nothing on the error stream, verbose says what was read', async () => {
    const noted = await flopwise(['scan', 'examples', '--verbose']);
    expect(noted.error).toMatch(/read \d+ files/);
    expect((await flopwise(['scan', 'examples', '--quiet'])).error).toBe('');
    expect((await flopwise(['scan', 'no-such-folder', '--quiet'])).error).toMatch(/no such file or folder/);
  });

  test('a line wider than the terminal shortens the path at its front', () => {
    const columns = [
      { title: 'job', cell: (row: string) => row },
      { title: 'cost', cell: () => '$142 (43-324)' },
    ];
    const path = 'research/experiments/ablation/train.py';
    expect(formatColumns(columns, [path])).toContain(path);
    const narrow = formatColumns(columns, [path], { width: 44 }).split('\n');
    expect(narrow[1]).toBe('…xperiments/ablation/train.py  $142 (43-324)');
  });

  test('a long line is folded at words under its own indentation, colours not counted', () => {
    const line = `  ${start}[32mfix${start}[39m: one two three four five six`;
    expect(foldLine(line, 19)).toBe(`  ${start}[32mfix${start}[39m: one two\n    three four five\n    six`);
    expect(foldLine(line, undefined)).toBe(line);
    expect(foldLine(line, 36)).toBe(line);
  });
});
