import { expect, it } from 'vitest';
import { sheetOf } from '#core/predict/case.ts';
import { laterTokensOf, recordsSteps, takesRecipe } from '#core/predict/container-recipe.ts';

const container = 'Megatron-Bridge (Megatron-Core), NeMo container 26.04';

it('takes summaries of a container for runs of its recipes', () => {
  expect(takesRecipe(container)).toBe(true);
  expect(takesRecipe('Megatron-Bridge (Megatron-Core)')).toBeUndefined();
});

it.each([
  ['Nemotron-3-Super', container, {}, 2],
  ['DeepSeekV3', container, {}, 1],
  ['Qwen3-30B-A3B', container, {}, 0],
  ['DeepSeek-V3', 'ms-swift (Megatron-Core)', {}, 0],
  ['GLM-4.5-Air', 'ms-swift (Megatron-Core)', { other_args: { mtp_num_layers: '1' } }, 1],
])('%s under %s predicts %j further tokens', (model, framework, config, tokens) => {
  expect(laterTokensOf(sheetOf(config), framework, model)).toBe(tokens);
});

const august = 'Megatron-Bridge (Megatron-Core), NeMo container 26.08';

it.each([
  ['Qwen3-30B-A3B', august, 'MXFP8', 'GB300', true],
  ['Qwen3-30B-A3B', container, 'MXFP8', 'GB300', undefined],
  ['Qwen3-30B-A3B', august, 'BF16', 'GB300', undefined],
  ['Qwen3-30B-A3B', august, 'MXFP8', 'H100', undefined],
  ['Nemotron-3-Super', august, 'MXFP8', 'GB300', undefined],
])('%s under %s in %s on %s records whole steps: %j', (model, framework, precision, card, records) => {
  expect(recordsSteps(framework, model, precision, card)).toBe(records);
});
