import type { FactName, FactValue } from '../facts/vocabulary.ts';
import { formatWhole } from '../units/format.ts';

/** Words of the facts that people change most; the rest are said by their own names. */
const words: Partial<Record<FactName, string>> = {
  'training.per_device_batch_size': 'micro batch',
  'training.gradient_accumulation_steps': 'accumulation',
  'training.global_batch_size': 'global batch',
  'training.gradient_checkpointing': 'recompute',
  'training.precision': 'precision',
  'training.max_steps': 'steps',
  'training.epochs': 'epochs',
  'training.compile': 'compile',
  'data.seq_len': 'sequence length',
  'data.frames': 'frames',
  'data.packing': 'packing',
  'data.dataset': 'dataset',
  'model.name': 'model',
  'model.attn_implementation': 'attention',
  'optimizer.name': 'optimizer',
  'optimizer.lr': 'learning rate',
  'lora.r': 'LoRA rank',
  'quantization.bits': 'weight bits',
  'parallel.zero_stage': 'ZeRO stage',
  'parallel.tp': 'tensor parallel',
  'parallel.pp': 'pipeline parallel',
  'hardware.accelerator': 'accelerator',
  'hardware.gpus_per_node': 'GPUs a node',
  'hardware.nodes': 'nodes',
  'hardware.total_gpus': 'GPUs',
  'hardware.instance_type': 'machine',
  'hardware.spot': 'spot',
  'hardware.time_limit_hours': 'time limit',
  'checkpoint.save_steps': 'save interval',
  'checkpoint.save_total_limit': 'checkpoints kept',
  'serving.max_model_len': 'context length',
  'serving.max_num_seqs': 'sequences at once',
  'serving.replicas': 'replicas',
  'infra.region': 'region',
  'infra.cloud': 'cloud',
};

/** "micro batch" of `training.per_device_batch_size`, "warmup steps" of `optimizer.warmup_steps`. */
export function phraseFactName(name: FactName): string {
  return words[name] ?? name.slice(name.lastIndexOf('.') + 1).replaceAll('_', ' ');
}

/** A value as people write it: "on", "4", "a, b"; "not stated" where there is none. */
export function phraseFactValue(value: FactValue | undefined): string {
  if (value === undefined) return 'not stated';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) >= 1e4 ? formatWhole(value) : String(value);
  return typeof value === 'string' ? value : value.join(', ');
}
