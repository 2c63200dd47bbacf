import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flopwise } from './run.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-storage-'));
  mkdirSync(join(folder, 'ckpt'));
  writeFileSync(join(folder, 'ckpt', 'model.bin'), Buffer.alloc(2_000_000));
  writeFileSync(join(folder, 'data.csv'), Buffer.alloc(500));
  writeFileSync(join(folder, 'data.dvc'), 'outs:\n- md5: aa\n  size: 4000000\n  path: data\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('storage', () => {
  test('writes a rule, tells what it touches, and reads it again', async () => {
    const args = [
      'storage',
      'rule',
      '--cloud',
      'aws',
      '--prefix',
      'ckpt/',
      '--move',
      '30:standard-ia',
      '--expire',
      '90',
    ];
    const written = await flopwise([...args, '--dir', folder]);
    expect(written.code).toBe(0);
    expect(JSON.parse(written.out).Rules[0].Transitions).toEqual([{ Days: 30, StorageClass: 'STANDARD_IA' }]);
    expect(written.error).toContain('it would touch 2 MB in 1 object\n');
    const file = join(folder, 'rule.json');
    writeFileSync(file, written.out);
    const read = await flopwise(['storage', 'rules', file]);
    expect(read.out).toMatch(/checkpoints: ckpt\/: to STANDARD_IA after 30 d, deleted after 90 d/);
    expect(read.out).toMatch(/\$\d+ with, \$\d+ without: \$\d+ less/);
    expect(read.out).toContain('1 TB in 1,000 objects (an example: --bytes and --objects tell yours)');
    const own = await flopwise(['storage', 'rules', file, '--bytes', '2TB', '--objects', '5', '--format', 'json']);
    expect(JSON.parse(own.out)).toMatchObject({ version: 1, bytes: 2e12, objects: 5, days: 365 });
    expect(JSON.parse(own.out).example).toBeUndefined();
  });

  test('prices each beginning of names by the rules that are for it', async () => {
    const file = join(folder, 'two.json');
    const rule = (Prefix: string, Days: number) => ({ Status: 'Enabled', Filter: { Prefix }, Expiration: { Days } });
    writeFileSync(file, JSON.stringify({ Rules: [rule('logs/', 7), rule('ckpt/', 90)] }));
    const { out } = await flopwise(['storage', 'rules', file, '--format', 'json']);
    const [{ costs }] = JSON.parse(out).files;
    expect(costs.map(({ prefix }: { prefix: string }) => prefix)).toEqual(['logs/', 'ckpt/']);
    expect(costs[1].with.dollars / costs[0].with.dollars).toBeCloseTo(90 / 7, 6);
  });

  test('refuses a class that the service has not, and a bucket that nobody named', async () => {
    const bad = await flopwise(['storage', 'rule', '--cloud', 'gcp', '--prefix', '', '--move', '30:GLACIER']);
    expect(bad).toMatchObject({ code: 64, out: '' });
    expect(bad.error).toContain('no rule of gcp moves to GLACIER');
    const aws = await flopwise(['storage', 'rule', '--cloud', 'aws', '--prefix', '', '--expire', '9', '--terraform']);
    expect(aws.error).toContain('--bucket');
  });

  test('counts pointers', async () => {
    const { out } = await flopwise(['storage', 'pointers', folder]);
    expect(out).toContain('dvc: 1 pointer, 4 MB');
  });
});
