import { find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { readFsdp } from './dialects/fsdp.ts';
import { modelArguments, trainerSettings, trainingArguments } from './dialects/hf-keys.ts';
import { text } from './dialects/key-form.ts';
import { addFact, toFact } from './dialects/key-map.ts';
import { namedFiles } from './dialects/named-files.ts';

/** Recipes of the alignment handbook: Trainer arguments beside a mixture of datasets. */
export const reader = keyMapReader({
  id: 'alignment-handbook',
  info: { title: 'Alignment handbook recipe', files: 'recipes/**/config*.yaml' },
  languages: ['yaml'],
  mentions: /dataset_mix(?:er|ture)/,
  role: 'config',
  writers: trainerSettings,
  table: {
    ...modelArguments,
    'dataset_mixture.datasets.0.id': text('data.dataset'),
    'dataset_mixture.0.id': text('data.dataset'),
    ...trainingArguments,
  },
  anchors: ['per_device_train_batch_size', 'num_train_epochs', 'model_name_or_path'],
  extra(view, gathered) {
    const mixer = find(view, 'dataset_mixer')?.node;
    const first = mixer?.kind === 'map' ? mixer.entries[0] : undefined;
    if (first) addFact(gathered, toFact('data.dataset', first.key, first.keySpan));
    readFsdp(view, gathered);
    return namedFiles(view, [['deepspeed', 'fragment']]);
  },
});
