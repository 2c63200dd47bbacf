import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { expect, test } from 'vitest';
import { built } from './built.ts';
import { startWorker } from './worker.ts';

/** A require or import of a module that browsers lack; web-tree-sitter's own are behind a test for Node. */
const required = /\b(?:require|import)\((["'`])([^"'`]+)\1\)/g;

test('the browser bundles reach for no part of Node', () => {
  const allowed = new Set(['vscode']);
  for (const name of ['server.worker.js', 'extension.web.cjs']) {
    const text = readFileSync(built(name), 'utf8');
    const named = [...text.matchAll(required)].map((match) => (match[2] ?? '').replace(/^node:/, ''));
    const foreign = named.filter((one) => !allowed.has(one));
    expect([name, foreign.filter((one) => builtinModules.includes(one))]).toEqual([name, []]);
  }
});

test('the worker answers with a worker’s globals alone', async () => {
  const uri = 'vscode-vfs://github/own/repo/train.py';
  const launch = 'vscode-vfs://github/own/repo/run.sh';
  const script = readFileSync(new URL('../../examples/llama-sft/train.py', import.meta.url), 'utf8');
  const worker = startWorker(new Map([[launch, 'torchrun --nproc-per-node 8 train.py\n']]));
  const abilities = { commands: true, files: true, status: true };
  const initialized = await worker.request('initialize', {
    processId: null,
    rootUri: 'vscode-vfs://github/own/repo',
    capabilities: {},
    initializationOptions: abilities,
  });
  expect(initialized).toMatchObject({ capabilities: { hoverProvider: true, inlayHintProvider: true } });
  worker.notify('initialized', {});
  worker.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text: script } });
  const report = await worker.request('flopwise/report', { uri });
  expect(report).toMatchObject({ uri, markdown: expect.stringContaining('# Cost report') });
  expect(worker.heard.map(({ method }) => method)).toContain('flopwise/readFile');
  expect(worker.heard.filter(({ method }) => method === 'window/logMessage')).toEqual([]);
});
