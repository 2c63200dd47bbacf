import type { FrameworkDefault } from '../dialect.ts';
import { defaultsOf } from './release.ts';
import { transformers } from './transformers.ts';

const { 'training.gradient_checkpointing': _, ...trainer } = defaultsOf(transformers, transformers.newest, undefined);

/**
 * What LLaMA-Factory 0.9.3 to 0.9.5 do where a config is silent: the arguments of Transformers, with samples cut at 2,048 tokens
 * (hparams/data_args.py; 1,024 up to 0.9.1) and recomputation on (`disable_gradient_checkpointing` is false in hparams/model_args.py).
 */
export const llamafactoryDefaults: readonly FrameworkDefault[] = Object.entries({
  ...trainer,
  'data.seq_len': 2048,
  'training.gradient_checkpointing': true,
}).map(([fact, value]) => ({
  fact: fact as FrameworkDefault['fact'],
  value,
  framework: 'llamafactory',
  version: '0.9.5',
}));
