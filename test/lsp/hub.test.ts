import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { built } from '../bundle/built.ts';
import { type Mirror, startMirror } from '../pricing/mirror.ts';
import { type OpenDocument, type Session, startSession } from './server.ts';

const program = `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

model = AutoModelForCausalLM.from_pretrained("ada/newest-9B")
Trainer(model=model, args=TrainingArguments(output_dir="out", bf16=True, max_steps=10)).train()
`;
const config = JSON.stringify({
  model_type: 'llama',
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 8,
  vocab_size: 32000,
});

let folder = '';
let mirror: Mirror;
let session: Session;
let document: OpenDocument;
let askHub = false;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-hub-'));
  mirror = await startMirror();
  mirror.answer((path, response) => void response.end(path.startsWith('/api/') ? '{"id":"ada/newest-9B"}' : config));
  session = await startSession(
    [built('server.cjs'), '--stdio'],
    { capabilities: { workspace: { configuration: true, inlayHint: { refreshSupport: true } } } },
    { HF_ENDPOINT: mirror.url, HF_HUB_CACHE: join(folder, 'none'), XDG_CACHE_HOME: folder, HF_TOKEN: 'secret' },
  );
  session.connection.onRequest('workspace/inlayHint/refresh', () => null);
  session.connection.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) =>
    items.map(() => ({ models: { askHub } })),
  );
  document = await session.open('file:///nowhere/train.py', 'python', program);
});

afterAll(async () => {
  await session.end();
  mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

test('nobody is asked for an unknown model while the setting is off', async () => {
  expect((await document.labels()).join('\n')).toMatch(/9\.00?B|9B/);
  expect(mirror.asked).toEqual([]);
});

test('once it is on, the hub is asked by the id alone, once, and the hints follow', async () => {
  askHub = true;
  await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await vi.waitFor(async () => expect((await document.labels()).join('\n')).toContain('200M'), {
    timeout: 20_000,
    interval: 200,
  });
  await document.replace('max_steps=10', 'max_steps=20');
  expect((await document.labels()).join('\n')).toContain('200M');
  expect(mirror.asked.toSorted()).toEqual(['/ada/newest-9B/resolve/main/config.json', '/api/models/ada/newest-9B']);
  expect(mirror.heads.join()).not.toMatch(/secret|authorization|cookie|train\.py/i);
}, 40_000);
