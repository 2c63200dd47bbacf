import { describe, expect, test } from 'vitest';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { likely } from '#core/workload/known.ts';
import { resolveSpec } from '#core/workload/resolve.ts';
import { testCatalog } from '../../catalog/load.ts';
import { jobOf, specOf as resolve } from './job.ts';

describe('length of a run', () => {
  test('steps from the dataset table, epochs and the global batch', () => {
    const spec = resolve('trl', {
      'model.name': 'meta-llama/Llama-3.1-8B',
      'data.dataset': 'HuggingFaceH4/ultrachat_200k',
      'data.split': 'train_sft',
      'training.per_device_batch_size': 4,
      'training.gradient_accumulation_steps': 2,
      'training.epochs': 3,
      'hardware.accelerator': 'h100',
      'hardware.gpus_per_node': 8,
      'data.packing': false,
    });
    // 207,865 examples x 3 epochs over 4 x 2 x 8 = 64 samples a step.
    expect(likely(spec.schedule?.steps ?? { kind: 'unknown', reason: '' })).toBe(Math.ceil((207_865 * 3) / 64));
  });

  test('a dataset that no table has leaves the length open, with the reason', () => {
    const spec = resolve('trl', {
      'data.dataset': 'acme/unheard-of',
      'training.per_device_batch_size': 4,
      'training.epochs': 1,
    });
    expect(spec.schedule?.steps).toEqual({ kind: 'unknown', reason: expect.stringContaining('examples') });
  });

  test('the user may state the dataset', () => {
    const values = { 'training.per_device_batch_size': 10, 'training.epochs': 2 };
    const spec = resolve('trl', values, { ...defaultSettings, dataset: { examples: 1000 } });
    expect(likely(spec.schedule?.steps ?? { kind: 'unknown', reason: '' })).toBe(200);
  });

  test('what the user states of a dataset is for those of no table', () => {
    const values = { 'data.dataset': 'tatsu-lab/alpaca', 'training.per_device_batch_size': 10, 'training.epochs': 1 };
    const own = resolve('trl', values, { ...defaultSettings, dataset: { examples: 1000 } });
    expect(own.data.examples).toEqual(resolve('trl', values).data.examples);
    expect(likely(own.data.examples ?? { kind: 'unknown', reason: '' })).toBeGreaterThan(10_000);
  });

  test('the user may state the length of a run that states none', () => {
    const values = { 'training.per_device_batch_size': 10 };
    const steps = (settings: Settings) => resolve('trl', values, settings).schedule?.steps;
    expect(steps({ ...defaultSettings, run: { steps: 700 } })).toMatchObject({
      value: 700,
      origin: { kind: 'setting', key: 'flopwise.run.steps' },
    });
    expect(steps({ ...defaultSettings, run: { epochs: 2 }, dataset: { examples: 1000 } })).toMatchObject({
      value: 200,
    });
    expect(
      resolve('trl', { ...values, 'training.max_steps': 5 }, { ...defaultSettings, run: { steps: 700 } }),
    ).toMatchObject({ schedule: { steps: { value: 5 } } });
  });

  test('stated steps win over epochs', () => {
    const spec = resolve('hf-trainer', { 'training.max_steps': 500, 'training.epochs': 3 });
    expect(likely(spec.schedule?.steps ?? { kind: 'unknown', reason: '' })).toBe(500);
  });
});

describe('batches', () => {
  test('accumulation follows from the global batch', () => {
    const spec = resolve('megatron', {
      'training.per_device_batch_size': 2,
      'training.global_batch_size': 256,
      'hardware.gpus_per_node': 8,
      'hardware.nodes': 4,
      'parallel.tp': 4,
      'parallel.pp': 2,
    });
    expect(likely(spec.parallelism.dataParallel)).toBe(4);
    expect(likely(spec.schedule?.accumulation ?? { kind: 'unknown', reason: '' })).toBe(32);
  });
});

describe('precision by framework', () => {
  test.each([
    ['trl', { 'training.precision': 'bf16', 'model.dtype': 'bf16' }, { parameters: 'bf16', compute: 'bf16' }],
    ['pytorch', {}, { parameters: 'fp32', compute: 'fp32' }],
    ['pytorch', { 'training.precision': 'bf16' }, { parameters: 'fp32', compute: 'bf16' }],
    [
      'trl',
      { 'training.precision': 'bf16', 'parallel.strategy': 'deepspeed', 'parallel.zero_stage': 3 },
      { parameters: 'bf16', compute: 'bf16' },
    ],
    ['trl', { 'training.precision': 'bf16', 'parallel.strategy': 'fsdp' }, { parameters: 'fp32', compute: 'bf16' }],
    ['torchtune', { 'training.precision': 'bf16' }, { parameters: 'bf16', compute: 'bf16' }],
  ] as const)('%s with %j', (reader, values, expected) => {
    const { precision } = resolve(reader, values);
    expect({ parameters: likely(precision.parameters), compute: likely(precision.compute) }).toEqual(expected);
  });

  test('DeepSpeed keeps fp32 masters, autocast does not', () => {
    const deepspeed = resolve('trl', { 'training.precision': 'bf16', 'parallel.strategy': 'deepspeed' });
    const autocast = resolve('trl', { 'training.precision': 'bf16' });
    expect(likely(deepspeed.precision.masterWeights)).toBe(true);
    expect(likely(autocast.precision.masterWeights)).toBe(false);
  });
});

