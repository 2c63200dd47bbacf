import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flopwise } from './run.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-saves-'));
  for (const step of [100, 200, 300]) {
    const save = join(folder, 'out', `checkpoint-${step}`);
    mkdirSync(save, { recursive: true });
    writeFileSync(join(save, 'model.safetensors'), Buffer.alloc(400_000, step % 7));
    writeFileSync(join(save, 'optimizer.pt'), Buffer.alloc(800_000, step % 11));
    writeFileSync(join(save, 'tokenizer.json'), '{}');
    writeFileSync(join(save, 'trainer_state.json'), JSON.stringify({ best_model_checkpoint: null }));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('checkpoints', () => {
  test('of a folder are told with what may go, and nothing is touched', async () => {
    const before = readdirSync(folder, { recursive: true });
    const { code, out } = await flopwise(['checkpoints', folder, '--cloud', 'aws', '--measure']);
    expect(code).toBe(0);
    expect(out).toMatch(/out {2}3 saves \(hf-trainer\)/);
    expect(out).toMatch(/checkpoint-300 .* resumes from it/);
    expect(out).toMatch(/may go: 1\.2 MB, \$0\.0000\d+ a month\n {4}out\/checkpoint-100/);
    expect(out).toMatch(/zstd saves \d+ %|compression not measured/);
    expect(out).toMatch(/groups of equal files/);
    expect(out).toContain('Nothing was changed.');
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  test("of a job are planned by a rate of one's own", async () => {
    const { code, out } = await flopwise([
      'checkpoints',
      'plan',
      'examples/llama-sft/train.py',
      '--hours-between',
      '4',
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    const [job] = JSON.parse(out).workloads;
    expect(job.checkpoints.rate).toMatchObject({ basis: 'own', hours: { likely: 4 } });
    expect(job.checkpoints.band.from).toBeLessThan(job.checkpoints.best.likely);
  });

  test('and spot take a trace, and say why a file is none', async () => {
    const trace = join(folder, 'trace.csv');
    const rows = Array.from({ length: 60 }, (_, at) => `${at * 14_400},${at % 3 === 2 ? 0 : 1}`);
    writeFileSync(trace, `time,available\n${rows.join('\n')}\n`);
    const plan = await flopwise(['checkpoints', 'plan', 'examples/llama-sft/train.py', '--trace', trace]);
    expect(plan.out).toMatch(/19 preemptions of a node|20 preemptions of a node/);
    const spot = await flopwise(['spot', 'examples/llama-sft/train.py', '--trace', trace, '--deadline', '8']);
    expect(spot.out).toMatch(/uniform progress/);
    expect(spot.out).toMatch(/0 of 60 late/);
    const none = await flopwise([
      'spot',
      'examples/llama-sft/train.py',
      '--trace',
      join(folder, 'out/checkpoint-100/tokenizer.json'),
      '--deadline',
      '8',
    ]);
    expect(none).toMatchObject({ code: 2, error: expect.stringContaining('it states no gap_seconds') });
  });

  test('answer wrong words with one line', async () => {
    expect((await flopwise(['checkpoints'])).code).toBe(64);
    expect((await flopwise(['checkpoints', folder, '--keep', 'many'])).code).toBe(64);
    expect((await flopwise(['checkpoints', folder, '--cloud', 'nowhere'])).error).toContain(
      'no storage price of nowhere is known',
    );
    expect((await flopwise(['spot', 'examples/llama-sft/train.py'])).code).toBe(64);
  });
});
