import { type Key, keysOf, type Row } from './keywords.ts';

const rows: readonly (readonly [names: string, fact: Row[1], form: Row[2]])[] = [
  [
    'per_device_train_batch_size per_device_batch_size device_batch_size per_gpu_batch_size per_gpu_train_batch_size micro_batch_size train_micro_batch_size_per_gpu local_batch_size per_worker_batch_size batch_size_per_gpu batch_size_training train_batch_size batch_size batchsize',
    'training.per_device_batch_size',
    'positive',
  ],
  ['per_device_eval_batch_size eval_batch_size val_batch_size', 'training.per_device_eval_batch_size', 'positive'],
  ['global_batch_size global_batch total_batch_size effective_batch_size', 'training.global_batch_size', 'positive'],
  [
    'gradient_accumulation_steps grad_accum_steps gradient_accumulation accumulate_grad_batches grad_accum accumulation_steps accum_iter grad_accumulation_steps gradient_accumulation_iters grad_accumulation_factor accum_steps update_freq',
    'training.gradient_accumulation_steps',
    'positive',
  ],
  ['num_train_epochs num_epochs n_epochs max_epochs nepochs epochs', 'training.epochs', 'positive'],
  [
    'max_train_steps max_steps max_step max_iters num_training_steps total_steps train_steps num_train_steps total_iters max_iterations num_iterations train_iters max_train_iters num_steps',
    'training.max_steps',
    'positive',
  ],
  ['steps_per_epoch', 'training.steps_per_epoch', 'positive'],
  ['learning_rate max_lr lr', 'optimizer.lr', 'number'],
  ['base_lr base_learning_rate blr', 'optimizer.base_lr', 'number'],
  ['min_lr', 'optimizer.min_lr', 'number'],
  [
    'warmup_steps lr_warmup_steps warmup_iters num_warmup_steps n_warmup_steps lr_warmup_iters',
    'optimizer.warmup_steps',
    'number',
  ],
  ['warmup_epochs lr_warmup_epochs num_warmup_epochs', 'optimizer.warmup_epochs', 'number'],
  ['warmup_ratio lr_warmup_ratio', 'optimizer.warmup_ratio', 'number'],
  ['weight_decay adam_weight_decay wd', 'optimizer.weight_decay', 'number'],
  ['momentum', 'optimizer.momentum', 'number'],
  ['adam_beta1 beta1', 'optimizer.beta1', 'number'],
  ['adam_beta2 beta2', 'optimizer.beta2', 'number'],
  ['adam_epsilon adam_eps opt_eps', 'optimizer.eps', 'number'],
  [
    'max_grad_norm grad_clip clip_grad clip_grad_norm gradient_clip_val grad_clip_norm gradient_clipping max_norm',
    'training.max_grad_norm',
    'number',
  ],
  ['optimizer_name optimizer_type optimizer optim opt', 'optimizer.name', 'optimizer'],
  ['lr_scheduler_type lr_scheduler scheduler_type sched lr_schedule', 'optimizer.scheduler', 'scheduler'],
  [
    'max_seq_length max_seq_len seq_length seq_len sequence_length block_size context_length max_length n_ctx model_max_length cutoff_len max_context_length max_source_length source_max_length max_input_length max_target_length',
    'data.seq_len',
    'positive',
  ],
  ['max_target_length target_max_length max_summary_length', 'data.target_len', 'positive'],
  ['image_size img_size resolution imagesize', 'data.image_size', 'positive'],
  ['dataloader_num_workers num_workers workers', 'data.num_workers', 'number'],
  ['seed random_seed global_seed manual_seed', 'training.seed', 'number'],
  ['mixed_precision amp_dtype precision dtype torch_dtype', 'training.precision', 'precision'],
  ['compile torch_compile compile_model use_torch_compile use_compile', 'training.compile', 'flag'],
  ['channels_last use_channels_last', 'training.channels_last', 'flag'],
  [
    'gradient_checkpointing grad_checkpointing activation_checkpointing use_gradient_checkpointing fsdp_activation_checkpointing',
    'training.gradient_checkpointing',
    'flag',
  ],
  [
    'pretrained_model_name_or_path model_name_or_path base_model model_id model_name base_model_name',
    'model.name',
    'text',
  ],
  ['arch model_arch backbone', 'model.arch', 'text'],
  ['dataset_name dataset_id dataset', 'data.dataset', 'text'],
  [
    'output_dir out_dir checkpoint_dir ckpt_dir save_dir model_dir results_dir save_path',
    'checkpoint.output_dir',
    'text',
  ],
  [
    'checkpointing_steps save_steps save_step save_every save_interval checkpoint_interval ckpt_interval checkpoint_every save_every_steps checkpoint_every_steps ckpt_every save_step_interval save_iters',
    'checkpoint.save_steps',
    'positive',
  ],
  ['save_ckpt_freq save_epochs save_every_epochs', 'checkpoint.save_epochs', 'positive'],
  [
    'checkpoints_total_limit save_total_limit checkpoint_hist save_ckpt_num keep_last_n_checkpoints',
    'checkpoint.save_total_limit',
    'positive',
  ],
  [
    'eval_steps eval_step eval_interval eval_every val_interval eval_every_steps eval_step_interval',
    'eval.steps',
    'positive',
  ],
  ['lora_rank lora_r', 'lora.r', 'number'],
  ['lora_alpha', 'lora.alpha', 'number'],
  ['lora_dropout', 'lora.dropout', 'number'],
  ['ngpu num_gpus n_gpus gpus_per_node num_gpus_per_node nproc_per_node', 'hardware.gpus_per_node', 'positive'],
  ['num_nodes nnodes', 'hardware.nodes', 'positive'],
  ['zero_stage', 'parallel.zero_stage', 'number'],
];

