import type { DefaultValues, Releases } from './release.ts';

const half = { 'training.precision': 'bf16' } as const;
const recompute = { 'training.gradient_checkpointing': true } as const;

const sft: DefaultValues = { 'optimizer.lr': 2e-5, 'data.packing': false };
const dpo: DefaultValues = { 'optimizer.lr': 1e-6, 'rl.beta': 0.1 };
const cut: DefaultValues = { 'data.seq_len': 1024 };
const prompt: DefaultValues = { 'rl.max_prompt_length': 512 };
const grpo: DefaultValues = { 'optimizer.lr': 1e-6, 'rl.max_completion_length': 256, 'rl.num_generations': 8 };
const rloo: DefaultValues = {
  'optimizer.lr': 1e-6,
  'rl.beta': 0.05,
  'rl.max_completion_length': 256,
  'rl.num_generations': 2,
};
const reward: DefaultValues = { 'optimizer.lr': 1e-4, ...cut };
const cutDpo: DefaultValues = { ...dpo, ...cut };
const promptDpo: DefaultValues = { ...cutDpo, ...prompt };

const grpoZero: DefaultValues = { ...grpo, 'rl.beta': 0 };
const rest = { all: { ...half, ...recompute }, sft: { ...sft, ...cut }, dpo: promptDpo, kto: promptDpo } as const;
const latest = { ...rest, dpo: cutDpo, kto: cutDpo, reward } as const;

/**
 * What the configs of TRL's trainers set over `TrainingArguments` (trl/trainer/*_config.py of the released packages; the `bf16`
 * that is null there becomes true unless fp16 is asked for). A method that a release lacks has no config of its own in it.
 */
export const trl: Releases = {
  framework: 'trl',
  newest: '1.13.0',
  releases: [
    {
      version: '0.9.6',
      values: { sft: { 'data.packing': false }, dpo: { 'rl.beta': 0.1 }, kto: { 'rl.beta': 0.1 }, reward: {} },
    },
    {
      version: '0.11.0',
      values: {
        sft: { 'data.packing': false },
        dpo: { 'rl.beta': 0.1 },
        kto: { 'rl.beta': 0.1, 'optimizer.lr': 5e-7 },
        reward: {},
      },
    },
    { version: '0.12.0', values: { sft, dpo, kto: dpo, reward: {} } },
    {
      version: '0.14.0',
      values: {
        sft,
        dpo: promptDpo,
        kto: promptDpo,
        reward: cut,
        grpo: {
          ...grpo,
          ...prompt,
          'rl.beta': 0.04,
          'training.per_device_batch_size': 1,
          'training.gradient_accumulation_steps': 8,
        },
      },
    },
    {
      version: '0.15.0',
      values: {
        sft: { ...sft, ...cut },
        dpo: promptDpo,
        kto: promptDpo,
        reward: cut,
        grpo: { ...grpo, ...prompt, 'rl.beta': 0.04 },
      },
    },
    { version: '0.19.0', values: { ...rest, all: half, reward: cut, grpo: { ...grpoZero, ...prompt } } },
    {
      version: '0.22.0',
      values: { ...rest, reward: cut, grpo: { ...grpoZero, ...prompt }, rloo: { ...rloo, ...prompt } },
    },
    { version: '0.24.0', values: { ...rest, reward, grpo: { ...grpoZero, ...prompt }, rloo: { ...rloo, ...prompt } } },
    { version: '0.26.0', values: { ...rest, reward, grpo: grpoZero, rloo: { ...rloo, ...prompt } } },
    { version: '0.27.0', values: { ...rest, reward, grpo: grpoZero, rloo } },
    { version: '0.28.0', values: { ...latest, grpo: grpoZero, rloo } },
    {
      version: '1.13.0',
      values: {
        ...latest,
        grpo: { ...grpoZero, 'rl.max_completion_length': 512 },
        rloo: { ...rloo, 'rl.max_completion_length': 512 },
      },
    },
  ],
};
