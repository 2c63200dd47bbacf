import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodeAction, InlayHint } from 'vscode-languageserver';
import { built } from '../bundle/built.ts';
import { type OpenDocument, projectFile, type Session, startSession } from './server.ts';

const example = projectFile('examples/llama-sft/train.py');
const capabilities = {
  textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown' as const] } },
  workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } },
};

describe('the bundled server over JSON-RPC', () => {
  let session: Session;
  let script: OpenDocument;

  beforeAll(async () => {
    session = await startSession([built('server.cjs'), '--stdio'], {
      rootUri: new URL('./', example.uri).href,
      capabilities,
    });
    script = await session.open(example.uri, 'python', example.text);
  });

  test('says what it can do', () => {
    expect(session.initialized).toMatchObject({
      serverInfo: { name: 'flopwise' },
      capabilities: {
        textDocumentSync: { openClose: true, change: 2 },
        inlayHintProvider: true,
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix', 'refactor.rewrite.flopwise', 'source.fixAll.flopwise'] },
        diagnosticProvider: { interFileDependencies: true },
        notebookDocumentSync: { notebookSelector: [{ notebook: 'jupyter-notebook' }] },
      },
    });
  });

  test('shows cost, memory and checkpoints at line ends', async () => {
    const labels = (await script.labels()).join('\n');
    expect(labels).toMatch(/\$[\d.,]+/);
    expect(labels).toMatch(/of \d+ GiB/);
    expect(labels).toMatch(/saves/);
    for (const { position } of await script.hints()) {
      expect(position.character).toBe(example.text.split('\n')[position.line]?.length);
    }
  });

  test('answers for the lines asked for', async () => {
    const [first] = await script.hints();
    const line = first?.position.line ?? 0;
    const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
    expect((await script.hints(range)).map(({ position }) => position.line)).toEqual([line]);
  });

  test('a hover has the answer, a table, what it rests on and the price date', async () => {
    const { line, character } = script.at('training_args = SFTConfig(');
    const hover = await script.hover({ line, character: character + 'training_args = S'.length });
    const value = JSON.stringify(hover?.contents);
    expect(value).toMatch(/"value":"(\w+\\n\\n)?\*\*.*\$/);
    expect(value).toMatch(/\| --: \|/);
    expect(value).toMatch(/\d{4}-\d{2}-\d{2}/);
    expect(value).toMatch(/Fits up to micro batch \d+, sequence [\d,]+/);
  });

  test('an edit gives fresh figures', async () => {
    const before = await script.labels();
    await script.replace('gradient_accumulation_steps=4', 'gradient_accumulation_steps=1');
    expect(await script.labels()).not.toEqual(before);
    await script.replace('gradient_accumulation_steps=1', 'gradient_accumulation_steps=4');
    expect(await script.labels()).toEqual(before);
  });

  test('a syntax error keeps the hints', async () => {
    const before = await script.labels();
    await script.replace('    trainer.train(', '    x = (1,\n    trainer.train(');
    expect((await script.labels()).length).toBe(before.length);
    await script.replace('    x = (1,\n    trainer.train(', '    trainer.train(');
    expect(await script.labels()).toEqual(before);
  });

  test('what cannot fit is an error, and its first fix mends the buffer', async () => {
    await script.replace('gradient_checkpointing=True', 'gradient_checkpointing=False');
    await script.replace('per_device_train_batch_size=4', 'per_device_train_batch_size=64');
    const problem = (await script.diagnostics()).find(({ severity }) => severity === 1);
    expect(problem).toMatchObject({ source: 'flopwise', code: 'does-not-fit' });
    if (!problem) return;
    expect(problem.range.start.line).toBe(problem.range.end.line);
    const actions = await script.actions(problem.range);
    const fix = actions.find(({ isPreferred }) => isPreferred);
    expect(fix?.title).toMatch(/\d/);
    if (fix) await script.apply(fix);
    expect((await script.diagnostics()).map(({ message }) => message)).not.toContain(problem.message);
  });

  test('unchanged diagnostics are not sent again', async () => {
    const first = await script.pull();
    expect(first.kind).toBe('full');
    expect(await script.pull(first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
  });

  test('the report has the job with its files', async () => {
    const report = await session.connection.sendRequest('flopwise/report', { uri: script.uri });
    expect(report).toMatchObject({
      uri: script.uri,
      jobs: [{ answer: expect.stringContaining('8 x H100') }],
      markdown: expect.stringMatching(/run\.sbatch[\s\S]*fsdp\.yaml|fsdp\.yaml[\s\S]*run\.sbatch/),
    });
  });

  test('survives what is no code', async () => {
    const odd = ['', '\0\0binary\0', '('.repeat(20_000), 'a: &a [*a]\n'.repeat(50), '\ud800 = "\udfff"'];
    for (const [index, text] of odd.entries()) {
      for (const language of ['python', 'yaml', 'json', 'shellscript']) {
        const document = await session.open(`file:///nowhere/${index}.${language}`, language, text);
        expect(await document.labels()).toEqual([]);
      }
    }
  });

  test('nothing was logged as a fault, and it ends when told', async () => {
    expect(session.log).toEqual([]);
    expect(await session.end()).toBe(0);
  });

  afterAll(() => session.connection.dispose());
});

test('a client that asks for details gets them when it points at a hint or chooses an action', async () => {
  const properties = ['tooltip', 'label.tooltip', 'label.location', 'label.command'];
  const session = await startSession([built('server.cjs'), '--stdio'], {
    rootUri: new URL('./', example.uri).href,
    capabilities: {
      ...capabilities,
      textDocument: {
        ...capabilities.textDocument,
        inlayHint: { resolveSupport: { properties } },
        codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } },
      },
    },
  });
  expect(session.initialized.capabilities).toMatchObject({
    inlayHintProvider: { resolveProvider: true },
    codeActionProvider: { resolveProvider: true },
  });
  const text = example.text.replace('per_device_train_batch_size=4', 'per_device_train_batch_size=64');
  const script = await session.open(example.uri, 'python', text);
  const [hint] = await script.hints();
  expect(hint).not.toHaveProperty('tooltip');
  const whole = await session.connection.sendRequest<InlayHint>('inlayHint/resolve', hint);
  expect(whole).toMatchObject({ position: hint?.position, tooltip: { kind: 'markdown' } });
  const start = script.at('64');
  const [action] = await script.actions({ start, end: start }, ['quickfix']);
  expect(action).not.toHaveProperty('edit');
  const chosen = await session.connection.sendRequest<CodeAction>('codeAction/resolve', action);
  await script.apply(chosen);
  expect(script.text()).not.toBe(text);
  expect(await session.end()).toBe(0);
});
