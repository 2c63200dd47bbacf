import type { FactName, FactValue } from '../../facts/vocabulary.ts';

/** A flag's name, and its value's text (`''` for a bare flag). */
export type NamedValue = readonly [string, string];

/** How a fact is written as a new flag, with those that the program wants beside it. */
export type NewFlag = (value: FactValue) => readonly [...NamedValue, ...beside: readonly NamedValue[]] | undefined;

/** The flags of a program that may be added, by fact. */
export type NewFlags = Readonly<Partial<Record<FactName, NewFlag>>>;

const valued =
  (name: string): NewFlag =>
  (value) =>
    typeof value === 'object' ? undefined : [name, String(value)];
/** A switch behind which a truth value stands. */
const truth =
  (name: string): NewFlag =>
  (value) =>
    typeof value === 'boolean' ? [name, value ? 'True' : 'False'] : undefined;
/** A switch that is on where it stands. */
const bare =
  (name: string): NewFlag =>
  (value) =>
    value === true ? [name, ''] : undefined;
const oneOf =
  (pairs: Readonly<Record<string, readonly [string, string]>>): NewFlag =>
  (value) =>
    pairs[String(value)];

const huggingFace: NewFlags = {
  'training.per_device_batch_size': valued('per_device_train_batch_size'),
  'training.gradient_accumulation_steps': valued('gradient_accumulation_steps'),
  'training.gradient_checkpointing': truth('gradient_checkpointing'),
  'training.precision': oneOf({ bf16: ['bf16', 'True'], fp16: ['fp16', 'True'] }),
  'training.tf32': truth('tf32'),
  'training.compile': truth('torch_compile'),
  'training.liger_kernel': truth('use_liger_kernel'),
  'optimizer.name': oneOf({
    adamw: ['optim', 'adamw_torch_fused'],
    adamw_8bit: ['optim', 'adamw_bnb_8bit'],
    paged_adamw_8bit: ['optim', 'paged_adamw_8bit'],
    paged_adamw_32bit: ['optim', 'paged_adamw_32bit'],
    adafactor: ['optim', 'adafactor'],
  }),
  'checkpoint.save_strategy': valued('save_strategy'),
  'checkpoint.save_steps': valued('save_steps'),
  'checkpoint.save_total_limit': valued('save_total_limit'),
  'data.num_workers': valued('dataloader_num_workers'),
  'training.epochs': valued('num_train_epochs'),
  'training.max_steps': valued('max_steps'),
};

const trl: NewFlags = {
  ...huggingFace,
  'data.packing': truth('packing'),
  'model.attn_implementation': valued('attn_implementation'),
  'peft.method': oneOf({ lora: ['use_peft', ''] }),
  'lora.r': valued('lora_r'),
  'quantization.bits': oneOf({ '4': ['load_in_4bit', ''], '8': ['load_in_8bit', ''] }),
};

const llamaFactory: NewFlags = {
  ...huggingFace,
  'training.liger_kernel': truth('enable_liger_kernel'),
  'data.packing': truth('packing'),
  'peft.method': oneOf({ lora: ['finetuning_type', 'lora'] }),
  'lora.r': valued('lora_rank'),
  'quantization.bits': valued('quantization_bit'),
};

const diffusers: NewFlags = {
  'training.gradient_accumulation_steps': valued('gradient_accumulation_steps'),
  'training.gradient_checkpointing': bare('gradient_checkpointing'),
  'training.precision': oneOf({ bf16: ['mixed_precision', 'bf16'], fp16: ['mixed_precision', 'fp16'] }),
  'training.tf32': bare('allow_tf32'),
  'optimizer.name': oneOf({ adamw_8bit: ['use_8bit_adam', ''] }),
  'checkpoint.save_steps': valued('checkpointing_steps'),
  'checkpoint.save_total_limit': valued('checkpoints_total_limit'),
  'data.num_workers': valued('dataloader_num_workers'),
  'training.max_steps': valued('max_train_steps'),
};

