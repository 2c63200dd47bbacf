import { deepspeedKeys } from './deepspeed-config.ts';
import { find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { factSpan } from './dialects/fact-span.ts';
import { choice, count, flag, inverse, number, readOnly, scheduler, text, when } from './dialects/key-form.ts';
import { addFact, type KeyTable, toFact } from './dialects/key-map.ts';

const keys: KeyTable = {
  pipe_parallel_size: count('parallel.pp'),
  model_parallel_size: count('parallel.tp'),
  num_gpus: count('hardware.gpus_per_node'),
  num_nodes: count('hardware.nodes'),
  num_layers: count('model.num_layers'),
  hidden_size: count('model.hidden_size'),
  intermediate_size: count('model.ffn_hidden_size'),
  num_attention_heads: count('model.num_heads'),
  num_kv_heads: count('model.num_kv_heads'),
  seq_length: count('data.seq_len'),
  max_position_embeddings: count('model.max_position_embeddings'),
  precision: choice('training.precision', { bfloat16: 'bf16', fp16: 'fp16', fp32: 'fp32' }),
  ...deepspeedKeys,
  'fp16.type': choice('training.precision', { bfloat16: 'bf16', fp16: 'fp16', fp32: 'fp32', float16: 'fp16' }),
  'fp16.fp16': when('training.precision', 'fp16'),
  no_weight_tying: inverse('model.tie_embeddings'),
  gradient_accumulation_steps: count('training.gradient_accumulation_steps'),
  checkpoint_activations: flag('training.gradient_checkpointing'),
  sequence_parallel: flag('parallel.sequence_parallel'),
  data_path: text('data.dataset'),
  num_workers: number('data.num_workers'),
  weight_decay: number('optimizer.weight_decay'),
  min_lr: number('optimizer.min_lr'),
  train_iters: count('training.max_steps'),
  train_epochs: count('training.epochs'),
  lr_decay_style: scheduler(),
  warmup: number('optimizer.warmup_ratio'),
  eval_interval: count('eval.steps'),
  checkpoint_factor: count('checkpoint.save_steps'),
  save_interval: readOnly(count('checkpoint.save_steps')),
  keep_last_n_checkpoints: count('checkpoint.save_total_limit'),
  save: text('checkpoint.output_dir'),
  train_impl: choice('training.method', { dpo: 'dpo', kto: 'kto', rm: 'reward', reinforce: 'reinforce' }),
  dpo_beta: number('rl.beta'),
  kto_beta: number('rl.beta'),
  moe_num_experts: count('model.num_experts'),
  moe_top_k: count('model.experts_per_token'),
  moe_expert_parallel_size: count('parallel.ep'),
  context_parallel_size: count('parallel.cp'),
  seed: number('training.seed'),
};

/** The same keys with dashes, which GPT-NeoX takes for underscores. */
const dashed: KeyTable = Object.fromEntries(
  Object.entries(keys).flatMap(([path, forms]) => (path.includes('_') ? [[path.replaceAll('_', '-'), forms]] : [])),
);

/** Configs of GPT-NeoX: model, DeepSpeed and run in one YAML file. */
export const reader = keyMapReader({
  id: 'gpt-neox',
  info: { title: 'GPT-NeoX', files: 'configs/*.yml with num_layers and pipe_parallel_size' },
  languages: ['yaml'],
  mentions: /(?:pipe|model)[-_]parallel[-_]size|num[-_]layers/,
  role: 'config',
  table: { ...keys, ...dashed },
  anchors: ['train_micro_batch_size_per_gpu', 'train-micro-batch-size-per-gpu', 'train_iters', 'num_layers'],
  extra(view, gathered) {
    const tuned = find(view, 'finetune')?.node;
    const weights = find(view, 'load')?.node;
    const told = weights?.kind === 'scalar' && typeof weights.value === 'string';
    if (tuned?.kind === 'scalar' && tuned.value === true && told)
      addFact(gathered, toFact('model.path', String(weights.value), weights.span));
    const span = factSpan(gathered, 'parallel.zero_stage');
    if (span) addFact(gathered, toFact('parallel.strategy', 'deepspeed', span, true));
    return [];
  },
});
