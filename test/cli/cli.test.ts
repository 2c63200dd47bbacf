import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flopwise } from './run.ts';

let folder = '';
const path = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('estimate', () => {
  test('joins script, config and launcher of the example', async () => {
    const { code, out } = await flopwise(
      ['estimate', 'llama-sft/train.py', '--format', 'json', '--fail-on', 'never'],
      'examples',
    );
    expect(code).toBe(0);
    const { version, workloads } = JSON.parse(out);
    expect(version).toBe(1);
    expect(workloads).toHaveLength(1);
    expect(workloads[0].files.toSorted()).toEqual([
      'llama-sft/fsdp.yaml',
      'llama-sft/run.sbatch',
      'llama-sft/train.py',
    ]);
    const { memory, time, cost, storage, devices } = workloads[0].estimate;
    expect(devices).toBe(8);
    expect(memory.fits).toBe('yes');
    expect(time.run.likely).toBeGreaterThan(0);
    expect(cost.total.micros.likely).toBeGreaterThan(0);
    expect(storage.saves.likely).toBeGreaterThan(1);
  });

  test('a table for people, Markdown for pages', async () => {
    const table = await flopwise(['estimate', 'llama-sft/train.py'], 'examples');
    expect(table.out).toMatch(/^llama-sft\/train\.py .*8 x H100/);
    expect(table.out).toMatch(/cost +\$/);
    const markdown = await flopwise(['estimate', 'llama-sft/train.py', '--format', 'markdown'], 'examples');
    expect(markdown.out).toContain('| --- | --- | --- |');
  });

  test('findings over the threshold end with 1', async () => {
    const loud = await flopwise(['estimate', 'llama-sft/train.py', '--fail-on', 'information'], 'examples');
    expect(loud.code).toBe(1);
    const calm = await flopwise(['estimate', 'llama-sft/train.py', '--fail-on', 'never'], 'examples');
    expect(calm.code).toBe(0);
  });

  test('an accelerator can be asked for where the files name none', async () => {
    const argv = [
      'estimate',
      'mistral-qlora/config.yml',
      '--format',
      'json',
      '--accelerator',
      'A100-80GB:2',
      '--fail-on',
      'never',
    ];
    const { workloads } = JSON.parse((await flopwise(argv, 'examples')).out);
    expect(workloads.length).toBeGreaterThan(0);
  });

  test('a folder without jobs says so', async () => {
    writeFileSync(path('notes.md'), '# nothing\n');
    const { code, out } = await flopwise(['estimate', folder]);
    expect(code).toBe(0);
    expect(out).toContain('No training or serving job was found.');
  });
});

describe('estimate --spec', () => {
  const spec = {
    task: 'finetune',
    model: { parameters: 8e9 },
    schedule: { microBatch: 1, steps: 1000 },
    data: { sequenceLength: 2048 },
    precision: { compute: 'bf16', parameters: 'bf16' },
    optimizer: { name: 'adamw' },
    resources: { accelerator: 'H100', perNode: 8 },
    parallelism: { implementation: 'fsdp', zeroStage: 3 },
  };

  test('bare values are exact, the rest has defaults', async () => {
    writeFileSync(path('job.json'), JSON.stringify(spec));
    const { code, out } = await flopwise(['estimate', '--spec', path('job.json'), '--format', 'json']);
    expect(code).toBe(0);
    const [{ estimate }] = JSON.parse(out).workloads;
    expect(estimate.memory.device.likely).toBeGreaterThan(8e9);
    expect(estimate.time.steps.likely).toBe(1000);
  });

  test('a wrong field is named in one line', async () => {
    writeFileSync(path('bad.json'), JSON.stringify({ ...spec, task: 'cooking' }));
    const { code, error } = await flopwise(['estimate', '--spec', path('bad.json')]);
    expect(code).toBe(2);
    expect(error.trim().split('\n')).toHaveLength(1);
    expect(error).toContain('task');
  });

  test('the schema is published', async () => {
    const { code, out } = await flopwise(['schema', 'spec']);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(out).properties)).toEqual(expect.arrayContaining(['task', 'model', 'resources']));
  });
});

