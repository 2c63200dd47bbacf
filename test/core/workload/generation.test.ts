import { describe, expect, test } from 'vitest';
import { estimateWorkload } from '#core/estimate/index.ts';
import { defaultSettings } from '#core/settings.ts';
import { testCatalog } from '../../catalog/load.ts';
import { figure, specOf as resolve, type Stated } from './job.ts';

const policy = {
  'model.name': 'Qwen/Qwen2.5-7B-Instruct',
  'training.method': 'grpo',
  'rl.num_generations': 8,
  'rl.max_prompt_length': 512,
  'rl.max_completion_length': 1024,
  'data.num_examples': 1000,
  'training.epochs': 1,
} as const;

describe('answers that a job of reinforcement learning makes', () => {
  test('a batch of TRL counts answers, and every prompt of the data brings several', () => {
    const { schedule, generation } = resolve('trl', { ...policy, 'training.per_device_batch_size': 8 });
    expect(figure(schedule?.steps)).toBe(1000);
    expect([figure(generation?.engine), figure(generation?.answerLength)]).toEqual(['transformers', 1024]);
    expect(generation?.answersAtOnce).toBeUndefined();
  });

  test('a batch of verl counts prompts, and an iteration makes answers for several steps', () => {
    const verl = {
      ...policy,
      'rl.rollout_engine': 'vllm',
      'rl.rollout_batch_size': 200,
      'training.global_batch_size': 50,
      'training.per_device_batch_size': 4,
      'serving.tp': 2,
      'hardware.gpus_per_node': 8,
    } as const;
    const { schedule, generation } = resolve('verl', verl);
    // 1,000 prompts, 50 a step.
    expect(figure(schedule?.steps)).toBe(20);
    // 400 answers a step on 8 devices, 4 at once.
    expect(figure(schedule?.accumulation)).toBe(13);
    expect([figure(generation?.answersAtOnce), figure(generation?.tensorParallel)]).toEqual([1600, 2]);
    // Fifteen iterations of four steps each.
    expect(figure(resolve('verl', { ...verl, 'training.max_steps': 15 }).schedule?.steps)).toBe(60);
  });

  test('engines may stand apart from the devices that train', () => {
    const apart = { ...policy, 'rl.rollout_engine': 'vllm', 'rl.rollout_colocated': false } as const;
    expect(figure(resolve('trl', apart).generation?.engines)).toBe(1);
    expect(resolve('trl', { ...apart, 'rl.rollout_colocated': true }).generation?.engines).toBeUndefined();
  });

  test('given answers need none', () => {
    expect(resolve('trl', { ...policy, 'training.method': 'dpo' }).generation).toBeUndefined();
  });
});

test('answers that are yet to be made are not as long as the samples of a dataset', () => {
  const known = { ...policy, 'training.per_device_batch_size': 8, 'hardware.accelerator': 'H100' } as const;
  const seconds = (values: Stated) =>
    estimateWorkload(resolve('trl', values), testCatalog(), defaultSettings).time?.step.likely;
  expect(seconds({ ...known, 'data.mean_length': 60 })).toBe(seconds(known));
});
