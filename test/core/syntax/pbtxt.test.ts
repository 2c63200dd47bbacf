import { describe, expect, test } from 'vitest';
import { readPbtxt } from '#core/syntax/pbtxt.ts';
import { sourceOf, summary } from './plain.ts';

function checkPbtxt(text: string, value: unknown, broken: readonly number[] = []): void {
  const file = sourceOf('pbtxt', text);
  expect(summary(file, readPbtxt(file))).toEqual([{ value, broken }]);
}

describe('protobuf text', () => {
  test('fields, messages, lists, enums, repeated fields', () => {
    checkPbtxt(
      '# model\nname: "vae"\nmax_batch_size: 8\ninput [\n  { name: "x", dims: [ -1, 3 ] data_type: TYPE_FP32 }\n]\ninstance_group { count: 2 kind: KIND_GPU };\ndims: 1\ndims: 2.5f\nratio: <a: true>\n',
      {
        name: 'vae',
        max_batch_size: 8,
        input: [{ name: 'x', dims: [-1, 3], data_type: 'TYPE_FP32' }],
        instance_group: { count: 2, kind: 'KIND_GPU' },
        dims: [1, 2.5],
        ratio: { a: true },
      },
    );
  });

  test('escapes', () => {
    checkPbtxt('a: "x\\n\\101"\nb: 0x1F', { a: 'x\nA', b: 31 });
  });

  test('a half-typed text keeps what is there', () => {
    checkPbtxt('a: 1\nb {\n c: [ 1,\n', { a: 1, b: { c: [1] } }, [3, 2]);
    checkPbtxt('a:\n}\nc: 3 "x"', { c: 3 }, [1, 2, 3]);
  });
});
