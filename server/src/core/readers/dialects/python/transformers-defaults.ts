import type { FrameworkDefaults } from './reading.ts';

type Values = FrameworkDefaults['values'];

const trainingArguments: Values = {
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
};

/**
 * `transformers.TrainingArguments`, by release: the defaults of src/transformers/training_args.py as the released
 * packages have them, the same in both. The optimiser is `adamw_torch_fused` there, which is AdamW.
 */
const transformers: Readonly<Record<string, Values>> = {
  '4.57.6': trainingArguments,
  '5.18.0': trainingArguments,
};

/** What every config of TRL changes (trl/trainer/base_config.py): it recomputes, and computes in bf16 unless fp16 is asked for. */
const trlBase: Readonly<Record<string, Values>> = {
  '1.13.0': { 'training.gradient_checkpointing': true, 'training.precision': 'bf16' },
};

/** What the configs of TRL's trainers change, by release and method (trl/trainer/*_config.py). */
const trl: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  '1.13.0': {
    sft: { 'optimizer.lr': 2e-5, 'data.seq_len': 1024, 'data.packing': false },
    dpo: { 'optimizer.lr': 1e-6, 'data.seq_len': 1024, 'rl.beta': 0.1 },
    kto: { 'optimizer.lr': 1e-6, 'data.seq_len': 1024, 'rl.beta': 0.1 },
    reward: { 'optimizer.lr': 1e-4, 'data.seq_len': 1024 },
    grpo: { 'optimizer.lr': 1e-6, 'rl.beta': 0, 'rl.max_completion_length': 512, 'rl.num_generations': 8 },
    rloo: { 'optimizer.lr': 1e-6, 'rl.beta': 0.05, 'rl.max_completion_length': 512, 'rl.num_generations': 2 },
  },
};

/** The release that is taken where nothing says which one runs: the newest that was verified. */
const current = { transformers: '5.18.0', trl: '1.13.0' } as const;

/** What `TrainingArguments` of Transformers set where the program is silent. */
export const transformersDefaults: FrameworkDefaults = {
  framework: 'transformers',
  version: current.transformers,
  values: transformers[current.transformers] ?? {},
};

/** What a TRL config sets where the program is silent, over what it inherits; undefined for a method without a config here. */
export function trlDefaults(
  method: string | undefined,
  options: { readonly precisionSaid: boolean },
): FrameworkDefaults | undefined {
  const own = trl[current.trl]?.[method ?? ''];
  if (!own) return undefined;
  const { 'training.precision': precision, ...base } = trlBase[current.trl] ?? {};
  const half = options.precisionSaid || precision === undefined ? {} : { 'training.precision': precision };
  const values: Values = { ...transformersDefaults.values, ...base, ...half, ...own };
  return { framework: 'trl', version: current.trl, values };
}
