import type { Releases } from './release.ts';

/**
 * `transformers.TrainingArguments` (src/transformers/training_args.py), the same in the released 4.57.6, 5.17.0 and 5.18.0. The
 * optimiser is `adamw_torch_fused` there, which is AdamW.
 */
export const transformers: Releases = {
  framework: 'transformers',
  newest: '5.18.0',
  releases: [
    {
      version: '4.57.6',
      values: {
        all: {
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
      },
    },
  ],
};
