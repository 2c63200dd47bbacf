import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectFile } from '../lsp/server.ts';
import { flopwise } from './run.ts';

describe('explain', () => {
  test('tells what a line states, where its place in the vocabulary is, and what it causes', async () => {
    const script = projectFile('examples/llama-sft/train.py').text.split('\n');
    const rowsAt = async (words: string) => {
      const line = script.findIndex((one) => one.includes(words)) + 1;
      const { out } = await flopwise(['explain', `examples/llama-sft/train.py:${line}`, '--format', 'json']);
      return JSON.parse(out).jobs.flatMap(({ rows }: { rows: unknown[] }) => rows);
    };
    expect(await rowsAt('per_device_train_batch_size=4')).toContainEqual({
      label: 'micro batch',
      value: '4',
      note: 'training.per_device_batch_size, stated',
    });
    expect(await rowsAt('save_steps')).toContainEqual(
      expect.objectContaining({ label: 'information', note: 'keeps-all-checkpoints' }),
    );
  });

  test('says where there is no such line, file or job', async () => {
    expect(await flopwise(['explain', 'examples/llama-sft/train.py:9999'])).toMatchObject({
      code: 2,
      error: expect.stringMatching(/has \d+ lines, not 9999/),
    });
    expect(await flopwise(['explain', 'nowhere.py:1'])).toMatchObject({ code: 2 });
    expect(await flopwise(['explain', 'examples/llama-sft/train.py'])).toMatchObject({ code: 64 });
  });
});

describe('doctor', () => {
  test('lists what is unknown and how to tell it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flopwise-doctor-'));
    writeFileSync(
      join(folder, 'train.py'),
      'from transformers import Trainer, TrainingArguments\nargs = TrainingArguments(output_dir="o", bf16=True)\nTrainer(model=model, args=args).train()\n',
    );
    const { code, out } = await flopwise(['doctor', folder]);
    rmSync(folder, { recursive: true, force: true });
    expect(code).toBe(0);
    expect(out).toMatch(/\d+ readers, \d+ rules, \d+ accelerators/);
    expect(out).toMatch(/prices: newest of \d{4}-\d{2}/);
    expect(out).toMatch(/accelerator of 1 of 1 jobs: accelerator: H100:8 in flopwise\.yaml/);
    expect(out).toMatch(/size of the model of 1 of 1 jobs/);
  });
});

describe('completion', () => {
  test('is a script that the shell takes, and offers every command and option', async () => {
    const { out } = await flopwise(['completion', 'bash']);
    const ask = (...words: readonly string[]) =>
      execFileSync(
        'bash',
        [
          '-c',
          `${out}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _flopwise; echo "\${COMPREPLY[@]}"`,
        ],
        { encoding: 'utf8' },
      ).trim();
    expect(ask('flopwise', 'est')).toBe('estimate');
    expect(ask('flopwise', 'optimize', '--dead')).toBe('--deadline');
    expect((await flopwise(['completion', 'fish'])).out).toContain('-a optimize');
    expect((await flopwise(['completion', 'zsh'])).out).toContain("'scan:all jobs of a repository, with totals'");
    expect((await flopwise(['completion', 'man'])).out).toMatch(/^\.TH FLOPWISE 1/);
    expect((await flopwise(['completion', 'tcsh'])).code).toBe(64);
  });
});
