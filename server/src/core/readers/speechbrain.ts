import type { DataMap, DataNode } from '../syntax/data.ts';
import { type ConfigView, find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import {
  count,
  flag,
  type KeyForm,
  mapped,
  model,
  names,
  number,
  precision,
  readOnly,
  text,
} from './dialects/key-form.ts';
import { addFact, type Gathered, type KeyTable, toFact } from './dialects/key-map.ts';
import { toOptimizer } from './dialects/normalize.ts';

const epochs = count('training.epochs');
const accumulation = count('training.gradient_accumulation_steps');
const norm = number('training.max_grad_norm');
const mixed: KeyForm = mapped(flag('training.precision'), (answer) =>
  answer && 'value' in answer && answer.value === true ? { value: 'fp16', derived: true } : undefined,
);

/** Hyperparameters at the root of a recipe. */
const plain: KeyTable = {
  seed: number('training.seed'),
  number_of_epochs: epochs,
  N_epochs: epochs,
  num_epochs: epochs,
  max_epochs: epochs,
  epochs,
  batch_size: count('training.per_device_batch_size'),
  'train_dataloader_opts.batch_size': readOnly(count('training.per_device_batch_size')),
  valid_batch_size: count('training.per_device_eval_batch_size'),
  grad_accumulation_factor: accumulation,
  gradient_accumulation: accumulation,
  max_grad_norm: norm,
  clip_grad_norm: norm,
  precision: precision('training.precision', { bf16: 'bf16', fp16: 'fp16', fp32: 'fp32' }),
  auto_mix_prec: mixed,
  optimizer_step_limit: count('training.max_steps'),
  num_workers: number('data.num_workers'),
  'train_dataloader_opts.num_workers': number('data.num_workers'),
  'dataloader_opts.num_workers': number('data.num_workers'),
  'dataloader_options.num_workers': number('data.num_workers'),
  lr: number('optimizer.lr'),
  lr_adam: number('optimizer.lr'),
  lr_model: number('optimizer.lr'),
  init_lr: number('optimizer.lr'),
  learning_rate: number('optimizer.lr'),
  weight_decay: number('optimizer.weight_decay'),
  warmup_steps: number('optimizer.warmup_steps'),
  d_model: count('model.hidden_size'),
  nhead: count('model.num_heads'),
  num_encoder_layers: count('model.num_layers'),
  d_ffn: count('model.ffn_hidden_size'),
  whisper_hub: model(),
  wav2vec2_hub: model(),
  ssl_hub: model(),
  llm_hub: model(),
  output_folder: text('checkpoint.output_dir'),
};

const shape: KeyTable = {
  d_model: count('model.hidden_size'),
  nhead: count('model.num_heads'),
  num_encoder_layers: count('model.num_layers'),
  num_layers: count('model.num_layers'),
  d_ffn: count('model.ffn_hidden_size'),
};

const optimizerValues: KeyTable = {
  lr: mapped(readOnly(number('optimizer.lr')), (answer) =>
    answer && 'value' in answer && Number(answer.value) === 0 ? undefined : answer,
  ),
  weight_decay: number('optimizer.weight_decay'),
  momentum: number('optimizer.momentum'),
  eps: number('optimizer.eps'),
  betas: readOnly(tuple(names('optimizer.betas'))),
};

const scheduleValues: KeyTable = {
  n_warmup_steps: number('optimizer.warmup_steps'),
  lr_initial: readOnly(number('optimizer.lr')),
  initial_value: readOnly(number('optimizer.lr')),
};

const optimizers = /^!(?:name|new):(?:torch\.optim|bitsandbytes\.optim|speechbrain\.nnet\.optim\w*)\.(?:\w+\.)*(\w+)$/;
const schedules = /^!new:speechbrain\.nnet\.schedulers\./;
const networks = /^!new:(?:\w+\.)*(?:\w*Transformer\w*|\w*Conformer\w*|\w*Branchformer\w*)$/;

/** A Python tuple in plain text: `(0.9, 0.98)`. */
function tuple(form: KeyForm): KeyForm {
  return mapped(form, (answer, value) => {
    const inside = typeof value === 'string' ? /^\(([^()]*)\)$/.exec(value.trim())?.[1] : undefined;
    const items = inside?.split(',').map((item) => item.trim());
    return items && items.length === 2 ? { value: items, derived: true } : answer;
  });
}

/** The maps at the root that build an object: optimisers, then schedules, then networks. */
function built(root: DataMap): KeyTable {
  const table: Record<string, KeyTable[string]> = {};
  for (const [tag, keys] of [
    [optimizers, optimizerValues],
    [schedules, scheduleValues],
    [networks, shape],
  ] as const)
    for (const { key, value } of root.entries) {
      if (value.kind !== 'map' || !tag.test(value.tag ?? '') || /discriminator|test/i.test(key)) continue;
      for (const [name, form] of Object.entries(keys)) table[`${key}.${name}`] = form;
    }
  return table;
}

/** Hyperparameter files of SpeechBrain, in HyperPyYAML. */
export const reader = keyMapReader({
  id: 'speechbrain',
  info: { title: 'SpeechBrain', files: 'hparams/*.yaml with !new:, !name: and !ref' },
  languages: ['yaml'],
  mentions: /!(?:new|name|apply):[\w.]*speechbrain/,
  role: 'config',
  table: ({ root }) => ({ ...plain, ...built(root) }),
  anchors: ['number_of_epochs', 'N_epochs', 'batch_size', 'lr', 'epoch_counter'],
  extra(view, gathered) {
    readOptimizer(view, gathered);
    return [];
  },
});

/** `opt_class: !name:torch.optim.Adam`: the class stands in the tag. */
function readOptimizer(view: ConfigView, gathered: Gathered): void {
  for (const { key, value } of view.root.entries) {
    const name = optimizers.exec(tagOf(value) ?? '')?.[1];
    const normal = name === undefined ? undefined : toOptimizer(name);
    const found = normal === undefined ? undefined : find(view, key);
    if (normal !== undefined && found) {
      addFact(gathered, toFact('optimizer.name', normal, found.keySpan));
      return;
    }
  }
}

function tagOf(node: DataNode): string | undefined {
  return node.kind === 'list' ? undefined : node.tag;
}