/** Shape of a model by the names that configurations use. */
const shapeRows: typeof rows = [
  ['n_layer n_layers num_layers num_hidden_layers', 'model.num_layers', 'positive'],
  ['n_head n_heads num_heads num_attention_heads', 'model.num_heads', 'positive'],
  ['n_kv_head n_kv_heads num_key_value_heads num_kv_heads', 'model.num_kv_heads', 'positive'],
  [
    'n_embd n_embed hidden_size d_model emb_dim embed_dim embedding_dim hidden_dim model_dim',
    'model.hidden_size',
    'positive',
  ],
  ['intermediate_size ffn_dim mlp_dim d_ff ffn_hidden_size', 'model.ffn_hidden_size', 'positive'],
  ['vocab_size', 'model.vocab_size', 'positive'],
];

const flatten = (from: typeof rows): readonly Key[] =>
  keysOf(from.flatMap(([names, fact, form]) => names.split(' ').map((name): Row => [name, fact, form])));

/** Names of knobs in command lines, configuration classes, dictionaries and module constants. */
export const configKeys = flatten(rows);

/** Names of a model's dimensions. */
export const shapeKeys = flatten(shapeRows);

/** A knob's name as the tables have it: lower case, underscores, `batchSize` as `batch_size`. */
export function knobName(name: string): string {
  return /^[a-z0-9_]*$/.test(name)
    ? name
    : name
        .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
        .replaceAll('-', '_')
        .toLowerCase();
}

/** Names that mean a training knob only on a command line or in a configuration class. */
export const declaredKeys: readonly Key[] = keysOf([
  ['b1', 'optimizer.beta1', 'number'],
  ['b2', 'optimizer.beta2', 'number'],
  ['steps', 'training.max_steps', 'positive'],
]);

/** Keywords of a model's constructor that mean a dimension only there. */
export const constructorKeys: readonly Key[] = keysOf([
  ['dim', 'model.hidden_size', 'positive'],
  ['depth', 'model.num_layers', 'positive'],
  ['hidden_dim', 'model.hidden_size', 'positive'],
]);

/** Rows that hold where a configuration function of JAX fills a `ConfigDict`: its `batch_size` is that of all devices. */
export const jaxKeys: readonly Key[] = [
  ...keysOf([
    ['batch_size', 'training.global_batch_size', 'positive'],
    ['batch', 'training.global_batch_size', 'positive'],
    ['eval_per_device_batch_size', 'training.per_device_eval_batch_size', 'positive'],
    ['grad_norm_clip', 'training.max_grad_norm', 'number'],
    ['crop', 'data.image_size', 'positive'],
    ['decay_type', 'optimizer.scheduler', 'scheduler'],
    ['lr_decay_type', 'optimizer.scheduler', 'scheduler'],
    ['checkpoint_every_steps', 'checkpoint.save_steps', 'positive'],
    ['head_dim', 'model.head_dim', 'positive'],
    ['tensor_parallelism', 'parallel.tp', 'positive'],
    ['model', 'model.arch', 'text'],
    ['model_name', 'model.arch', 'text'],
    ['per_device_batch_size', 'training.per_device_batch_size', 'positive'],
  ]),
  ...configKeys.filter((key) => !/^(batch_size|model_name|dtype)$/.test(key.keyword) && key.fact !== 'data.target_len'),
  ...shapeKeys,
].map((key) => ({ ...key, quiet: true }));
