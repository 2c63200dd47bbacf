import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver/node';
import { built } from '../bundle/built.ts';
import { type OpenDocument, type Session, startSession } from './server.ts';

const job = `base_model: NousResearch/Llama-2-7b-hf
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 1
optimizer: adamw_torch
bf16: true
output_dir: ./out
`;

const own = 'accelerator: A100-80GB:8\nrates:\n  A100-80GB: 1.5\n';

describe('flopwise.yaml in the editor', () => {
  let folder = '';
  let session: Session;
  let config: OpenDocument;
  let project: OpenDocument;
  const uri = (name: string) => pathToFileURL(join(folder, name)).href;
  const cost = async (document = config) => (await document.labels()).find((label) => label.includes('$')) ?? '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-project-'));
    mkdirSync(join(folder, 'jobs'));
    writeFileSync(join(folder, 'flopwise.yaml'), own);
    writeFileSync(join(folder, 'jobs', 'tune.yaml'), job);
    session = await startSession([built('server.cjs'), '--stdio'], {
      rootUri: pathToFileURL(folder).href,
      capabilities: { textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] } } },
    });
    config = await session.open(uri('jobs/tune.yaml'), 'yaml', job);
  });

  afterAll(async () => {
    expect(session.log).toEqual([]);
    expect(await session.end()).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  test('its saved rates hold before it is opened', async () => {
    expect(await cost()).toMatch(/\$/);
  });

  test('a price shows in the hints with the keystroke that types it, unsaved', async () => {
    project = await session.open(uri('flopwise.yaml'), 'yaml', own);
    const before = await cost();
    await project.replace('1.5', '15');
    const after = await cost();
    const dollars = (label: string) => Number(/\$([\d,.]+)/.exec(label)?.[1]?.replaceAll(',', ''));
    expect(dollars(after) / dollars(before)).toBeCloseTo(10, 0);
    await project.replace('15', '1.5');
    expect(await cost()).toBe(before);
  });

  test('a file that was never saved holds too, the nearest first', async () => {
    const before = await cost();
    const nearest = await session.open(uri('jobs/flopwise.yaml'), 'yaml', own.replace('1.5', '150'));
    expect(await cost()).not.toBe(before);
    await nearest.replace(own.replace('1.5', '150'), '# nothing yet\ncloud: aws\n');
    await session.connection.sendNotification('textDocument/didClose', { textDocument: { uri: nearest.uri } });
    expect(await cost()).toBe(before);
  });

  test('a mistake is named at its line, and the rest holds', async () => {
    await project.replace('  A100-80GB: 1.5', '  A100-80GB: 1.5\n  H1000: 2\nregoin: us-east-1\nprice: free');
    const told = (await project.diagnostics()).map(
      ({ range, message, source, severity }) => `${range.start.line + 1} ${source} ${severity}: ${message}`,
    );
    expect(told).toEqual([
      '4 flopwise 2: No accelerator H1000 is in the tables (near: H100-SXM).',
      '5 flopwise 2: There is no key "regoin" (did you mean region?).',
      '6 flopwise 2: price must be one of on-demand, spot, reserved.',
    ]);
    expect(await cost()).toMatch(/\$/);
    await project.replace('\n  H1000: 2\nregoin: us-east-1\nprice: free', '');
    expect(await project.diagnostics()).toEqual([]);
  });

  test('keys and values are completed, in this file alone', async () => {
    const complete = async (document: OpenDocument, words: string) => {
      const { line, character } = document.at(words);
      const position = { line, character: character + words.length };
      return session.connection.sendRequest<CompletionItem[]>('textDocument/completion', {
        textDocument: { uri: document.uri },
        position,
      });
    };
    await project.replace('rates:', 'pri\nrates:');
    const keys = await complete(project, 'pri');
    expect(keys.map(({ label }) => label)).toContain('price');
    expect(keys.map(({ label }) => label)).not.toContain('rates');
    await project.replace('pri\n', 'price: \n');
    expect((await complete(project, 'price: ')).map(({ label }) => label)).toEqual(['on-demand', 'spot', 'reserved']);
    await project.replace('price: \n', '');
    expect(await complete(config, 'optimizer: ')).toEqual([]);
  });

  test('a key explains itself', async () => {
    const { line, character } = project.at('A100-80GB: ');
    const hover = await project.hover({ line, character: character + 2 });
    expect(JSON.stringify(hover?.contents)).toMatch(/Price of an accelerator-hour.*\$1\.5.*list price is \$\d/);
  });
});
