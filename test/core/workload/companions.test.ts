import { describe, expect, test } from 'vitest';
import { figure, specOf as resolve } from './job.ts';

describe('models beside the trained one', () => {
  const policy = { 'model.name': 'Qwen/Qwen2.5-7B-Instruct', 'optimizer.lr': 1e-6 } as const;

  test('preferences are held against a frozen copy, but for adapters, which are switched off instead', () => {
    expect(figure(resolve('trl', { ...policy, 'training.method': 'dpo' }).model.referenceModel)).toBe(true);
    const adapted = resolve('trl', { ...policy, 'training.method': 'dpo', 'peft.method': 'lora', 'lora.r': 16 });
    expect(adapted.model.referenceModel).toBeUndefined();
  });

  test('a group-relative policy needs the copy where its divergence has a weight', () => {
    const grpo = { ...policy, 'training.method': 'grpo' } as const;
    expect(resolve('trl', grpo).model.referenceModel).toBeUndefined();
    expect(figure(resolve('trl', { ...grpo, 'rl.beta': 0.04 }).model.referenceModel)).toBe(true);
  });

  test('a critic has the size of the scorer, else of the policy', () => {
    const ppo = { ...policy, 'training.method': 'ppo' } as const;
    const scored = resolve('verl', { ...ppo, 'rl.reward_model': 'meta-llama/Llama-3.2-1B-Instruct' }).model;
    expect(figure(scored.rewardParameters)).toBe(1_235_814_400);
    expect(figure(scored.valueParameters)).toBe(1_235_814_400);
    expect(figure(resolve('verl', ppo).model.valueParameters)).toBe(7_615_616_512);
  });

  test('where models have devices of their own, none stands beside', () => {
    const apart = resolve('shell-launch', { ...policy, 'training.method': 'ppo', 'hardware.train_gpus': 8 }).model;
    expect([apart.referenceModel, apart.rewardParameters, apart.valueParameters]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('an average of the weights is kept where a flag asks for it', () => {
    expect(figure(resolve('diffusers', { ...policy, 'training.ema': true }).model.averaged)).toBe(true);
  });
});

describe('the engine that makes answers', () => {
  const grpo = { 'model.name': 'Qwen/Qwen2.5-3B', 'training.method': 'grpo', 'rl.rollout_engine': 'vllm' } as const;

  test('takes its share of the devices that train, and sleeps where it is told to', () => {
    const { rollout } = resolve('trl', {
      ...grpo,
      'rl.rollout_colocated': true,
      'rl.rollout_sleep': true,
      'serving.gpu_memory_utilization': 0.35,
    });
    expect([figure(rollout?.memoryUtilization), figure(rollout?.sleeps)]).toEqual([0.35, true]);
  });

  test('has the share that TRL gives it where none is stated', () => {
    expect(figure(resolve('trl', grpo).rollout?.memoryUtilization)).toBe(0.3);
  });

  test('takes none of them on a server of its own', () => {
    expect(resolve('trl', { ...grpo, 'rl.rollout_colocated': false }).rollout).toBeUndefined();
  });

  test('gives its memory back in verl', () => {
    expect(figure(resolve('verl', { ...grpo, 'serving.gpu_memory_utilization': 0.6 }).rollout?.sleeps)).toBe(true);
  });
});

describe('a served engine', () => {
  const server = { 'serving.engine': 'vllm', 'model.name': 'meta-llama/Llama-3.1-70B-Instruct' } as const;

  test('has the release of its image', () => {
    const of = (image: string) =>
      figure(resolve('k8s-deployment', { ...server, 'job.image': image }).serving?.engineVersion);
    expect(of('vllm/vllm-openai:v0.6.3')).toBe('0.6.3');
    expect(of('registry.local/mirror/vllm-openai:v0.10.1.1')).toBe('0.10.1.1');
    expect(of('vllm/vllm-openai:latest')).toBeUndefined();
    expect(of('acme/server:v1.2')).toBeUndefined();
  });

  test('drafts with a model, a layer or words seen before', () => {
    const model = resolve('shell-launch', {
      ...server,
      'serving.draft_model': 'meta-llama/Llama-3.2-1B-Instruct',
      'serving.speculative_tokens': 5,
    }).serving?.speculation;
    expect([model?.kind, figure(model?.tokens), figure(model?.parameters)]).toEqual(['model', 5, 1_235_814_400]);
    const eagle = { ...server, 'serving.draft_model': 'yuhuili/EAGLE3-LLaMA3.3-Instruct-70B' };
    expect(resolve('shell-launch', eagle).serving?.speculation?.kind).toBe('layer');
    const words = { ...server, 'serving.speculative_method': 'ngram', 'serving.speculative_tokens': 4 };
    expect(resolve('shell-launch', words).serving?.speculation?.kind).toBe('words');
    expect(resolve('shell-launch', server).serving?.speculation).toBeUndefined();
  });
});

test('experts have their own width where the launcher states one', () => {
  const { model } = resolve('megatron-sh', {
    'model.num_layers': 24,
    'model.hidden_size': 2048,
    'model.num_heads': 16,
    'model.ffn_hidden_size': 10944,
    'model.num_experts': 64,
    'model.experts_per_token': 6,
    'model.moe_ffn_hidden_size': 1408,
    'model.moe_shared_hidden_size': 2816,
  });
  const shape = figure(model.architecture);
  expect(shape?.kind === 'decoder' && shape.feedForward.experts).toMatchObject({ width: 1408, sharedWidth: 2816 });
});
