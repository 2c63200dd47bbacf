import { expect, test } from 'vitest';
import { stackOf } from '#core/workload/resolve/stack.ts';
import type { Workload } from '#core/workload/workload.ts';

const span = { uri: 'file:///train.py', start: 0, end: 1 };
const reading = { uri: span.uri, reader: 'trl', role: 'program', sheet: { facts: [], open: [] } };
const job = (facts: readonly { readonly name: string; readonly value: string }[]) =>
  ({ id: 'job', name: 'job', main: span.uri, files: [span.uri], readings: [reading], facts }) as unknown as Workload;

test('the library that loads the model is the stack, whoever has the trainer', () => {
  expect(stackOf(job([]))).toBe('trl');
  expect(stackOf(job([{ name: 'model.loader', value: 'unsloth' }]))).toBe('unsloth');
});
