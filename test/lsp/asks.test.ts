import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { type AnswerResult, type AskItem, answerRequest, asksRequest, fillInCommand } from '#server/protocol.ts';
import { built } from '../bundle/built.ts';
import { type OpenDocument, type Session, startSession } from './server.ts';

/** States neither what it runs on nor how large its data is. */
const job = `base_model: NousResearch/Llama-2-7b-hf
datasets:
  - path: our/own-tickets
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 2
optimizer: adamw_torch
bf16: true
output_dir: ./out
`;

describe('what the files do not say is asked for once', () => {
  let folder = '';
  let session: Session;
  let config: OpenDocument;
  let project: OpenDocument;
  const uri = (name: string) => pathToFileURL(join(folder, name)).href;
  const asks = () => session.connection.sendRequest<readonly AskItem[]>(asksRequest, { uri: config.uri });
  const keys = async () => (await asks()).map(({ key }) => key);
  const answer = (key: string, value: string) =>
    session.connection.sendRequest<AnswerResult>(answerRequest, { uri: config.uri, key, value });
  /** Applies an answer to the open project file, which is the only file it may touch. */
  const apply = async ({ edit }: AnswerResult) => {
    const [change, ...more] = (edit as WorkspaceEdit).documentChanges ?? [];
    if (!change || !('edits' in change) || more.length > 0) throw new Error('another edit than of one file');
    expect(change.textDocument.uri).toBe(project.uri);
    await project.apply({ title: '', edit: edit as WorkspaceEdit });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-asks-'));
    mkdirSync(join(folder, 'jobs'));
    writeFileSync(join(folder, 'jobs', 'tune.yaml'), job);
    session = await startSession([built('server.cjs'), '--stdio'], {
      rootUri: pathToFileURL(folder).href,
      initializationOptions: { commands: true },
      capabilities: {
        workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
        textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] } },
      },
    });
    config = await session.open(uri('jobs/tune.yaml'), 'yaml', job);
  });

  afterAll(async () => {
    expect(session.log).toEqual([]);
    expect(await session.end()).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  test('the questions are those that a figure waits for', async () => {
    expect(await keys()).toEqual(['accelerator', 'dataset.examples', 'run.steps']);
    const [accelerator] = await asks();
    expect(accelerator?.choices).toContain('H100-SXM');
  });

  test('a quick fix where the job stands, and a link in its hover, ask them', async () => {
    const start = config.at('base_model');
    const offered = (await config.actions({ start, end: start })).filter(
      ({ command }) => command?.command === fillInCommand,
    );
    expect(offered.map(({ title }) => title)).toEqual([
      'State the accelerator in flopwise.yaml...',
      'State the number of training examples in flopwise.yaml...',
      'State the number of steps in flopwise.yaml...',
    ]);
    const hover = await config.hover(config.at('NousResearch'));
    expect(JSON.stringify(hover?.contents)).toContain(`command:${fillInCommand}`);
    const elsewhere = config.at('output_dir');
    const there = await config.actions({ start: elsewhere, end: elsewhere });
    expect(there.filter(({ command }) => command?.command === fillInCommand)).toEqual([]);
  });

  test('without a project file one is made in the workspace folder', async () => {
    const { edit, uri: made } = await answer('accelerator', 'H100:8');
    expect(made).toBe(uri('flopwise.yaml'));
    expect((edit as WorkspaceEdit).documentChanges).toEqual([
      { kind: 'create', uri: made, options: { ignoreIfExists: true } },
      {
        textDocument: { uri: made, version: null },
        edits: [
          {
            range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
            newText: 'accelerator: "H100-SXM:8"\n',
          },
        ],
      },
    ]);
  });

  test('answers join the project file under its comments, and the figures follow unsaved', async () => {
    project = await session.open(uri('flopwise.yaml'), 'yaml', '# ours\naccelerator: H100:8 # the rack\n');
    expect(await keys()).toEqual(['dataset.examples', 'run.steps']);
    expect((await config.labels()).join()).toMatch(/per 1k steps/);
    await apply(await answer('dataset.examples', '50,000'));
    expect(project.text()).toBe('# ours\naccelerator: H100:8 # the rack\ndataset:\n  examples: 50000\n');
    expect(await keys()).toEqual([]);
    expect((await config.labels()).join()).not.toMatch(/per 1k steps/);
  });

  test('a run that says neither steps nor epochs takes them from there', async () => {
    await config.replace('num_epochs: 2\n', 'num_epochs: null\n');
    expect(await keys()).toEqual(['run.steps', 'run.epochs']);
    await apply(await answer('run.epochs', '3'));
    expect(project.text()).toMatch(/\nrun:\n {2}epochs: 3\n/);
    expect(await keys()).toEqual([]);
    await config.replace('num_epochs: null\n', 'num_epochs: 2\n');
  });

  test('what does not fit is refused with a reason', async () => {
    await project.replace('accelerator: H100:8', 'cloud: aws');
    expect(await answer('accelerator', 'H1000')).toEqual({
      refused: expect.stringMatching(/^No accelerator H1000 is in the tables/),
    });
    expect(await answer('accelerator', '')).toEqual({ refused: expect.any(String) });
    expect(await answer('dataset.examples', '5')).toEqual({ refused: 'Nothing is missing there any more.' });
  });
});

describe('a document outside any folder', () => {
  test('an untitled job asks, and says where the answer belongs', async () => {
    const session = await startSession([built('server.cjs'), '--stdio'], {
      capabilities: { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } } },
    });
    const open = await session.open('untitled:Untitled-1', 'yaml', job);
    const result = await session.connection.sendRequest<AnswerResult>(answerRequest, {
      uri: open.uri,
      key: 'accelerator',
      value: 'H100',
    });
    expect(result).toEqual({ refused: 'Save the file first, or open a folder.' });
    await session.end();
  });
});
