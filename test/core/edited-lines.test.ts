import { expect, test } from 'vitest';
import { editedLines } from '#core/source/edited-lines.ts';
import { isSource, openSource } from '#core/source/open.ts';

test('edits as whole lines: neighbours are one, others stand apart, an insertion at a line end keeps its line', () => {
  const text = 'a: 1\nb: 2\nc: 3\n\nd: 4\ne: 5';
  const file = openSource('file:///a.yaml', 1, text);
  if (!isSource(file)) throw new Error(file.reason);
  const at = (from: string, to: string) => {
    const start = text.indexOf(from);
    return { span: { uri: file.uri, start, end: start + from.length }, text: to };
  };
  expect(editedLines(file, [at('5', '50'), at('2', '20'), at('1', '10')])).toEqual([
    { line: 1, before: 'a: 1\nb: 2', after: 'a: 10\nb: 20' },
    { line: 6, before: 'e: 5', after: 'e: 50' },
  ]);
  const end = { span: { uri: file.uri, start: 14, end: 14 }, text: '\nx: 9' };
  expect(editedLines(file, [end])).toEqual([{ line: 3, before: 'c: 3', after: 'c: 3\nx: 9' }]);
});