describe('facts', () => {
  test('one linked set, with places', async () => {
    const argv = [
      'facts',
      '--format',
      'json',
      '--root',
      'llama-sft',
      'llama-sft/train.py',
      'llama-sft/run.sbatch',
      'llama-sft/fsdp.yaml',
    ];
    const { code, out } = await flopwise(argv, 'examples');
    expect(code).toBe(0);
    const { workloads, problems } = JSON.parse(out);
    expect(problems).toEqual([]);
    const { facts, main } = workloads[0];
    expect(main).toBe('train.py');
    const lines = readFileSync(new URL('../../examples/llama-sft/train.py', import.meta.url), 'utf8').split('\n');
    const micro = facts['training.per_device_batch_size'];
    expect(micro).toMatchObject({ value: 4, origin: 'code', path: 'train.py' });
    expect(lines[micro.line - 1]).toContain('per_device_train_batch_size=4');
    expect(facts['training.epochs']).toMatchObject({ value: 2, path: 'run.sbatch' });
    expect(facts['hardware.accelerator']).toMatchObject({ value: 'h100', path: 'run.sbatch' });
    expect(facts['parallel.strategy']).toMatchObject({ value: 'fsdp', path: 'fsdp.yaml' });
  });
});

describe('predict', () => {
  test('one line a case', async () => {
    const arch = { hidden: 4096, layers: 32, heads: 32, kv_heads: 8, intermediate: 14336, vocab: 128256 };
    const one = {
      id: 'a',
      task: 'finetune',
      model: { name: 'Llama-3-8B', params: 8030261248, arch },
      framework: 'torchtune',
      hardware: { gpu: 'A100 80GB', gpu_memory_gb: 80, gpus_per_node: 1, nodes: 1 },
      config: {
        precision: 'bf16',
        micro_batch_per_gpu: 1,
        seq_len: 2048,
        optimizer: 'adamw',
        activation_checkpointing: true,
      },
      measured: { peak_memory_gb: 1, memory_unit: 'GiB', memory_kind: 'allocated' },
    };
    writeFileSync(
      path('cases.jsonl'),
      `${JSON.stringify(one)}\n${JSON.stringify({ ...one, id: 'b', measured: {} })}\n`,
    );
    const { code, out } = await flopwise(['predict', path('cases.jsonl')]);
    expect(code).toBe(0);
    const [first, second] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first.id).toBe('a');
    const { low, likely, high } = first.predicted.peak_memory_gb;
    expect(low).toBeLessThanOrEqual(likely);
    expect(likely).toBeLessThanOrEqual(high);
    // What was measured is never looked at: 1 GiB is no plausible answer.
    expect(likely).toBeGreaterThan(30);
    expect(second).toMatchObject({ id: 'b', predicted: {} });
  });
});

test('says its version', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await flopwise(['--version'])).toEqual({ code: 0, out: `${version}\n`, error: '' });
});

