import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flopwise } from './run.ts';

let repo = '';
const git = (...words: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words], {
    cwd: repo,
    encoding: 'utf8',
  });
const edit = (path: string, from: string, to: string) => {
  const text = readFileSync(join(repo, path), 'utf8');
  if (!text.includes(from)) throw new Error(`no ${from} in ${path}`);
  writeFileSync(join(repo, path), text.replace(from, to));
};

beforeAll(() => {
  repo = mkdtempSync(join(tmpdir(), 'flopwise-diff-'));
  cpSync(fileURLToPath(new URL('../../examples/', import.meta.url)), repo, { recursive: true });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'first');
  edit('llama-sft/train.py', 'per_device_train_batch_size=4', 'per_device_train_batch_size=2');
  renameSync(join(repo, 'mistral-qlora'), join(repo, 'qlora'));
  rmSync(join(repo, 'vllm-serve'), { recursive: true });
  git('add', '-A');
  git('commit', '-qm', 'second');
});
afterAll(() => rmSync(repo, { recursive: true, force: true }));

const run = (...words: readonly string[]) => flopwise(['diff', ...words, '--path', repo]);

describe('diff', () => {
  test('between two revisions: what changed, why, what went; nothing is checked out', async () => {
    edit('llama-sft/train.py', 'per_device_train_batch_size=2', 'per_device_train_batch_size=16');
    const { code, out } = await run('HEAD~1', 'HEAD', '--format', 'json');
    expect(code).toBe(0);
    const { jobs, same, totals } = JSON.parse(out);
    expect(jobs.map(({ kind }: { kind: string }) => kind)).toEqual(['changed', 'removed']);
    expect(jobs[0].causes[0]).toMatch(/^micro batch 4 → 2: [+-]\d+ % cost/);
    expect(jobs[1].main).toContain('vllm-serve/deployment.yaml');
    expect(same).toBe(1);
    expect(totals.before.jobs).toBe(3);
    expect(git('status', '--porcelain').trim()).toBe('M llama-sft/train.py');
    edit('llama-sft/train.py', 'per_device_train_batch_size=16', 'per_device_train_batch_size=2');
  });

  test('against the work tree, with the limits of the project', async () => {
    edit('llama-sft/train.py', 'per_device_train_batch_size=2', 'per_device_train_batch_size=1');
    const calm = await run();
    expect(calm.code).toBe(0);
    expect(calm.out).toMatch(/because micro batch 2 → 1/);
    writeFileSync(join(repo, 'flopwise.yaml'), 'budget:\n  increase_percent: 1\n');
    const strict = await run('--format', 'markdown');
    expect(strict.code).toBe(1);
    expect(strict.out).toMatch(/over the limit.*at most \+1 %/);
    rmSync(join(repo, 'flopwise.yaml'));
    edit('llama-sft/train.py', 'per_device_train_batch_size=1', 'per_device_train_batch_size=2');
    expect((await run()).out).toMatch(/^No job differs between HEAD and work tree\./);
  });

  test('starts nothing that the repository names, and refuses what is no revision', async () => {
    const program = join(repo, 'watch.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${join(repo, 'started')}\n`, { mode: 0o755 });
    git('config', 'core.fsmonitor', program);
    await run();
    expect(existsSync(join(repo, 'started'))).toBe(false);
    expect(await run('--upload-pack=x')).toMatchObject({ code: 64 });
    expect(await run('nowhere')).toMatchObject({ code: 2, error: expect.stringContaining('no revision') });
    expect(await flopwise(['diff', '--path', tmpdir()])).toMatchObject({ code: 2 });
  });
});
