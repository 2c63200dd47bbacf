import { type DataMap, entryOf } from '../../syntax/data.ts';
import type { Layer } from './config-view.ts';
import { adapterKeys, torchTypes } from './hf-keys.ts';
import {
  choice,
  count,
  flag,
  fraction,
  type KeyForm,
  mapped,
  model,
  names,
  number,
  optimizer,
  plainOptimizer,
  precision,
  quiet,
  readOnly,
  scheduler,
  text,
  when,
} from './key-form.ts';
import type { KeyTable } from './key-map.ts';

/** A word of own training configs: the last key, the groups it may stand in, and what it says there. */
interface TrainingWord {
  readonly key: RegExp;
  /** Group above the key; anywhere but in evaluation, logging and the like where left out. */
  readonly within?: RegExp;
  readonly form: KeyForm;
}

/** Groups whose numbers are not those of the training run. */
const elsewhere =
  /^(?:eval\w*|val|valid\w*|test\w*|infer\w*|generat\w*|sampl\w*|log\w*|wandb|tracker|teacher\w*|discriminator\w*|critic\w*|ema|transforms?|augment\w*|preprocess\w*|export|predict\w*|hydra|callbacks|ref\w*|reward\w*|search\w*|sweep\w*|parameters)$/i;

const training =
  /^(?:|train\w*|trainer\w*|optim\w*|opt|hparams|hyper_?param\w*|args|run|exp\w*|config|data\w*|loader|dataloader|fit|solver|model\w*|finetune\w*|pretrain\w*|init_args|schedule\w*|lr_\w+|params)$/i;
const modelGroup = /^(?:|.*model.*|gpt\w*|net\w*|arch\w*|transformer|encoder|backbone|llm|config|init_args)$/i;
const optimGroup = /^(?:.*optim\w*|opt|sgd|adamw?|init_args|params|solver)$/i;
const lengthGroup =
  /^(?:|data\w*|.*model.*|train\w*|trainer\w*|tokeniz\w*|dataset\w*|gpt\w*|net\w*|args|hparams|init_args|config)$/i;

/** A warm-up of at least one step; fractions and epochs are called otherwise. */
const wholeWarmup: KeyForm = mapped(number('optimizer.warmup_steps'), (answer) =>
  answer && 'value' in answer && (Number(answer.value) < 1 || !Number.isInteger(answer.value)) ? undefined : answer,
);

const vision =
  /^(?:resnet|resnext|wide_resnet|vgg|vit|efficientnet|convnext|swin|deit|mobilenet|densenet|u-?net|yolo|regnet|alexnet|inception)/i;

/** A model's name; names of vision networks are architectures. */
const named: KeyForm = mapped(model(), (answer) =>
  answer && 'value' in answer && vision.test(String(answer.value)) ? { ...answer, fact: 'model.arch' } : answer,
);

/** A data set called by a name where others give a folder (`dataset_path: ImageNet22k`). */
const namedDataset: KeyForm = mapped(text('data.dataset'), (answer, value) =>
  typeof value === 'string' && /^[A-Za-z][\w.-]*(?::[\w=:.-]*)?$/.test(value) && !/\.\w{2,5}$/.test(value)
    ? answer
    : undefined,
);

/** `amp`, `use_amp`: fp16 with a scaler. */
const amp: KeyForm = mapped(when('training.precision', 'fp16'), (answer) =>
  answer && 'value' in answer ? { ...answer, derived: true } : answer,
);

/** Lightning's strategies: plain data parallelism, FSDP, or DeepSpeed with its stage. */
const strategy: KeyForm = mapped(readOnly(text('parallel.strategy')), (_, value) => {
  const found = /^(ddp|fsdp|deepspeed)/.exec(String(value))?.[1];
  return found === undefined ? undefined : { value: found, derived: found !== value };
});
const zeroStage: KeyForm = quiet(
  mapped(text('parallel.zero_stage'), (_, value) => {
    const found = /^deepspeed_stage_([123])/.exec(String(value))?.[1];
    return found === undefined ? undefined : { value: Number(found), derived: true };
  }),
);
const offload: KeyForm = quiet(
  mapped(text('parallel.offload_optimizer'), (_, value) =>
    /^deepspeed_stage_\d_offload/.test(String(value)) ? { value: 'cpu', derived: true } : undefined,
  ),
);

