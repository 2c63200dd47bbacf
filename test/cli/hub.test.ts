import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unknownModels } from '#core/workload/unknown-models.ts';
import { hubAsker } from '#server/node/hub-ask.ts';
import { type Mirror, startMirror } from '../pricing/mirror.ts';
import { flopwise } from './run.ts';

const config = JSON.stringify({
  model_type: 'llama',
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 8,
  vocab_size: 32000,
});
const record = JSON.stringify({
  id: 'ada/newest-9B',
  safetensors: { parameters: { BF16: 199771136 }, total: 199771136 },
});

const program = `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

model = AutoModelForCausalLM.from_pretrained("ada/newest-9B")
Trainer(model=model, args=TrainingArguments(output_dir="out", bf16=True, max_steps=10)).train()
`;

/** What the hub answers: the configuration, and the record. */
function both(path: string, response: ServerResponse): void {
  if (path.startsWith('/api/')) response.end(record);
  else response.end(config);
}

let folder = '';
let mirror: Mirror;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-ask-'));
  writeFileSync(join(folder, 'train.py'), program);
  mirror = await startMirror();
});
afterAll(() => {
  mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

const env = () => ({ HF_ENDPOINT: mirror.url, HF_HUB_CACHE: join(folder, 'none'), HF_TOKEN: 'secret' });

async function model(words: readonly string[]) {
  const { out, error } = await flopwise(['estimate', ...words, '--format', 'json', 'train.py'], folder, env());
  const { workloads } = JSON.parse(out) as { workloads: readonly { estimate: { parameters?: unknown } }[] };
  return { parameters: workloads[0]?.estimate.parameters, said: error + out };
}

describe('a model that nothing on this machine tells of', () => {
  test('is a range by the size in its name, and nobody is asked', async () => {
    mirror.answer(both);
    expect((await model([])).parameters).toMatchObject({ low: 8.73e9, likely: 9e9 });
    expect(mirror.asked).toEqual([]);
  });

  test('is known by its own configuration and count where the hub may be asked, by its id alone', async () => {
    mirror.answer(both);
    expect((await model(['--hub'])).parameters).toEqual({ low: 199_771_136, likely: 199_771_136, high: 199_771_136 });
    expect(mirror.asked.toSorted()).toEqual(['/ada/newest-9B/resolve/main/config.json', '/api/models/ada/newest-9B']);
    expect(mirror.heads.join()).not.toMatch(/secret|authorization|cookie|train\.py/i);
  });

  test.each<[string, (path: string, response: ServerResponse) => void, string]>([
    ['gone', (_, response) => void response.writeHead(404).end(), 'has no public model of that name'],
    ['gated', (_, response) => void response.writeHead(401).end('{}'), 'has no public model of that name'],
    ['too much asked', (_, response) => void response.writeHead(429).end(), 'answered 429'],
    ['failing', (_, response) => void response.writeHead(500).end(), 'answered 500'],
    ['cut', (_, response) => void response.end(config.slice(0, 40)), 'answered what is no description of a model'],
    ['a list', (_, response) => void response.end('[1, 2]'), 'answered what is no description of a model'],
    ['a page', (_, response) => void response.end('<html>log in</html>'), 'answered what is no description of a model'],
    ['closed', (_, response) => void response.destroy(), 'gave no answer'],
    [
      'elsewhere',
      (_, response) => void response.writeHead(302, { location: 'http://localhost:1/steal' }).end(),
      'sent elsewhere',
    ],
  ])('stays a range where the hub is %s, and the reason is told', async (_, reply, reason) => {
    mirror.answer(reply);
    const answer = await hubAsker({ env: env() })('ada/newest-9B');
    expect('reason' in answer && answer.reason).toContain(reason);
  });

  test('stays a range on the command line too, with the reason', async () => {
    mirror.answer((_, response) => void response.writeHead(503).end());
    const { parameters, said } = await model(['--hub']);
    expect(parameters).toMatchObject({ likely: 9e9 });
    expect(said).toContain('The model hub answered 503 when asked for ada/newest-9B.');
  });

  test('is not waited for long', async () => {
    mirror.answer(() => undefined);
    const answer = await hubAsker({ env: env(), timeout: 30 })('ada/newest-9B');
    expect(answer).toEqual({ reason: 'gave no answer (no answer in time)' });
  });

  test('takes what holds of half an answer', async () => {
    mirror.answer(
      (path, response) =>
        void (path.startsWith('/api/') ? response.end('{"safetensors":{"total":"many"}}') : response.end(config)),
    );
    expect(await hubAsker({ env: env() })('ada/newest-9B')).toEqual({
      id: 'ada/newest-9B',
      source: expect.stringContaining('127.0.0.1'),
      config,
    });
    mirror.answer(
      (path, response) => void (path.startsWith('/api/') ? response.end(record) : response.writeHead(404).end()),
    );
    expect(await hubAsker({ env: env() })('ada/newest-9B')).toMatchObject({ counted: 199_771_136 });
  });
});

describe('of the names of models', () => {
  const job = (value: string) => ({
    workload: { facts: [{ name: 'model.name', value }] },
    spec: { model: { architecture: { kind: 'unknown', reason: 'x' } } },
  });
  test('only hub ids are asked for, and no folder of the user', () => {
    const names = [
      'ada/newest-9B',
      'outputs/run',
      './ada/own',
      '/data/x',
      'plain',
      'a/b/c',
      'ada/weights.pt',
      'models/mine',
      '../x/y',
      'ada/..',
      'mine/folder',
    ];
    const files = new Map([
      ['file:///work/mine/folder/config.json', { uri: 'x', languageId: 'json' as const, version: 0, text: '' }],
    ]);
    // Only what the function looks at is made up here.
    const jobs = names.map(job) as unknown as Parameters<typeof unknownModels>[0];
    expect(unknownModels(jobs, files)).toEqual(['ada/newest-9B']);
  });
});
