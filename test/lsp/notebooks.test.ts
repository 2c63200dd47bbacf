import { expect, test } from 'vitest';
import { joinCells, maskMagics } from '#core/source/notebook.ts';
import { toOffset, toPosition, toRange } from '#server/lsp/to-lsp.ts';

test('magics become comments of the same length', () => {
  expect(maskMagics('%pip install trl\nx = 1\n  !ls')).toBe('#pip install trl\nx = 1\n  #ls');
  expect(maskMagics('%%bash\nls -l\n\necho')).toBe('#%bash\n#s -l\n\n#cho');
  expect(maskMagics('%%time\nx = 10 % 3')).toBe('#%time\nx = 10 % 3');
});

test('offsets go to their cell and back', () => {
  const file = joinCells('n.ipynb', 1, [
    { uri: 'c0', index: 0, text: 'a = 1\nb = 2' },
    { uri: 'c2', index: 2, text: 'c = 3\r\nd = 4' },
  ]);
  const span = { uri: file.uri, start: file.text.indexOf('4'), end: file.text.indexOf('4') + 1 };
  expect(toRange(file, span)).toEqual({ start: { line: 1, character: 4 }, end: { line: 1, character: 5 } });
  expect(toOffset(file, 'c2', { line: 1, character: 4 })).toBe(span.start);
  expect(toOffset(file, 'c9', { line: 0, character: 0 })).toBeUndefined();
  expect(toPosition(file, file.text.indexOf('c ='))).toEqual({ line: 0, character: 0 });
  expect(toOffset(file, 'c0', { line: 99, character: 0 })).toBe(11);
});
