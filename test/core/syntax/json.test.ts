import { describe, expect, test } from 'vitest';
import { outerOffset } from '#core/source/text-map.ts';
import { at } from '#core/syntax/data.ts';
import { readJson } from '#core/syntax/json.ts';
import { sourceOf, summary } from './plain.ts';

function checkJson(text: string, value: unknown, broken: readonly number[] = []): void {
  const file = sourceOf('json', text);
  expect(summary(file, readJson(file))).toEqual([{ value, broken }]);
}

describe('JSON', () => {
  test('values, comments, trailing commas', () => {
    checkJson('// shape\n{"a": [1, -2.5e3, true, null, "x\\n\\u0041",], /* c */ "b": {}}\n', {
      a: [1, -2500, true, null, 'x\nA'],
      b: {},
    });
  });

  test('a half-typed text keeps what is there', () => {
    checkJson('{"a": 1,\n "b": {"c": [1,', { a: 1, b: { c: [1] } }, [2, 2, 1]);
    checkJson('{"a": ,\n"b": 2 "c": 3}', { b: 2, c: 3 }, [1]);
    checkJson('{"a": "open\n "c": 2}', { a: 'open', c: 2 }, [1]);
    checkJson('', undefined);
  });

  test('hostile nesting ends in a problem', () => {
    const file = sourceOf('json', '['.repeat(100_000));
    expect(readJson(file)[0]?.problems.length).toBeGreaterThan(0);
  });

  test('spans hold the quotes, maps lead back through escapes', () => {
    const text = '{"k": "a\\tbc"}';
    const file = sourceOf('json', text);
    const node = at(readJson(file)[0]?.root, 'k');
    if (node?.kind !== 'scalar') throw new Error('expected a scalar');
    expect(text.slice(node.span.start, node.span.end)).toBe('"a\\tbc"');
    expect(text[outerOffset(node.map, 3)]).toBe('c');
  });
});
