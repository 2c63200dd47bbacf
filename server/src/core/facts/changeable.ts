import type { FactName } from './vocabulary.ts';

/**
 * What advice changes in a job, and people by hand, with the word for it: each of these every reader either writes in
 * its own dialect or says in a sentence why it cannot.
 */
export const changeable = {
  'training.precision': 'the precision',
  'training.per_device_batch_size': 'the micro batch',
  'training.gradient_accumulation_steps': 'gradient accumulation',
  'training.gradient_checkpointing': 'recomputation of activations',
  'training.compile': 'compilation',
  'training.liger_kernel': 'fused kernels',
  'optimizer.name': 'the optimizer',
  'model.attn_implementation': 'the attention kernel',
  'data.packing': 'packing of sequences',
  'checkpoint.save_steps': 'the steps between checkpoints',
  'checkpoint.save_total_limit': 'the number of checkpoints kept',
  'peft.method': 'the fine-tuning method',
  'lora.r': 'the LoRA rank',
  'quantization.bits': 'the bits of the weights',
  'quantization.method': 'the quantization method',
  'parallel.zero_stage': 'the ZeRO stage',
  'parallel.tp': 'tensor parallelism',
  'hardware.accelerator': 'the accelerator',
  'hardware.gpus_per_node': 'the number of GPUs on a node',
  'hardware.nodes': 'the number of nodes',
  'hardware.instance_type': 'the machine type',
  'hardware.spot': 'spot capacity',
  'hardware.time_limit_hours': 'the time limit',
  'serving.max_model_len': 'the context length of the server',
  'serving.max_num_seqs': 'the number of sequences served at once',
  'serving.max_batched_tokens': 'the tokens of one engine step',
  'serving.gpu_memory_utilization': 'the share of GPU memory that the server takes',
  'serving.kv_dtype': 'the dtype of the KV cache',
  'serving.dtype': "the server's dtype",
} as const satisfies Readonly<Partial<Record<FactName, string>>>;

/** A fact that changes are made of. */
export type ChangeableFact = keyof typeof changeable;

/** The changeable facts in the order of the table. */
export const changeableFacts = Object.keys(changeable) as readonly ChangeableFact[];