const words: readonly TrainingWord[] = [
  { key: /^(?:lr|learning_rate|init_lr|peak_lr|lr0)$/, within: training, form: number('optimizer.lr') },
  { key: /^base_(?:lr|learning_rate)$/, within: training, form: number('optimizer.base_lr') },
  { key: /^max_lr$/, within: training, form: number('optimizer.max_lr') },
  { key: /^(?:min_lr|eta_min|lr_min)$/, within: training, form: number('optimizer.min_lr') },
  { key: /^(?:weight_decay|wd)$/, within: training, form: number('optimizer.weight_decay') },
  { key: /^momentum$/, within: training, form: number('optimizer.momentum') },
  { key: /^betas$/, within: training, form: readOnly(names('optimizer.betas')) },
  { key: /^(?:adamw?_)?beta_?1$/, within: training, form: number('optimizer.beta1') },
  { key: /^(?:adamw?_)?beta_?2$/, within: training, form: number('optimizer.beta2') },
  { key: /^(?:adam_)?eps(?:ilon)?$/, within: optimGroup, form: number('optimizer.eps') },
  { key: /^(?:optimizer|optim|optimizer_name|optimizer_type|opt)$/, within: training, form: plainOptimizer() },
  { key: /^(?:name|type|_target_|class_path|cls)$/, within: /^(?:optim\w*|opt)$/i, form: readOnly(optimizer()) },
  {
    key: /^(?:scheduler|lr_scheduler|lr_schedule|scheduler_type|lr_scheduler_type|lr_scheduler_name)$/,
    within: training,
    form: scheduler(),
  },
  { key: /^(?:name|type|_target_|class_path)$/, within: /^(?:lr_)?sched\w*$/i, form: readOnly(scheduler()) },
  { key: /^(?:num_|n_)?warmup_(?:steps|iters|iterations|it)$/, form: number('optimizer.warmup_steps') },
  { key: /^warmup_(?:ratio|fraction|frac|proportion)$/, form: number('optimizer.warmup_ratio') },
  {
    key: /^warmup$/,
    within: /^(?:cosine|linear|inverse_sqrt|polynomial|lr_sched\w*|sched\w*|linear_warmup)$/i,
    form: wholeWarmup,
  },
  { key: /^warmup_epochs$/, form: number('optimizer.warmup_epochs') },
  {
    key: /^(?:per_(?:device|gpu)_(?:train_)?batch_size|(?:device_|local_)?micro_?batch_size|batch_size_per_(?:gpu|device)|device_batch_size|local_batch_size)$/,
    form: count('training.per_device_batch_size'),
  },
  {
    key: /^(?:global_(?:train_)?batch_size|total_batch_size|effective_batch_size)$/,
    form: count('training.global_batch_size'),
  },
  { key: /^(?:train(?:ing)?_)?(?:batch_?size|bs)$/, within: training, form: count('training.per_device_batch_size') },
  {
    key: /^(?:per_device_eval_batch_size|(?:eval|val|valid|test)_batch_size)$/,
    form: count('training.per_device_eval_batch_size'),
  },
  {
    key: /^(?:gradient_accumulation(?:_steps)?|grad(?:ient)?_accum(?:ulation)?(?:_steps|_every|_factor)?|accumulate_grad_batches|accum(?:ulation)?_(?:steps?|iters?))$/,
    form: count('training.gradient_accumulation_steps'),
  },
  {
    key: /^(?:(?:max|num|n|total|train|num_train|nb|training|number_of)_)?epochs$/,
    within: training,
    form: count('training.epochs'),
  },
  {
    key: /^(?:(?:max|num|total|train|training|num_train|num_training|max_train)_(?:steps|iters|iterations|updates)|num_iter)$/,
    within: training,
    form: count('training.max_steps'),
  },
  { key: /^(?:steps|iters|iterations)$/, within: /^train\w*$/i, form: count('training.max_steps') },
  { key: /^max_tokens$/, within: /^train\w*$/i, form: count('training.max_tokens') },
  {
    key: /^(?:max_)?(?:seq|sequence|context|ctx|block)_(?:len|length|size)$|^(?:max_len|max_length|n_ctx|block_size|model_max_length|seqlen)$/,
    within: lengthGroup,
    form: count('data.seq_len'),
  },
  {
    key: /^(?:image_size|img_size|resolution|image_resolution|input_resolution|global_crops_size|crop_size)$/,
    form: count('data.image_size'),
  },
  {
    key: /^(?:num_|n_|dataloader_num_|data_loader_|dataloader_)?workers$/,
    within: training,
    form: number('data.num_workers'),
  },
  { key: /^(?:packing|pack_sequences|sample_packing)$/, form: flag('data.packing') },
  { key: /^(?:val_split|val_fraction|validation_split|val_size|val_ratio)$/, form: fraction('data.val_fraction') },
  {
    key: /^(?:max_grad_norm|grad_norm_clip|grad_clip(?:_norm|ping)?|gradient_clip(?:_val|ping)?|clip_grad(?:_norm)?|clip_norm|max_norm)$/,
    form: number('training.max_grad_norm'),
  },
  {
    key: /^(?:precision|mixed_precision|amp_dtype|autocast_dtype|compute_dtype|train_dtype)$/,
    form: precision('training.precision', { bf16: 'bf16', fp16: 'fp16', fp32: '32' }),
  },
  { key: /^(?:use_amp|amp|mixed_precision|use_mixed_precision|fp16|use_fp16)$/, form: amp },
  { key: /^(?:bf16|use_bf16)$/, form: when('training.precision', 'bf16') },
  {
    key: /^(?:torch_)?dtype$/,
    within: /^(?:|train\w*|.*model.*)$/i,
    form: precision('training.precision', torchTypes),
  },
  {
    key: /^(?:use_|enable_)?(?:gradient|grad|activation)_checkpoint(?:ing|s)?$|^use_checkpoint(?:ing)?$|^recompute$/,
    form: flag('training.gradient_checkpointing'),
  },
  { key: /^(?:use_)?(?:torch_)?compile(?:_model)?$/, form: flag('training.compile') },
  { key: /^(?:use_)?channels_last$/, form: flag('training.channels_last') },
  { key: /^group_by_length$/, form: flag('data.group_by_length') },
  { key: /^(?:seed|random_seed|seed_everything)$/, form: number('training.seed') },
  {
    key: /^(?:output_dir|out_dir|save_dir|checkpoint_dir|ckpt_dir|save_path|default_root_dir|output_path)$/,
    form: text('checkpoint.output_dir'),
  },
  {
    key: /^(?:save_every_n_epochs|save_epochs?|every_n_epochs|save_interval_epochs)$/,
    form: count('checkpoint.save_epochs'),
  },
  {
    key: /^(?:save_steps|save_interval|save_freq|save_every(?:_n)?(?:_steps)?|checkpoint_(?:interval|every|freq|steps)|ckpt_(?:interval|every|freq)|every_n_train_steps)$/,
    form: count('checkpoint.save_steps'),
  },
  {
    key: /^(?:save_total_limit|save_top_k|keep_last(?:_n)?|max_checkpoints|keep_checkpoint_max)$/,
    form: count('checkpoint.save_total_limit'),
  },
  { key: /^(?:eval_steps|eval_interval|eval_every(?:_n_steps)?|eval_freq)$/, form: count('eval.steps') },
  {
    key: /^(?:model_name_or_path|pretrained_model_name_or_path|model_name|model_id|hf_model|base_model|pretrained_model)$/,
    form: named,
  },
  { key: /^(?:name|pretrained|model_path)$/, within: /^model$/i, form: named },
  { key: /^(?:arch|architecture|backbone)$/, form: text('model.arch') },
  { key: /^(?:n_layers?|num_layers|num_hidden_layers|n_blocks)$/, within: modelGroup, form: count('model.num_layers') },
  { key: /^(?:n_heads?|num_heads|num_attention_heads|nhead)$/, within: modelGroup, form: count('model.num_heads') },
  { key: /^(?:n_kv_heads?|num_kv_heads|num_key_value_heads)$/, within: modelGroup, form: count('model.num_kv_heads') },
  {
    key: /^(?:n_embd|d_model|hidden_size|hidden_dim|embed_dim|emb_dim|embedding_dim|n_embed)$/,
    within: modelGroup,
    form: count('model.hidden_size'),
  },
  {
    key: /^(?:d_ff|intermediate_size|ffn_dim|dim_feedforward|ffn_hidden_size)$/,
    within: modelGroup,
    form: count('model.ffn_hidden_size'),
  },
  { key: /^vocab_size$/, within: modelGroup, form: count('model.vocab_size') },
  { key: /^(?:dataset_name|dataset|dataset_id|train_dataset|dataset_str)$/, form: text('data.dataset') },
  { key: /^dataset_path$/, within: /^(?:|train\w*|data\w*)$/i, form: namedDataset },
  { key: /^(?:name|dataset_name|path)$/, within: /^(?:dataset|train_dataset)$/i, form: text('data.dataset') },
  { key: /^(?:lora_)?(?:r|rank)$/, within: /lora/i, form: count('lora.r') },
  { key: /^(?:lora_)?alpha$/, within: /lora/i, form: number('lora.alpha') },
  { key: /^(?:lora_)?dropout$/, within: /lora/i, form: number('lora.dropout') },
  ...Object.entries(adapterKeys).map(([key, form]) => ({ key: new RegExp(`^${key}$`), form })),
  { key: /^devices$/, within: /^(?:|trainer\w*|pl_trainer|fabric)$/i, form: count('hardware.gpus_per_node') },
  {
    key: /^(?:gpus|n_gpus?|num_gpus?|ngpus|gpus_per_node|n_gpus_per_node|num_gpus_per_node)$/,
    form: count('hardware.gpus_per_node'),
  },
  { key: /^(?:num_nodes|nnodes|n_nodes)$/, form: count('hardware.nodes') },
  {
    key: /^accelerator$/,
    within: /^(?:|trainer\w*|fabric)$/i,
    form: choice('hardware.accelerator_class', { gpu: 'gpu', cuda: 'gpu', tpu: 'tpu', cpu: 'cpu' }),
  },
  { key: /^strategy$/, within: /^(?:|trainer\w*|fabric)$/i, form: strategy },
  { key: /^strategy$/, within: /^(?:|trainer\w*|fabric)$/i, form: zeroStage },
  { key: /^strategy$/, within: /^(?:|trainer\w*|fabric)$/i, form: offload },
  { key: /^(?:tp|tensor_parallel(?:_size|_degree)?|tensor_model_parallel_size|tp_size)$/, form: count('parallel.tp') },
  {
    key: /^(?:pp|pipeline_parallel(?:_size|_degree)?|pipeline_model_parallel_size|pp_size)$/,
    form: count('parallel.pp'),
  },
  { key: /^(?:cp|context_parallel(?:_size|_degree)?|cp_size)$/, form: count('parallel.cp') },
];