describe('bad input', () => {
  test.each([
    [['estimate', 'no-such-file.py'], 2, 'no such file'],
    [['facts', 'no-such-file.py'], 2, 'no such file'],
    [['predict', 'no-such-file.jsonl'], 2, 'no such file'],
    [['estimate'], 64, 'needs a path'],
    [['estimate', '.', '--format', 'tea'], 64, 'one of table, json, markdown'],
    [['estimate', '.', '--price', 'cheap'], 64, 'one of on-demand, spot, reserved'],
    [['estimate', '.', '--accelerator', 'H1000'], 2, 'no accelerator known here'],
    [['estimate', '.', '--frobnicate'], 64, 'frobnicate'],
    [['brew'], 64, 'no command'],
    [['lsp'], 64, '--stdio'],
    [['schema', 'tea'], 64, 'spec'],
  ])('%j ends with %d', async (argv, code, words) => {
    const done = await flopwise(argv, 'examples/vllm-serve');
    expect({ code: done.code, out: done.out }).toEqual({ code, out: '' });
    expect(done.error).toContain(words);
    expect(done.error).not.toContain('    at ');
  });

  test('binary, huge and hostile files are named, not choked on', async () => {
    writeFileSync(path('model.yaml'), Buffer.from([0, 1, 2, 3, 0, 255]));
    writeFileSync(path('huge.yaml'), `a: [${'1,'.repeat(10_000_000)}1]\n`);
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghij'.split('').map((to, i) => {
        const from = 'abcdefghi'[i];
        return `${to}: &${to} [*${from},*${from},*${from},*${from},*${from},*${from},*${from},*${from},*${from}]`;
      }),
    ].join('\n');
    writeFileSync(path('bomb.yaml'), `${bomb}\nbase_model: x\ndatasets: *j\nmicro_batch_size: 1\n`);
    writeFileSync(path('deep.yaml'), `base_model: x\ndatasets:\n${'['.repeat(20_000)}\n`);
    writeFileSync(
      path('half.py'),
      'from trl import SFTConfig\nargs = SFTConfig(per_device_train_batch_size=4, num_train',
    );
    for (const name of ['model.yaml', 'huge.yaml', 'bomb.yaml', 'deep.yaml', 'half.py']) {
      const done = await flopwise(['facts', '--format', 'json', '--root', folder, path(name)]);
      expect({ name, code: done.code }).toEqual({ name, code: 0 });
      expect(JSON.parse(done.out)).toHaveProperty('workloads');
    }
    const binary = await flopwise(['estimate', path('model.yaml')]);
    expect(binary.out).toContain('is a binary file');
    const huge = await flopwise(['estimate', path('huge.yaml')]);
    expect(huge.out).toContain('is longer than 512 KB');
  }, 60_000);
});

describe('optimize and fit', () => {
  test('list cheaper configurations with their changes and figures', async () => {
    const { code, out } = await flopwise(
      ['optimize', 'llama-sft/train.py', '--budget', '60', '--format', 'json'],
      'examples',
    );
    expect(code).toBe(0);
    const { workloads } = JSON.parse(out);
    expect(workloads).toHaveLength(1);
    expect(workloads[0].candidates.length).toBeGreaterThan(0);
    for (const { changes, estimate, cost, offer } of workloads[0].candidates) {
      expect(changes.length).toBeGreaterThan(0);
      expect(estimate.cost.total.micros.likely).toBeLessThanOrEqual(60e6);
      expect(`${cost} ${offer}`).not.toMatch(/\$0(\.0+)?\b|undefined|NaN/);
    }
    const table = await flopwise(['optimize', 'llama-sft/train.py', '--deadline', '90m'], 'examples');
    expect(table.out).toMatch(/machines +time +cost/);
    expect(table.out).toMatch(/configurations looked at/);
  });

  test('say how far a job can go', async () => {
    const { out } = await flopwise(['fit', 'mistral-qlora', 'vllm-serve'], 'examples');
    expect(out).toMatch(/largest micro batch +\d/);
    expect(out).toMatch(/largest LoRA rank +\d/);
    expect(out).toMatch(/longest context +\d/);
    expect(out).toMatch(/cheapest card +\S+ +\d.*\/h for the job/);
  });

  test('refuse what cannot be meant', async () => {
    expect((await flopwise(['optimize'], 'examples')).code).toBe(64);
    const kind = await flopwise(['optimize', 'llama-sft', '--kind', 'free'], 'examples');
    expect(kind).toMatchObject({ code: 64, error: expect.stringContaining('one of on-demand, spot, reserved') });
    const card = await flopwise(['optimize', 'llama-sft', '--accelerator', 'H1OO'], 'examples');
    expect(card).toMatchObject({ code: 2, error: expect.stringContaining('no accelerator known here') });
    expect((await flopwise(['optimize', 'llama-sft', '--deadline', 'soon'], 'examples')).code).toBe(64);
  });
});
