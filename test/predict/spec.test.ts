import { describe, expect, it } from 'vitest';
import { createCatalog } from '#core/catalog/decode.ts';
import { quantizationOf, stackOf } from '#core/predict/code.ts';
import type { PredictCase } from '#core/predict/index.ts';
import { specOf } from '#core/predict/spec.ts';
import { likely } from '#core/workload/known.ts';

const catalog = createCatalog({}).value;
const shape = { hidden: 8192, layers: 80, heads: 64, kv_heads: 8, intermediate: 28672, vocab: 32000 };
const spec = (change: Partial<PredictCase>) =>
  specOf(
    {
      id: 'one',
      task: 'finetune',
      framework: 'accelerate',
      model: { name: 'Llama-2-70B', params: '70B', arch: shape },
      hardware: { gpu: 'H100-80GB', gpu_memory_gb: 80, gpus_per_node: 8, nodes: 2 },
      config: {},
      measured: {},
      ...change,
    },
    catalog,
  );
const parallel = (parallelism: object) => likely(spec({ config: { parallelism } }).parallelism.pipelineParallel);

describe('the words of a published run', () => {
  it.each([
    ['bnb 8-bit', 'int8'],
    ['bnb 4-bit', 'nf4'],
    ['int8 base (LLM.int8)', 'int8'],
    ['GPTQ int4', 'int4'],
    ['AWQ-INT4', 'int4'],
  ])('%s packs weights as %s', (words, precision) => {
    expect(quantizationOf(words)?.precision).toBe(precision);
  });
  it.each([
    ['NeMo (MLPerf Training v4.0 closed)', 'megatron'],
    ['NeMo Automodel (FSDP2)', 'other'],
  ])('%s trains as %s', (framework, stack) => {
    expect(stackOf(framework)).toBe(stack);
  });
  it.each([
    ['cuDNN fused', 'flash'],
    ['flash-attention-2', 'flash'],
    ['xformers', 'flash'],
    ['sdpa', 'sdpa'],
    ['eager', 'eager'],
  ])('attention "%s" is %s', (attention_impl, kernel) => {
    expect(likely(spec({ config: { attention_impl } }).code.attention)).toBe(kernel);
  });
  it('mean all linears of a part by its name', () => {
    const { adapter } = spec({ task: 'lora', config: { lora: { r: 16, targets: ['attention'] } } });
    expect(adapter && likely(adapter.targets)).toEqual(['q_proj', 'k_proj', 'v_proj', 'o_proj']);
  });
  it('lay a model that no card holds over all of them, unless they say how it is split', () => {
    expect(parallel({})).toBe(1);
    const huge = { model: { name: 'Huge 175B', params: 175e9 } };
    expect(likely(spec(huge).parallelism.pipelineParallel)).toBe(16);
    const split = { ...huge, config: { parallelism: { tp: 4, pp: 2 } } };
    expect(likely(spec(split).parallelism.pipelineParallel)).toBe(2);
  });
  it("leave the experts' width open where one width stands for dense layers too", () => {
    const arch = { ...shape, experts: 64, experts_per_token: 6 };
    expect(spec({ model: { name: 'Some MoE 16B', arch } }).model.guessedWidth).toBe(true);
    expect(
      spec({ model: { name: 'Some MoE 16B', arch: { ...arch, moe_intermediate: 1408 } } }).model.guessedWidth,
    ).toBe(undefined);
  });
});