const inEpochs = count('checkpoint.save_epochs');
const tables = new WeakMap<DataMap, KeyTable>();

/** The table of one own config and what it inherits: its keys that are words of training, in the order of the words. */
export function trainingTable(root: DataMap, under: readonly Layer[] = []): KeyTable {
  const known = under.length === 0 ? tables.get(root) : undefined;
  if (known) return known;
  const leaves: { path: string; key: string; group: string; siblings: DataMap }[] = [];
  const walk = (map: DataMap, steps: readonly string[]): void => {
    for (const { key, value } of map.entries) {
      if (leaves.length > 3000 || key.includes('.')) continue;
      if (value.kind === 'map') {
        if (steps.length < 6 && !elsewhere.test(key)) walk(value, [...steps, key]);
      } else if (value.kind !== 'scalar' || value.value !== null)
        leaves.push({
          path: [...steps, key].join('.'),
          key: key.toLowerCase().replaceAll('-', '_'),
          group: steps.at(-1) ?? '',
          siblings: map,
        });
    }
  };
  walk(root, []);
  for (const layer of under) walk(layer.root, layer.prefix);
  const table: Record<string, KeyForm[]> = {};
  for (const { key, within, form } of words) {
    for (const leaf of leaves) {
      if (!key.test(leaf.key) || (within && !within.test(leaf.group))) continue;
      if (form.fact === 'data.image_size' && isLatent(leaf.path, leaf.siblings)) continue;
      const list = table[leaf.path] ?? [];
      table[leaf.path] = list;
      list.push(form.fact === 'checkpoint.save_steps' && countsEpochs(leaf.key, leaf.siblings) ? inEpochs : form);
    }
  }
  if (under.length === 0) tables.set(root, table);
  return table;
}

