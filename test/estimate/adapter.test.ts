import { expect, test } from 'vitest';
import { adapterParameters, adapterTargets, targetNames } from '#core/estimate/adapter.ts';
import { fullestBatchTokens } from '#core/estimate/batch-tokens.ts';
import { computedLength } from '#core/estimate/compute-layers.ts';
import type { AdapterPlan } from '#core/estimate/plan.ts';
import { isTransformer } from '#core/workload/architecture.ts';
import { catalog } from './oracle.ts';
import { decoder } from './shapes.ts';
import { trainingPlan } from './time-plans.ts';

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

test('prompt tuning passes a virtual token for every trained row, before every sample', () => {
  const plan = { ...trainingPlan(), packed: false, microBatch: 4, sequenceLength: 768, meanLength: 340 };
  const hidden = plan.shape?.hidden ?? 0;
  const adapter: AdapterPlan = {
    rank: 1,
    parameters: 200 * hidden,
    targets: adapterTargets([]),
    precision: 'bf16',
    decomposed: false,
    method: 'prompt_tuning',
    savedModules: 0,
    frozenParameters: 0,
  };
  expect(computedLength({ ...plan, adapter }) - computedLength(plan)).toBeCloseTo(200, 6);
  expect(fullestBatchTokens({ ...plan, adapter }) - fullestBatchTokens(plan)).toBeCloseTo(800, 6);
});

test('"all linears" are those of the family, with the router of a mixture', () => {
  const joined = catalog.model('microsoft/Phi-3-mini-4k-instruct')?.architecture;
  const mixed = catalog.model('allenai/OLMoE-1B-7B-0924')?.architecture;
  if (!joined || !mixed || !isTransformer(joined) || !isTransformer(mixed)) throw new Error('in no table');
  expect(targetNames(['all-linear'], joined)).toEqual(['qkv_proj', 'o_proj', 'gate_up_proj', 'down_proj']);
  expect(targetNames(['all-linear'], mixed)).toContain('router');
  // peft 0.21 on six of its layers: 70,981,632.
  const six = { ...mixed, layers: 6 };
  expect(adapterParameters(six, targetNames(['all-linear'], six), 16, false, true)).toBe(70_981_632);
});