test('a precision left to the framework is the half format of the card', () => {
  const open = (accelerator: string) => {
    const base = jobOf('axolotl', { 'hardware.accelerator': accelerator, 'training.tf32': true });
    const job = { ...base, open: [{ name: 'training.precision' as const, reason: 'auto' }] };
    return likely(resolveSpec(job, testCatalog(), defaultSettings).precision.compute);
  };
  expect(open('l4')).toBe('bf16');
  expect(open('t4')).toBe('fp16');
});

describe('model', () => {
  test('the table knows the dimensions', () => {
    const { model } = resolve('trl', { 'model.name': 'meta-llama/Llama-3.1-8B' });
    expect(likely(model.architecture)).toMatchObject({ hidden: 4096, layers: 32 });
  });

  test('a size in the name is a range', () => {
    const { model } = resolve('trl', { 'model.name': 'acme/secret-13b-chat' });
    expect(model.parameters).toMatchObject({ kind: 'range', likely: 13e9 });
  });

  test('a name without a size is unknown with a reason', () => {
    const { model } = resolve('trl', { 'model.name': 'acme/secret' });
    expect(model.parameters).toEqual({ kind: 'unknown', reason: expect.stringContaining('acme/secret') });
  });

  test('stated dimensions win', () => {
    const { model } = resolve('nanogpt', {
      'model.num_layers': 12,
      'model.num_heads': 12,
      'model.hidden_size': 768,
      'model.max_position_embeddings': 1024,
    });
    expect(likely(model.architecture)).toMatchObject({ hidden: 768, layers: 12, learnedPositions: 1024 });
  });
});

describe('resources', () => {
  test('an instance type brings accelerator and count', () => {
    const { resources } = resolve('trl', { 'hardware.instance_type': 'p4d.24xlarge' });
    expect(likely(resources.accelerator)).toMatch(/A100/);
    expect(likely(resources.perNode)).toBe(8);
    expect(resources.cloud && likely(resources.cloud)).toBe('aws');
  });

  test('the settings stand in where the files name none, and say so', () => {
    const { resources } = resolve('trl', {}, { ...defaultSettings, accelerator: 'L4:2' });
    expect(likely(resources.accelerator)).toBe('L4');
    expect(resources.perNode).toMatchObject({ value: 2, origin: { kind: 'setting' } });
  });

  test('spot as stated', () => {
    expect(likely(resolve('trl', { 'hardware.spot': true }).resources.priceKind)).toBe('spot');
  });
});

describe('saves', () => {
  test('once an epoch', () => {
    const spec = resolve('axolotl', {
      'checkpoint.saves_per_epoch': 4,
      'training.max_steps': 400,
      'training.epochs': 2,
    });
    expect(likely(spec.checkpoint?.everySteps ?? { kind: 'unknown', reason: '' })).toBe(50);
  });
});

describe('what nothing states', () => {
  test('a TPU slice holds one copy of what it serves', () => {
    const { parallelism } = resolve('k8s-deployment', {
      'serving.engine': 'vllm',
      'hardware.accelerator': 'tpu-v5e',
      'hardware.accelerators_per_node': 8,
    });
    expect(likely(parallelism.tensorParallel)).toBe(8);
  });

  test('a checkpoint published in fp8 is served in fp8', () => {
    const served = (name: string) => {
      const { serving } = resolve('vllm', { 'serving.engine': 'vllm', 'model.name': name });
      return serving && likely(serving.weightPrecision);
    };
    expect(served('deepseek-ai/DeepSeek-V3')).toBe('fp8');
    expect(served('meta-llama/Llama-3.1-8B')).toBe(undefined);
  });

  test.each([
    ['Qwen/Qwen2.5-32B-Instruct-AWQ', undefined, 'int4', 'awq'],
    ['Qwen/Qwen2.5-32B-Instruct-AWQ', 'awq_marlin', 'int4', 'awq'],
    ['Qwen/Qwen2-7B-Instruct-GPTQ-Int8', undefined, 'int8', 'gptq'],
    ['neuralmagic/Meta-Llama-3.1-8B-Instruct-quantized.w4a16', undefined, 'int4', 'gptq'],
    ['neuralmagic/Meta-Llama-3.1-70B-Instruct-FP8', undefined, 'fp8', undefined],
    ['nvidia/DeepSeek-R1-0528-NVFP4', undefined, 'fp4', undefined],
    ['unsloth/llama-3-8b-bnb-4bit', 'bitsandbytes', 'nf4', undefined],
    ['meta-llama/Llama-3.1-8B', 'gptq_marlin', 'int4', 'gptq'],
    ['meta-llama/Llama-3.1-8B', 'fp8', 'fp8', undefined],
  ])('%s with --quantization %s is served in %s', (name, method, format, packer) => {
    const { serving } = resolve('vllm', {
      'serving.engine': 'vllm',
      'serving.dtype': 'bf16',
      'model.name': name,
      ...(method === undefined ? {} : { 'quantization.method': method }),
    });
    expect(serving && likely(serving.weightPrecision)).toBe(format);
    expect(serving?.weightMethod && likely(serving.weightMethod)).toBe(packer);
  });

  test('adapters are trained on a base as narrow as its name says, whole models are not', () => {
    const base = (peft: string) => {
      const { model } = resolve('hf-trainer', { 'model.name': 'unsloth/llama-3-8b-bnb-4bit', 'peft.method': peft });
      return model.quantization && likely(model.quantization);
    };
    expect(base('lora')).toBe('nf4');
    expect(base('none')).toBe(undefined);
  });
});
