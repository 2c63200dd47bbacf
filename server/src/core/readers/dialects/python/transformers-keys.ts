import { keysOf } from './keywords.ts';

/** Arguments of `TrainingArguments` and of every class that extends it. */
export const trainingKeys = keysOf([
  ['per_device_train_batch_size', 'training.per_device_batch_size', 'positive'],
  ['per_gpu_train_batch_size', 'training.per_device_batch_size', 'positive'],
  ['per_device_eval_batch_size', 'training.per_device_eval_batch_size', 'positive'],
  ['gradient_accumulation_steps', 'training.gradient_accumulation_steps', 'positive'],
  ['num_train_epochs', 'training.epochs', 'positive'],
  ['max_steps', 'training.max_steps', 'positive'],
  ['learning_rate', 'optimizer.lr', 'number'],
  ['lr_scheduler_type', 'optimizer.scheduler', 'scheduler'],
  ['warmup_ratio', 'optimizer.warmup_ratio', 'number'],
  ['warmup_steps', 'optimizer.warmup_steps', 'number'],
  ['weight_decay', 'optimizer.weight_decay', 'number'],
  ['adam_beta1', 'optimizer.beta1', 'number'],
  ['adam_beta2', 'optimizer.beta2', 'number'],
  ['adam_epsilon', 'optimizer.eps', 'number'],
  ['max_grad_norm', 'training.max_grad_norm', 'number'],
  ['optim', 'optimizer.name', 'trainerOptimizer'],
  ['tf32', 'training.tf32', 'flag'],
  ['gradient_checkpointing', 'training.gradient_checkpointing', 'flag'],
  ['torch_compile', 'training.compile', 'flag'],
  ['group_by_length', 'data.group_by_length', 'flag'],
  ['use_liger_kernel', 'training.liger_kernel', 'flag'],
  ['use_liger', 'training.liger_kernel', 'flag'],
  ['activation_offloading', 'training.activation_offloading', 'flag'],
  ['seed', 'training.seed', 'number'],
  ['output_dir', 'checkpoint.output_dir', 'text'],
  ['save_strategy', 'checkpoint.save_strategy', 'text'],
  ['save_steps', 'checkpoint.save_steps', 'positive'],
  ['save_total_limit', 'checkpoint.save_total_limit', 'positive'],
  ['save_only_model', 'checkpoint.save_only_model', 'flag'],
  ['eval_strategy', 'eval.strategy', 'text'],
  ['evaluation_strategy', 'eval.strategy', 'text'],
  ['eval_steps', 'eval.steps', 'positive'],
  ['dataloader_num_workers', 'data.num_workers', 'number'],
  ['report_to', 'logging.report_to', 'text'],
  ['max_length', 'data.seq_len', 'positive'],
  ['max_seq_length', 'data.seq_len', 'positive'],
  ['model_max_length', 'data.seq_len', 'positive'],
  ['packing', 'data.packing', 'flag'],
  ['beta', 'rl.beta', 'number'],
  ['kl_coef', 'rl.kl_coef', 'number'],
  ['init_kl_coef', 'rl.kl_coef', 'number'],
  ['max_prompt_length', 'rl.max_prompt_length', 'positive'],
  ['max_completion_length', 'rl.max_completion_length', 'positive'],
  ['num_generations', 'rl.num_generations', 'positive'],
  ['use_vllm', 'rl.rollout_engine', 'vllm'],
  ['vllm_mode', 'rl.rollout_colocated', 'colocated'],
  ['vllm_enable_sleep_mode', 'rl.rollout_sleep', 'flag'],
  ['vllm_gpu_memory_utilization', 'serving.gpu_memory_utilization', 'number'],
  ['vllm_tensor_parallel_size', 'serving.tp', 'positive'],
  ['total_episodes', 'rl.total_episodes', 'positive'],
]);

/** Arguments of `from_pretrained` on a model class. */
export const modelKeys = keysOf([
  ['revision', 'model.revision', 'text'],
  ['torch_dtype', 'model.dtype', 'precision'],
  ['dtype', 'model.dtype', 'precision'],
  ['attn_implementation', 'model.attn_implementation', 'text'],
  ['max_seq_length', 'data.seq_len', 'positive'],
]);

/** `BitsAndBytesConfig`, and the same words on `from_pretrained`. */
export const quantizationKeys = keysOf([
  ['bnb_4bit_quant_type', 'quantization.method', 'text'],
  ['bnb_4bit_use_double_quant', 'quantization.double_quant', 'flag'],
  ['bnb_4bit_compute_dtype', 'quantization.compute_dtype', 'precision'],
]);

/** `LoraConfig`, and `get_peft_model` of Unsloth. */
export const loraKeys = keysOf([
  ['target_r', 'lora.r', 'number'],
  ['init_r', 'lora.init_r', 'number'],
  ['num_virtual_tokens', 'lora.virtual_tokens', 'number'],
  ['r', 'lora.r', 'number'],
  ['lora_alpha', 'lora.alpha', 'number'],
  ['lora_dropout', 'lora.dropout', 'number'],
  ['target_modules', 'lora.target_modules', 'names'],
]);

/** `ModelConfig` and `ScriptArguments` of TRL, as its parsers fill them. */
export const trlScriptKeys = keysOf([
  ['model_name_or_path', 'model.name', 'text'],
  ['model_revision', 'model.revision', 'text'],
  ['torch_dtype', 'model.dtype', 'precision'],
  ['dtype', 'model.dtype', 'precision'],
  ['attn_implementation', 'model.attn_implementation', 'text'],
  ['lora_r', 'lora.r', 'number'],
  ['lora_alpha', 'lora.alpha', 'number'],
  ['lora_dropout', 'lora.dropout', 'number'],
  ['lora_target_modules', 'lora.target_modules', 'names'],
  ['dataset_name', 'data.dataset', 'text'],
]);
