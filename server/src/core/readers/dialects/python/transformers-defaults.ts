import type { FrameworkDefaults } from './reading.ts';

/** `transformers.TrainingArguments` of 4.57 (src/transformers/training_args.py). */
export const transformersDefaults: FrameworkDefaults = {
  framework: 'transformers',
  version: '4.57',
  values: {
    'training.per_device_batch_size': 8,
    'training.per_device_eval_batch_size': 8,
    'training.gradient_accumulation_steps': 1,
    'training.epochs': 3,
    'optimizer.name': 'adamw',
    'optimizer.lr': 5e-5,
    'optimizer.scheduler': 'linear',
    'optimizer.weight_decay': 0,
    'optimizer.beta1': 0.9,
    'optimizer.beta2': 0.999,
    'optimizer.eps': 1e-8,
    'training.max_grad_norm': 1,
    'training.gradient_checkpointing': false,
    'training.seed': 42,
    'checkpoint.save_strategy': 'steps',
    'checkpoint.save_steps': 500,
    'eval.strategy': 'no',
    'data.num_workers': 0,
  },
};

const trl = (values: FrameworkDefaults['values']): FrameworkDefaults => ({
  framework: 'trl',
  version: '0.24',
  values: {
    ...transformersDefaults.values,
    'training.gradient_checkpointing': true,
    ...values,
  },
});

/** Defaults of TRL 0.24 by method (trl/trainer/*_config.py), over those of Transformers. */
export const trlDefaults: Readonly<Record<string, FrameworkDefaults>> = {
  sft: trl({ 'optimizer.lr': 2e-5, 'data.seq_len': 1024, 'data.packing': false }),
  dpo: trl({ 'optimizer.lr': 1e-6, 'data.seq_len': 1024, 'rl.beta': 0.1, 'rl.max_prompt_length': 512 }),
  grpo: trl({
    'optimizer.lr': 1e-6,
    'rl.beta': 0,
    'rl.max_prompt_length': 512,
    'rl.max_completion_length': 256,
    'rl.num_generations': 8,
  }),
  kto: trl({ 'optimizer.lr': 1e-6, 'data.seq_len': 1024, 'rl.beta': 0.1 }),
  reward: trl({ 'optimizer.lr': 1e-4, 'data.seq_len': 1024 }),
};