const megatron: NewFlags = {
  'training.per_device_batch_size': valued('micro_batch_size'),
  'training.precision': oneOf({ bf16: ['bf16', ''], fp16: ['fp16', ''], fp8: ['fp8_format', 'hybrid'] }),
  // `recompute_activations` repeats the core of attention alone, of which fused kernels keep nothing.
  'training.gradient_checkpointing': (value) =>
    value === true
      ? ['recompute_granularity', 'full', ['recompute_method', 'uniform'], ['recompute_num_layers', '1']]
      : undefined,
  'parallel.distributed_optimizer': bare('use_distributed_optimizer'),
  'parallel.sequence_parallel': bare('sequence_parallel'),
  'parallel.tp': valued('tensor_model_parallel_size'),
  'parallel.pp': valued('pipeline_model_parallel_size'),
  'parallel.cp': valued('context_parallel_size'),
  'parallel.ep': valued('expert_model_parallel_size'),
  'model.attn_implementation': oneOf({ flash_attention_2: ['use_flash_attn', ''] }),
  'checkpoint.save_steps': valued('save_interval'),
};

const types = { bf16: ['dtype', 'bfloat16'], fp16: ['dtype', 'float16'] } as const;

const vllm: NewFlags = {
  'serving.max_model_len': valued('max_model_len'),
  'serving.max_num_seqs': valued('max_num_seqs'),
  'serving.max_batched_tokens': valued('max_num_batched_tokens'),
  'serving.gpu_memory_utilization': valued('gpu_memory_utilization'),
  'serving.kv_dtype': oneOf({ fp8: ['kv_cache_dtype', 'fp8'] }),
  'serving.dtype': oneOf(types),
  'serving.prefix_caching': bare('enable_prefix_caching'),
  'quantization.method': valued('quantization'),
  'parallel.tp': valued('tensor_parallel_size'),
};

/** Flags that may be added to a training program, by its family. */
export const trainingFlags = { hf: huggingFace, trl, llamafactory: llamaFactory, diffusers, megatron } as const;

/** Flags that may be added to an inference server, by engine. */
export const engineFlags: Readonly<Record<string, NewFlags>> = {
  vllm,
  aphrodite: vllm,
  sglang: {
    'serving.max_model_len': valued('context_length'),
    'serving.max_num_seqs': valued('max_running_requests'),
    'serving.gpu_memory_utilization': valued('mem_fraction_static'),
    'serving.kv_dtype': oneOf({ fp8: ['kv_cache_dtype', 'fp8_e4m3'] }),
    'serving.dtype': oneOf(types),
    'quantization.method': valued('quantization'),
    'parallel.tp': valued('tp_size'),
  },
  tgi: {
    'serving.max_model_len': valued('max_total_tokens'),
    'serving.max_num_seqs': valued('max_concurrent_requests'),
    'serving.max_batched_tokens': valued('max_batch_total_tokens'),
    'serving.gpu_memory_utilization': valued('cuda_memory_fraction'),
    'serving.kv_dtype': oneOf({ fp8: ['kv_cache_dtype', 'fp8_e4m3fn'] }),
    'serving.dtype': oneOf(types),
    'quantization.method': valued('quantize'),
    'parallel.tp': valued('num_shard'),
  },
  'tensorrt-llm': {
    'serving.max_model_len': valued('max_seq_len'),
    'serving.max_batched_tokens': valued('max_num_tokens'),
    'serving.gpu_memory_utilization': valued('kv_cache_free_gpu_memory_fraction'),
    'parallel.tp': valued('tp_size'),
  },
  lmdeploy: {
    'serving.max_model_len': valued('session_len'),
    'serving.gpu_memory_utilization': valued('cache_max_entry_count'),
    'serving.dtype': oneOf(types),
    'parallel.tp': valued('tp'),
  },
};
