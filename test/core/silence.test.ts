import { expect, test } from 'vitest';
import { defaultSettings } from '#core/settings.ts';
import { isSilenced } from '#core/silence.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { suppression } from '#server/lsp/features/suppress.ts';
import { finding } from '../lsp/sample.ts';

/** A finding on the word `8` of a text. */
function silenced(text: string, today = '2026-06-01'): boolean {
  const file: SourceFile = { uri: 'file:///a.py', languageId: 'python', version: 1, text };
  const start = text.indexOf('8');
  return isSilenced({ ...finding, span: { uri: file.uri, start, end: start + 1 } }, new Map([[file.uri, file]]), {
    ...defaultSettings,
    today,
  });
}

test('a comment on the line or alone above it silences the rules that it names', () => {
  expect(silenced('batch = 8')).toBe(false);
  expect(silenced('batch = 8  # flopwise: ignore[does-not-fit] measured on our cards')).toBe(true);
  expect(silenced('# flopwise: ignore[other, does-not-fit]\nbatch = 8\n')).toBe(true);
  expect(silenced('x = 1  # flopwise: ignore[does-not-fit]\nbatch = 8\n')).toBe(false);
  expect(silenced('batch = 8  # flopwise: ignore[other-rule]')).toBe(false);
});

test('a date ends the silence', () => {
  const text = 'batch = 8  # flopwise: ignore[does-not-fit] new cards come, until 2026-06-30';
  expect(silenced(text, '2026-06-30')).toBe(true);
  expect(silenced(text, '2026-07-01')).toBe(false);
});

test('what the editor writes is what is honoured', () => {
  const file: SourceFile = { uri: 'file:///a.py', languageId: 'python', version: 1, text: 'x = 1\nbatch = 8\ny = 2\n' };
  const here = { ...finding, span: { uri: file.uri, start: 14, end: 15 } };
  const edit = suppression(file, here);
  const text = edit && file.text.slice(0, edit.span.start) + edit.text + file.text.slice(edit.span.end);
  expect(text).toBe('x = 1\nbatch = 8  # flopwise: ignore[does-not-fit] reason\ny = 2\n');
  expect(isSilenced(here, new Map([[file.uri, { ...file, text: text ?? '' }]]), defaultSettings)).toBe(true);
});

test('the project file silences a rule with a reason, for a file, until a date', () => {
  const file: SourceFile = { uri: 'file:///repo/train.py', languageId: 'python', version: 1, text: 'batch = 8' };
  const files = new Map([[file.uri, file]]);
  const here = { ...finding, span: { uri: file.uri, start: 8, end: 9 } };
  const asks = (silence: object, today = '2026-06-01') =>
    isSilenced(here, files, {
      ...defaultSettings,
      today,
      silences: [{ rule: 'does-not-fit', reason: 'measured', ...silence }],
    });
  expect(asks({})).toBe(true);
  expect(asks({ rule: 'other' })).toBe(false);
  expect(asks({ file: 'train.py' })).toBe(true);
  expect(asks({ file: 'repo/train.py' })).toBe(true);
  expect(asks({ file: 'ain.py' })).toBe(false);
  expect(asks({ until: '2026-06-01' })).toBe(true);
  expect(asks({ until: '2026-05-31' })).toBe(false);
});
