import { keyMapReader } from './dialects/dialect.ts';
import { factSpan } from './dialects/fact-span.ts';
import {
  choice,
  count,
  flag,
  type KeyForm,
  names,
  number,
  optimizer,
  readOnly,
  scheduler,
  text,
  when,
} from './dialects/key-form.ts';
import { addFact, type KeyTable, toFact } from './dialects/key-map.ts';

const stage: KeyForm = {
  fact: 'parallel.zero_stage',
  read: (value) => (typeof value === 'number' && value >= 0 && value <= 3 ? { value } : undefined),
  write: (value) => (typeof value === 'number' ? value : undefined),
};

/** Keys of a DeepSpeed config, alone in a file or inside another format. */
export const deepspeedKeys = {
  train_batch_size: count('training.global_batch_size'),
  train_micro_batch_size_per_gpu: count('training.per_device_batch_size'),
  gradient_accumulation_steps: count('training.gradient_accumulation_steps'),
  gradient_clipping: number('training.max_grad_norm'),
  'optimizer.type': optimizer({
    adamw: 'AdamW',
    adam: 'Adam',
    onebitadam: 'OneBitAdam',
    onebitlamb: 'OneBitLamb',
    lamb: 'Lamb',
    lion: 'Lion',
    muon: 'Muon',
  }),
  'optimizer.params.lr': number('optimizer.lr'),
  'optimizer.params.betas': readOnly(names('optimizer.betas')),
  'optimizer.params.eps': number('optimizer.eps'),
  'optimizer.params.weight_decay': number('optimizer.weight_decay'),
  'optimizer.params.max_grad_norm': readOnly(number('training.max_grad_norm')),
  'scheduler.type': scheduler(),
  'scheduler.params.warmup_num_steps': number('optimizer.warmup_steps'),
  'scheduler.params.total_num_steps': count('training.max_steps'),
  'bf16.enabled': when('training.precision', 'bf16'),
  'bfloat16.enabled': when('training.precision', 'bf16'),
  'fp16.enabled': when('training.precision', 'fp16'),
  'amp.enabled': when('training.precision', 'fp16'),
  'zero_optimization.stage': stage,
  'zero_optimization.stage3_gather_16bit_weights_on_model_save': flag('checkpoint.gathers_weights'),
  'zero_optimization.offload_optimizer.device': text('parallel.offload_optimizer'),
  'zero_optimization.offload_param.device': text('parallel.offload_params'),
  'zero_optimization.cpu_offload': when('parallel.offload_optimizer', 'cpu', 'none'),
  'zero_optimization.cpu_offload_params': when('parallel.offload_params', 'cpu', 'none'),
  sequence_parallel_size: count('parallel.sp'),
  'tensor_parallel.autotp_size': count('parallel.tp'),
  'compile.enabled': flag('training.compile'),
  'quantize_training.enabled': readOnly(choice('quantization.qat', { true: true })),
} satisfies KeyTable;

/** DeepSpeed's JSON configs: a part of a job, named by the script or its launcher. */
export const reader = keyMapReader({
  id: 'deepspeed-config',
  info: { title: 'DeepSpeed config', files: 'ds_config.json and other JSON with zero_optimization' },
  languages: ['json', 'yaml'],
  mentions: /zero_optimization|train_micro_batch_size_per_gpu|"?train_batch_size/,
  role: 'fragment',
  table: deepspeedKeys,
  anchors: ['zero_optimization', 'train_micro_batch_size_per_gpu', 'train_batch_size'],
  keepsAuto: 'It is "auto": the training arguments decide it; change it there.',
  extra(_view, gathered) {
    const span = factSpan(gathered, 'parallel.zero_stage');
    if (span) addFact(gathered, toFact('parallel.strategy', 'deepspeed', span, true));
    return [];
  },
});
