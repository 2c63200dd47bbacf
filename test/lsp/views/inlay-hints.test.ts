import { describe, expect, test } from 'vitest';
import { joinCells } from '#core/source/notebook.ts';
import { resolveInlayHint, viewInlayHints } from '#server/lsp/features/inlay-hints.ts';
import { defaultEditorSettings } from '#server/lsp/settings.ts';
import { everywhere, job, launcher, script, view } from '../sample.ts';

const { hints } = defaultEditorSettings;
const plain = { commands: false };

describe('inlay hints', () => {
  test('stand at line ends, with tooltip and the place of the cause', () => {
    expect(viewInlayHints(view, script.uri, everywhere, hints, plain)).toEqual([
      {
        position: { line: 2, character: 17 },
        label: [
          { value: '$412 (330-520)' },
          { value: ', ' },
          {
            value: '71 of 80 GiB',
            tooltip: { kind: 'markdown', value: 'at the loss' },
            location: {
              uri: launcher.uri,
              range: { start: { line: 1, character: 15 }, end: { line: 1, character: 25 } },
            },
          },
        ],
        paddingLeft: true,
        tooltip: { kind: 'markdown', value: '**$412** to train' },
      },
      {
        position: { line: 4, character: 19 },
        label: [{ value: '96 saves, 2.9 TB kept' }],
        paddingLeft: true,
        tooltip: { kind: 'markdown', value: 'All are kept.' },
      },
    ]);
  });

  test('carry a command only where the client has it', () => {
    const [first] = viewInlayHints(view, script.uri, everywhere, hints, { commands: true });
    expect(first?.label).toMatchObject([
      { command: { command: 'flopwise.showReport', arguments: [script.uri] } },
      { value: ', ' },
      { location: { uri: launcher.uri } },
    ]);
  });

  test('what the client can ask for later comes when it asks', () => {
    const resolvesHints = new Set(['tooltip', 'label.tooltip', 'label.location', 'label.command']);
    const able = { commands: true };
    const whole = viewInlayHints(view, script.uri, everywhere, hints, able);
    const bare = viewInlayHints(view, script.uri, everywhere, hints, { ...able, resolvesHints });
    expect(bare[0]).toEqual({
      position: { line: 2, character: 17 },
      label: [{ value: '$412 (330-520)' }, { value: ', ' }, { value: '71 of 80 GiB' }],
      paddingLeft: true,
      data: script.uri,
    });
    expect(bare.map((one) => resolveInlayHint(view, one, hints, able))).toEqual(
      whole.map((one) => ({ ...one, data: script.uri })),
    );
    // The line says something else by now: the editor asks for its hints again.
    const other = { ...view, workloads: [{ ...job, report: { ...job.report, hints: job.report.hints.slice(1) } }] };
    expect(bare.slice(0, 1).map((one) => resolveInlayHint(other, one, hints, able))).toEqual(bare.slice(0, 1));
  });

  test('only in the lines asked for', () => {
    const range = { start: { line: 3, character: 0 }, end: { line: 5, character: 0 } };
    expect(viewInlayHints(view, script.uri, range, hints, plain).map(({ position }) => position.line)).toEqual([4]);
  });

  test('each kind and the whole can be switched off', () => {
    const lines = (settings: typeof hints) =>
      viewInlayHints(view, script.uri, everywhere, settings, plain).map(({ position }) => position.line);
    expect(lines({ ...hints, cost: false })).toEqual([4]);
    expect(lines({ ...hints, enabled: false })).toEqual([]);
  });

  test('two on a line are one hint, and never more than 43 characters', () => {
    const at = job.report.hints[0]?.at ?? { uri: script.uri, start: 0, end: 0 };
    const words = (...texts: string[]) => {
      const own = texts.map((text) => ({ kind: 'cost' as const, at, parts: [{ text }], tooltip: '' }));
      const one = { ...view, workloads: [{ ...job, report: { ...job.report, hints: own } }] };
      return viewInlayHints(one, script.uri, everywhere, hints, plain).map(({ label }) =>
        typeof label === 'string' ? label : label.map(({ value }) => value).join(''),
      );
    };
    expect(words('$412 (330-520)', '71 of 80 GiB')).toEqual(['$412 (330-520), 71 of 80 GiB']);
    expect(words('$412 (330-520)', '71 of 80 GiB', '96 saves, 2.9 TB kept')).toEqual(['$412 (330-520), 71 of 80 GiB']);
  });

  test('in a notebook stand in their own cell', () => {
    const cells = [
      { uri: 'cell:1', index: 1, text: 'import trl\nx = 1' },
      { uri: 'cell:2', index: 3, text: script.text },
    ];
    const file = joinCells('file:///work/train.ipynb', 1, cells);
    const shift = file.cells?.[1]?.start ?? 0;
    const moved = job.report.hints
      .filter(({ at }) => at.uri === script.uri)
      .map((hint) => ({ ...hint, at: { uri: file.uri, start: hint.at.start + shift, end: hint.at.end + shift } }));
    const notebook = {
      ...view,
      file,
      files: new Map([[file.uri, file]]),
      workloads: [{ ...job, report: { ...job.report, hints: moved } }],
    };
    const positions = (uri: string) =>
      viewInlayHints(notebook, uri, everywhere, hints, plain).map(({ position }) => position);
    expect(positions('cell:1')).toEqual([]);
    expect(positions('cell:2')).toEqual([
      { line: 2, character: 17 },
      { line: 4, character: 19 },
    ]);
  });
});
