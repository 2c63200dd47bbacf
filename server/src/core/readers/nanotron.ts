import { find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { count, flag, number, optimizer, precision, readOnly, scheduler, text } from './dialects/key-form.ts';
import { addFact, toFact } from './dialects/key-map.ts';

/** Training configs of Nanotron. */
export const reader = keyMapReader({
  id: 'nanotron',
  info: { title: 'Nanotron', files: 'YAML with parallelism and tokens' },
  languages: ['yaml'],
  mentions: /^tokens:/m,
  role: 'config',
  table: {
    'checkpoints.checkpoints_path': text('checkpoint.output_dir'),
    'checkpoints.checkpoint_interval': count('checkpoint.save_steps'),
    'data_stages.0.data.dataset.hf_dataset_or_datasets': text('data.dataset'),
    'data_stages.0.data.dataset.dataset_folder': text('data.dataset'),
    'data_stages.0.data.dataset.dataset_folder.0': readOnly(text('data.dataset')),
    'data_stages.0.data.num_loading_workers': number('data.num_workers'),
    'general.run': text('job.name'),
    'general.seed': number('training.seed'),
    'data_stages.0.data.seed': readOnly(number('training.seed')),
    'model.dtype': precision('training.precision', { bf16: 'bfloat16', fp32: 'float32', fp16: 'float16' }),
    'model.model_config.hidden_size': count('model.hidden_size'),
    'model.model_config.d_model': count('model.hidden_size'),
    'model.model_config._attn_implementation': text('model.attn_implementation'),
    'model.model_config.moe_config.num_experts': count('model.num_experts'),
    'model.model_config.moe_config.top_k': count('model.experts_per_token'),
    'model.model_config.moe_num_experts': count('model.num_experts'),
    'model.model_config.num_experts_per_tok': count('model.experts_per_token'),
    'model.model_config.intermediate_size': count('model.ffn_hidden_size'),
    'model.model_config.num_attention_heads': count('model.num_heads'),
    'model.model_config.num_hidden_layers': count('model.num_layers'),
    'model.model_config.num_key_value_heads': count('model.num_kv_heads'),
    'model.model_config.vocab_size': count('model.vocab_size'),
    'model.model_config.max_position_embeddings': count('model.max_position_embeddings'),
    'model.model_config.tie_word_embeddings': flag('model.tie_embeddings'),
    'optimizer.clip_grad': number('training.max_grad_norm'),
    'optimizer.optimizer_factory.name': optimizer({ adamw: 'adamW', sgd: 'sgd' }),
    'optimizer.optimizer_factory.adam_beta1': number('optimizer.beta1'),
    'optimizer.optimizer_factory.adam_beta2': number('optimizer.beta2'),
    'optimizer.optimizer_factory.adam_eps': number('optimizer.eps'),
    'optimizer.adam_beta1': number('optimizer.beta1'),
    'optimizer.adam_beta2': number('optimizer.beta2'),
    'optimizer.adam_eps': number('optimizer.eps'),
    'optimizer.learning_rate_scheduler.learning_rate': number('optimizer.lr'),
    'optimizer.learning_rate_scheduler.lr_decay_style': scheduler(),
    'optimizer.learning_rate_scheduler.lr_warmup_steps': number('optimizer.warmup_steps'),
    'optimizer.learning_rate_scheduler.min_decay_lr': number('optimizer.min_lr'),
    'optimizer.weight_decay': number('optimizer.weight_decay'),
    'optimizer.zero_stage': number('parallel.zero_stage'),
    'parallelism.dp': count('parallel.dp'),
    'parallelism.pp': count('parallel.pp'),
    'parallelism.tp': count('parallel.tp'),
    'parallelism.expert_parallel_size': count('parallel.ep'),
    'parallelism.context_parallel_size': count('parallel.cp'),
    'parallelism.recompute_layer': flag('training.gradient_checkpointing'),
    'tokens.batch_accumulation_per_replica': count('training.gradient_accumulation_steps'),
    'tokens.micro_batch_size': count('training.per_device_batch_size'),
    'tokens.sequence_length': count('data.seq_len'),
    'tokens.train_steps': count('training.max_steps'),
    'tokens.val_check_interval': count('eval.steps'),
  },
  anchors: ['tokens.micro_batch_size', 'tokens'],
  extra(view, gathered) {
    // Weighted data sets stand as keys of a map.
    for (const key of ['hf_dataset_or_datasets', 'dataset_folder']) {
      const node = find(view, `data_stages.0.data.dataset.${key}`)?.node;
      const first = node?.kind === 'map' ? node.entries[0] : undefined;
      if (first) addFact(gathered, toFact('data.dataset', first.key, first.keySpan));
    }
    return [];
  },
});
