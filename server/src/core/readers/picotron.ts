import { keyMapReader } from './dialects/dialect.ts';
import { torchTypes } from './dialects/hf-keys.ts';
import { count, model, number, precision, text, when } from './dialects/key-form.ts';

/** Training configs of Picotron. */
export const reader = keyMapReader({
  id: 'picotron',
  info: { title: 'Picotron', files: 'config.json with distributed.tp_size' },
  languages: ['json'],
  mentions: /"tp_size"|"dp_size"/,
  role: 'config',
  table: {
    'distributed.tp_size': count('parallel.tp'),
    'distributed.cp_size': count('parallel.cp'),
    'distributed.pp_size': count('parallel.pp'),
    'distributed.dp_size': count('parallel.dp'),
    'model.name': model(),
    'model.num_hidden_layers': count('model.num_layers'),
    'model.num_attention_heads': count('model.num_heads'),
    'model.num_key_value_heads': count('model.num_kv_heads'),
    'model.dtype': precision('training.precision', torchTypes),
    'model.use_flash_attention': when('model.attn_implementation', 'flash_attention_2'),
    'training.seed': number('training.seed'),
    'training.learning_rate': number('optimizer.lr'),
    'training.total_train_steps': count('training.max_steps'),
    'training.seq_length': count('data.seq_len'),
    'training.micro_batch_size': count('training.per_device_batch_size'),
    'training.gradient_accumulation_steps': count('training.gradient_accumulation_steps'),
    'training.max_tokens': count('training.max_tokens'),
    'dataset.name': text('data.dataset'),
    'dataset.num_workers': number('data.num_workers'),
    'checkpoint.save_dir': text('checkpoint.output_dir'),
    'checkpoint.save_frequency': count('checkpoint.save_steps'),
  },
  anchors: ['training.micro_batch_size', 'training'],
});
