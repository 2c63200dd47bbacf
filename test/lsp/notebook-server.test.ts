import { expect, test } from 'vitest';
import { built } from '../bundle/built.ts';
import { everywhere } from './sample.ts';
import { startSession } from './server.ts';

const cells = [
  '%pip install trl\nfrom trl import SFTConfig, SFTTrainer\nBATCH = 2',
  [
    'args = SFTConfig(',
    '    output_dir="out",',
    '    per_device_train_batch_size=BATCH,',
    '    max_steps=1000,',
    '    save_steps=100,',
    '    bf16=True,',
    ')',
    'trainer = SFTTrainer(model="meta-llama/Llama-3.1-8B", args=args, train_dataset=data)',
    'trainer.train()',
  ].join('\n'),
];

/** Hints of a cell as "line: text". */
type Shown = readonly {
  readonly position: { readonly line: number };
  readonly label: readonly { readonly value: string }[];
}[];

test('the cells of a notebook are one program, and figures stand in their own cell', async () => {
  const session = await startSession([built('server.cjs'), '--stdio'], {
    initializationOptions: { settings: { assume: { accelerator: 'H100:8' } } },
  });
  const { connection } = session;
  const uri = 'file:///nowhere/train.ipynb';
  const cellUri = (at: number) => `vscode-notebook-cell:/nowhere/train.ipynb#${at}`;
  await connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri,
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: cells.map((_, at) => ({ kind: 2, document: cellUri(at) })),
    },
    cellTextDocuments: cells.map((text, at) => ({ uri: cellUri(at), languageId: 'python', version: 1, text })),
  });
  const labels = async (at: number) => {
    const textDocument = { uri: cellUri(at) };
    const hints: Shown = await connection.sendRequest('textDocument/inlayHint', { textDocument, range: everywhere });
    return hints.map(({ position, label }) => `${position.line}: ${label.map(({ value }) => value).join('')}`);
  };
  expect(await labels(0)).toEqual([]);
  const before = await labels(1);
  expect(before.join('\n')).toMatch(/^0: .*\$[\s\S]*^4: .*save/m);
  await connection.sendNotification('notebookDocument/didChange', {
    notebookDocument: { uri, version: 2 },
    change: {
      cells: {
        textContent: [
          {
            document: { uri: cellUri(0), version: 2 },
            changes: [{ range: { start: { line: 2, character: 8 }, end: { line: 2, character: 9 } }, text: '16' }],
          },
        ],
      },
    },
  });
  const after = await labels(1);
  expect(after.length).toBe(before.length);
  expect(after).not.toEqual(before);
  expect(session.log).toEqual([]);
  expect(await session.end()).toBe(0);
});
