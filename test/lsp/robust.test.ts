import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CancellationTokenSource, type Diagnostic, type InlayHint } from 'vscode-languageserver/node';
import { built } from '../bundle/built.ts';
import { type OpenDocument, type Session, startSession } from './server.ts';

/** A script whose saves are all its own. */
const job = (every: number) => `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.2-1B")
args = TrainingArguments(
    output_dir="out",
    per_device_train_batch_size=4,
    max_steps=1000,
    bf16=True,
    save_steps=${every},
)
Trainer(model=model, args=args).train()
`;
const server = (...flags: string[]) => [...flags, built('server.cjs'), '--stdio'];
const savesOf = async (document: OpenDocument) =>
  Number(/: (\d+) saves?/.exec((await document.labels()).join('\n'))?.[1] ?? Number.NaN);

describe('many open documents of one folder', () => {
  const count = 200;
  let folder = '';
  let session: Session;
  const documents: OpenDocument[] = [];
  const told: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-many-'));
    session = await startSession(server(), {
      rootUri: pathToFileURL(folder).href,
      initializationOptions: { status: true, settings: { assume: { accelerator: 'H100:8' } } },
      capabilities: { textDocument: { diagnostic: {} } },
    });
    session.connection.onNotification('flopwise/status', ({ uri }: { uri: string }) => void told.push(uri));
    for (let at = 0; at < count; at += 1) {
      const uri = pathToFileURL(join(folder, `train-${at}.py`)).href;
      documents.push(await session.open(uri, 'python', job(at % 2 === 0 ? 100 : 250)));
    }
  });

  afterAll(async () => {
    expect(session.log).toEqual([]);
    expect(await session.end()).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  test('each shows its own figures, and an edit of one changes no other', async () => {
    const [first, second] = documents;
    const last = documents.at(-1);
    if (!first || !second || !last) throw new Error('no documents');
    expect([await savesOf(first), await savesOf(second), await savesOf(last)]).toEqual([10, 4, 4]);
    await first.replace('save_steps=100', 'save_steps=500');
    expect([await savesOf(first), await savesOf(second), await savesOf(last)]).toEqual([2, 4, 4]);
  });

  test('whoever types is answered before all the others are told of', async () => {
    const [first] = documents;
    if (!first) throw new Error('no documents');
    while (new Set(told).size < count) await new Promise((resolve) => setTimeout(resolve, 20));
    told.length = 0;
    // A file that all of them look at: everyone's figures may have changed.
    const project = pathToFileURL(join(folder, 'flopwise.yaml')).href;
    const rates = await session.open(project, 'yaml', 'rates:\n  H100: 2\n');
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await first.replace('save_steps=500', 'save_steps=200');
    expect(await savesOf(first)).toBe(5);
    expect(new Set(told).size).toBeLessThan(count);
    await rates.replace('H100: 2', 'H100: 3');
    while (new Set(told).size < count) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

describe('one long session', () => {
  let session: Session;
  let document: OpenDocument;
  const pushed: { readonly version?: number; readonly diagnostics: readonly Diagnostic[] }[] = [];

  beforeAll(async () => {
    // A server that keeps what it should let go runs out of this in far fewer edits.
    session = await startSession(server('--max-old-space-size=160'), {
      initializationOptions: { settings: { assume: { accelerator: 'H100:8' } } },
    });
    session.connection.onNotification('textDocument/publishDiagnostics', (params) => void pushed.push(params));
    document = await session.open('file:///work/train.py', 'python', job(100));
  });

  afterAll(async () => {
    expect(session.log).toEqual([]);
    expect(await session.end()).toBe(0);
  });

  test('typing without waiting ends with the figures of the last version', async () => {
    const asked: Promise<InlayHint[]>[] = [];
    let before = 100;
    for (const every of [10, 20, 25, 40, 50, 125, 200, 250, 500]) {
      await document.replace(`save_steps=${before}`, `save_steps=${every}`);
      asked.push(document.hints());
      before = every;
    }
    expect(await savesOf(document)).toBe(2);
    await Promise.all(asked);
    await document.replace('save_steps=500', 'save_steps=100');
  });

  test('pushed diagnostics carry the version they hold for, the last one the last version', async () => {
    pushed.length = 0;
    await document.replace('bf16=True,', 'bf16=True,  # flopwise: ignore[no-such-rule]');
    while (!pushed.some(({ diagnostics }) => diagnostics.some(({ code }) => code === 'comment')))
      await new Promise((resolve) => setTimeout(resolve, 20));
    const versions = pushed.map(({ version }) => version ?? -1);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(versions.at(-1)).toBe(document.version());
  });

  test('a request that is taken back harms nothing', async () => {
    const { connection } = session;
    const params = {
      textDocument: { uri: document.uri },
      range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
    };
    const taken = Array.from({ length: 20 }, () => {
      const source = new CancellationTokenSource();
      const answer = connection.sendRequest('textDocument/inlayHint', params, source.token).catch(() => 'refused');
      source.cancel();
      return answer;
    });
    // One that was answered before it was taken back is right as well.
    for (const answer of await Promise.all(taken)) expect(answer === 'refused' || Array.isArray(answer)).toBe(true);
    expect(await savesOf(document)).toBe(10);
  });

  test('a thousand edits leave the memory where it was', async () => {
    for (let at = 0; at < 500; at += 1) {
      await document.replace('save_steps=100', 'save_steps=50');
      if (at % 5 === 0) await document.hover(document.at('TrainingArguments('));
      await document.hints();
      await document.replace('save_steps=50', 'save_steps=100');
      if (at % 5 === 0) await document.actions({ start: document.at('bf16'), end: document.at('bf16') });
      await document.hints();
    }
    expect(await savesOf(document)).toBe(10);
  });

  test('a file of 50,000 lines has its figures, and follows an edit', async () => {
    const filler = 'def f():\n    pass\n'.repeat(25_000);
    const long = await session.open('file:///long/train.py', 'python', `${filler}${job(100)}`);
    expect(await savesOf(long)).toBe(10);
    await long.replace('save_steps=100', 'save_steps=250');
    expect(await savesOf(long)).toBe(4);
  });
});

describe('settings', () => {
  test('apply at once, and the editor is told to ask again', async () => {
    let section: unknown = { hints: { checkpoint: true }, assume: { accelerator: 'H100:8' } };
    const session = await startSession(server(), {
      capabilities: {
        workspace: {
          configuration: true,
          didChangeConfiguration: { dynamicRegistration: true },
          inlayHint: { refreshSupport: true },
          diagnostics: { refreshSupport: true },
        },
        textDocument: { diagnostic: {} },
      },
    });
    const refreshed: string[] = [];
    session.connection.onRequest('client/registerCapability', () => null);
    session.connection.onRequest('workspace/configuration', () => [section]);
    session.connection.onRequest('workspace/inlayHint/refresh', () => {
      refreshed.push('hints');
      return null;
    });
    session.connection.onRequest('workspace/diagnostic/refresh', () => {
      refreshed.push('diagnostics');
      return null;
    });
    const document = await session.open('file:///work/train.py', 'python', job(100));
    expect(await savesOf(document)).toBe(10);
    section = { hints: { checkpoint: false }, assume: { accelerator: 'H100:8' } };
    await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    expect(await savesOf(document)).toBeNaN();
    while (!['hints', 'diagnostics'].every((one) => refreshed.includes(one)))
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(session.log).toEqual([]);
    expect(await session.end()).toBe(0);
  });
});