/** Sizes of a diffusion model that works on what a first stage encodes are those of its latents. */
function isLatent(path: string, siblings: DataMap): boolean {
  return /(?:^|\.)unet_config\./.test(path) || entryOf(siblings, 'first_stage_config') !== undefined;
}

/** `save_every` beside `max_epochs` counts epochs: the loop there knows no steps. */
function countsEpochs(key: string, siblings: DataMap): boolean {
  if (/step|iter/.test(key)) return false;
  const has = (...keys: readonly string[]) => keys.some((one) => entryOf(siblings, one) !== undefined);
  return (
    has('epochs', 'max_epochs', 'num_epochs', 'n_epochs') &&
    !has('max_steps', 'max_iters', 'num_steps', 'total_steps', 'max_train_steps')
  );
}

/** True where facts say at least two of: a learning rate, a batch size, a length of the run. */
export function tellsTraining(names: readonly string[]): boolean {
  const groups: readonly (readonly string[])[] = [
    ['optimizer.lr', 'optimizer.base_lr', 'optimizer.max_lr'],
    ['training.per_device_batch_size', 'training.global_batch_size'],
    ['training.epochs', 'training.max_steps', 'training.max_tokens'],
  ];
  return groups.filter((group) => group.some((name) => names.includes(name))).length >= 2;
}

/** True where an own config sets a training run, or chooses one by a Hydra defaults list. */
export function setsTraining(root: DataMap): boolean {
  const defaults = entryOf(root, 'defaults')?.value;
  if (defaults?.kind === 'list' && defaults.items.some((item) => item.kind === 'map')) return true;
  const forms = Object.values(trainingTable(root)).flatMap((one) => [one].flat());
  return tellsTraining(forms.map((form) => form.fact));
}
