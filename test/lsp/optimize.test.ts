import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkspaceEdit } from 'vscode-languageserver';
import { ProgressType } from 'vscode-languageserver/node';
import { type OptimizeResult, optimizeCommand, optimizeRequest } from '#server/protocol.ts';
import { built } from '../bundle/built.ts';
import { type OpenDocument, projectFile, type Session, startSession } from './server.ts';

const script = projectFile('examples/llama-sft/train.py');

describe('the search over JSON-RPC', () => {
  let session: Session;
  let document: OpenDocument;

  beforeAll(async () => {
    session = await startSession([built('server.cjs'), '--stdio'], {
      rootUri: new URL('./', script.uri).href,
      capabilities: { workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } } },
      initializationOptions: { commands: true },
    });
    document = await session.open(script.uri, 'python', script.text);
  });
  afterAll(() => session.end());

  test('is offered where a figure of the job stands, and nowhere else', async () => {
    const titles = async (words: string) => {
      const at = document.at(words);
      const actions = await document.actions({ start: at, end: at }, ['refactor.rewrite.flopwise']);
      return actions.filter(({ command }) => command?.command === optimizeCommand).map(({ title }) => title);
    };
    expect(await titles('training_args = SFTConfig(')).toEqual(['Find a cheaper configuration...']);
    expect(await titles('import')).toEqual([]);
  });

  test('tells what it finds while it looks, answers others meanwhile, and ends with edits', async () => {
    const told: OptimizeResult[] = [];
    const partial = session.connection.onProgress(new ProgressType<OptimizeResult>(), 'search-1', (one) => {
      told.push(one);
    });
    const search = session.connection.sendRequest<OptimizeResult>(optimizeRequest, {
      uri: document.uri,
      limits: {},
      progress: 'search-1',
    });
    const hints = await document.hints();
    const { items, examined, title, now } = await search;
    partial.dispose();
    expect(hints.length).toBeGreaterThan(0);
    expect(told.length).toBeGreaterThan(0);
    expect(examined).toBeGreaterThan(100);
    expect(title).toContain('train');
    expect(now).toMatch(/^\$/);
    expect(items.length).toBeGreaterThan(1);
    for (const { label, description, detail } of items)
      expect(`${label} ${description} ${detail}`).not.toMatch(/NaN|undefined|\$0(\.0+)?\b/);
    const written = items.filter(({ edit }) => edit !== undefined).map(({ edit }) => edit as WorkspaceEdit);
    expect(written.length).toBeGreaterThan(0);
    for (const { documentChanges = [] } of written) {
      const own = documentChanges.find((one) => 'textDocument' in one && one.textDocument.uri === document.uri);
      if (own && 'textDocument' in own) expect(own.textDocument.version).toBe(1);
    }
  });

  test("keeps to the job's own machines where asked, and ends where nobody waits", async () => {
    const own = await session.connection.sendRequest<OptimizeResult>(optimizeRequest, {
      uri: document.uri,
      limits: { ownMachines: true, keepNumerics: true },
    });
    for (const { label } of own.items) expect(label).toMatch(/: (\d x )*H100/);
    const { CancellationTokenSource } = await import('vscode-languageserver');
    const source = new CancellationTokenSource();
    const cancelled = session.connection.sendRequest(optimizeRequest, { uri: document.uri, limits: {} }, source.token);
    source.cancel();
    expect(await cancelled).toBeNull();
  });

  const searched = (uri: string) =>
    session.connection.sendRequest<OptimizeResult>(optimizeRequest, { uri, limits: {} });

  test('finds cheaper ways to serve a model', async () => {
    const sample = projectFile('examples/vllm-serve/deployment.yaml');
    const serving = await session.open(sample.uri, 'yaml', sample.text);
    const { items, reason } = await searched(serving.uri);
    expect(reason).toBeUndefined();
    expect(items[0]?.description).toMatch(/per 1M tokens, .* a request/);
  });

  test('says why a job cannot be searched', async () => {
    const sample = projectFile('examples/vllm-serve/deployment.yaml');
    const text = sample.text.replace('meta-llama/Llama-3.1-70B-Instruct', 'acme/assistant');
    const serving = await session.open(sample.uri.replace('deployment', 'unknown'), 'yaml', text);
    expect(await searched(serving.uri)).toMatchObject({
      items: [],
      reason: expect.stringContaining('size of the model'),
    });
  });
});
