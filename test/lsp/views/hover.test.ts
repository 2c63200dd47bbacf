import { describe, expect, test } from 'vitest';
import { viewHover } from '#server/lsp/features/hover.ts';
import { job, launcher, script, view } from '../sample.ts';

const plain = { commands: false };

const body = [
  '**$412** (330-520) to train, 16.4 h on 8 x H100  ',
  'Fits: 71 of 80 GiB a GPU, at the loss',
  '',
  '| Memory a GPU |  | &emsp; | Run |  |',
  '| :-- | --: | -- | :-- | --: |',
  `| weights bf16 | 15.0 GiB | &emsp; | [8 x H100, on-demand](${launcher.uri}#L2,16) | $402 |`,
  '|  |  | &emsp; | checkpoints 30 d | $10 |',
  '',
  'Length: 3 epochs x 207,865 samples  ',
  'Assumed: 41 % MFU (36-46)  ',
  'Prices of 2026-07-30',
].join('\n');

describe('hover', () => {
  test('over the anchor: answer, verdict, table, what it rests on', () => {
    expect(viewHover(view, script.uri, { line: 2, character: 8 }, plain)).toEqual({
      contents: { kind: 'markdown', value: body },
      range: { start: { line: 2, character: 7 }, end: { line: 2, character: 17 } },
    });
  });

  test('over a value: what that value causes stands first', () => {
    const hover = viewHover(view, script.uri, { line: 4, character: 17 }, plain);
    expect(hover?.contents).toEqual({ kind: 'markdown', value: `All are kept.\n\n${body}` });
  });

  test('links to the report, and to a question for what is missing, where the client has the commands', () => {
    const hover = viewHover(view, script.uri, { line: 2, character: 8 }, { commands: true });
    const link = `[Report](command:flopwise.showReport?${encodeURIComponent(JSON.stringify([script.uri]))})`;
    const words = encodeURIComponent(JSON.stringify([script.uri, 'accelerator']));
    const question = `[State the accelerator](command:flopwise.fillIn?${words})`;
    expect(hover?.contents).toEqual({ kind: 'markdown', value: `${body}\n\n${link} · ${question}` });
  });

  test('how far the job could go stands before what it rests on', () => {
    const hover = viewHover(view, script.uri, { line: 2, character: 8 }, plain, () => 'Fits up to micro batch 13');
    const told = body.replace('Length:', 'Fits up to micro batch 13  \nLength:');
    expect(hover?.contents).toEqual({ kind: 'markdown', value: told });
  });

  test('nothing where the text carries no cost', () => {
    expect(viewHover(view, script.uri, { line: 0, character: 3 }, plain)).toBeNull();
  });

  test('at most eight rows', () => {
    const rows = Array.from({ length: 20 }, (_, at) => ({ label: `part ${at}`, value: `${at} GiB` }));
    const many = { ...view, workloads: [{ ...job, report: { ...job.report, rows: [], memoryRows: rows } }] };
    const hover = viewHover(many, script.uri, { line: 2, character: 8 }, plain);
    expect(JSON.stringify(hover).match(/part \d+/g)).toHaveLength(8);
  });

  test('shows names from files as they stand', () => {
    const odd = { ...job, report: { ...job.report, notes: ['a|b *c* <img> [x](command:y)'] } };
    const hover = viewHover({ ...view, workloads: [odd] }, script.uri, { line: 2, character: 8 }, plain);
    expect(JSON.stringify(hover)).toContain(JSON.stringify('a\\|b \\*c\\* \\<img\\> \\[x\\](command:y)').slice(1, -1));
  });
});
