import { expect, test } from 'vitest';
import { adapterParameters, adapterTargets, targetNames } from '#core/estimate/adapter.ts';
import { decoder } from './shapes.ts';

const llama2 = decoder({ hidden: 4096, layers: 32, heads: 32, kvHeads: 32, width: 11008, vocabulary: 32000 });
const llama3 = decoder({ hidden: 4096, layers: 32, heads: 32, kvHeads: 8, width: 14336, vocabulary: 128256 });

test.each([
  // Counts as peft prints them for these models.
  [llama2, ['q_proj', 'v_proj'], 8, 4_194_304],
  [llama2, ['all-linear'], 64, 159_907_840],
  [llama3, ['q_proj', 'v_proj'], 8, 3_407_872],
  [llama3, ['all-linear'], 16, 41_943_040],
])('adapter parameters %#', (shape, targets, rank, expected) => {
  expect(adapterParameters(shape, targetNames(targets), rank, false)).toBe(expected);
});

test('decomposed adapters add one vector an output', () => {
  const names = targetNames(['q_proj']);
  const plain = adapterParameters(llama2, names, 8, false);
  expect(adapterParameters(llama2, names, 8, true) - plain).toBe(32 * 4096);
});

test('names of other model code mean the same parts', () => {
  expect(adapterTargets(targetNames(['c_attn', 'c_proj']))).toMatchObject({ query: true, value: true, output: true });
  expect(adapterTargets(targetNames(undefined))).toMatchObject({ query: true, key: false, value: true });
});
