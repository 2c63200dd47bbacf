import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CancellationTokenSource, ProgressType } from 'vscode-languageserver/node';
import {
  type PageResult,
  pageRequest,
  type WorkspaceProgress,
  type WorkspaceResult,
  workspaceChangedNotification,
  workspaceRequest,
} from '#server/protocol.ts';
import { built } from '../bundle/built.ts';
import { type Session, startSession } from './server.ts';

describe('the whole workspace over JSON-RPC', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-workspace-'));
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  let session: Session;
  const ask = (params = {}) => session.connection.sendRequest<WorkspaceResult | null>(workspaceRequest, params);

  beforeAll(async () => {
    cpSync(fileURLToPath(new URL('../../examples/', import.meta.url)), folder, { recursive: true });
    mkdirSync(join(folder, 'node_modules/dependency'), { recursive: true });
    cpSync(join(folder, 'llama-sft'), join(folder, 'node_modules/dependency'), { recursive: true });
    session = await startSession([built('server.cjs'), '--stdio'], {
      rootUri: pathToFileURL(folder).href,
      initializationOptions: { commands: true },
    });
  });
  afterAll(async () => {
    await session.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('every job is there once, with figures, orders and one sum', async () => {
    const told: WorkspaceProgress[] = [];
    const partial = session.connection.onProgress(new ProgressType<WorkspaceProgress>(), 'look-1', (one) => {
      told.push(one);
    });
    const result = await ask({ progress: 'look-1' });
    partial.dispose();
    if (!result) throw new Error('no answer');
    const { items, orders, totals } = result;
    expect(told[0]?.text).toMatch(/files/);
    expect(items.map(({ label }) => label).sort()).toEqual([
      'llama-sft/train.py',
      'mistral-qlora/config.yml',
      'vllm-serve/deployment.yaml',
    ]);
    expect(totals).toMatch(/^3 jobs: \$/);
    for (const order of Object.values(orders)) expect([...order].sort()).toEqual([0, 1, 2]);
    expect(items[orders.name[0] ?? -1]?.label).toBe('llama-sft/train.py');
    expect(items.find(({ marks }) => marks.includes('serving'))?.label).toBe('vllm-serve/deployment.yaml');
    for (const { text, answer, lines, place } of items) {
      expect(`${text} ${answer}`).not.toMatch(/NaN|undefined|\$0(\.0+)?\b/);
      expect(lines.length).toBeGreaterThan(2);
      expect(place?.uri).toMatch(/^file:/);
    }
  });

  test('a file that comes, changes or is typed in shows in the next answer, and the client is told', async () => {
    const told = new Promise<void>((done) => session.connection.onNotification(workspaceChangedNotification, done));
    const path = join(folder, 'extra.py');
    const script = (batch: number) => `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
model = AutoModelForCausalLM.from_pretrained("gpt2")
args = TrainingArguments(output_dir="o", per_device_train_batch_size=${batch}, max_steps=500, bf16=True)
Trainer(model=model, args=args).train()
`;
    writeFileSync(path, script(2));
    const touch = (type: number) =>
      session.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: uriOf('extra.py'), type }],
      });
    await touch(1);
    const extra = async () => (await ask())?.items.find(({ label }) => label === 'extra.py');
    const before = await extra();
    expect(before).toBeDefined();
    await told;
    writeFileSync(path, script(32));
    await touch(2);
    const after = await extra();
    expect(after?.text).not.toBe(before?.text);
    const document = await session.open(uriOf('extra.py'), 'python', script(32));
    await document.replace('=32', '=2');
    expect((await extra())?.text).toBe(before?.text);
  });

  test('the report of a file that is not open is there too', async () => {
    const page = await session.connection.sendRequest<PageResult | null>(pageRequest, {
      uri: uriOf('mistral-qlora/config.yml'),
    });
    expect(page?.jobs.length).toBe(1);
    expect(page?.jobs[0]?.plots.map(({ id }) => id)).toContain('memory');
  });

  test('a look that nobody waits for ends without an answer', async () => {
    const source = new CancellationTokenSource();
    const answer = session.connection.sendRequest(workspaceRequest, {}, source.token);
    source.cancel();
    expect(await answer).toBeNull();
  });
});
