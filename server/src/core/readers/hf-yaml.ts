import { keyMapReader } from './dialects/dialect.ts';
import { readFsdp } from './dialects/fsdp.ts';
import { modelArguments, trainerSettings, trainingArguments } from './dialects/hf-keys.ts';
import { text } from './dialects/key-form.ts';
import { namedFiles } from './dialects/named-files.ts';

/** Flat arguments for HfArgumentParser or TrlParser in YAML or JSON. */
export const reader = keyMapReader({
  id: 'hf-yaml',
  info: { title: 'Transformers / TRL arguments', files: 'YAML or JSON for HfArgumentParser and TrlParser' },
  languages: ['yaml', 'json'],
  mentions:
    /num_train_epochs|per_device_train_batch_size|gradient_accumulation_steps|lr_scheduler_type|max_steps|save_total_limit/,
  role: 'config',
  writers: trainerSettings,
  table: {
    ...modelArguments,
    'dataset_mixer_list.0': text('data.dataset'),
    'datasets.0.path': text('data.dataset'),
    ...trainingArguments,
  },
  anchors: ['per_device_train_batch_size', 'num_train_epochs', 'max_steps', 'model_name_or_path', 'learning_rate'],
  extra(view, gathered) {
    readFsdp(view, gathered);
    return namedFiles(view, [
      ['deepspeed', 'fragment'],
      ['fsdp_config', 'fragment'],
    ]);
  },
});
