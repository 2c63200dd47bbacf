import { spanOf } from '../source/traced.ts';
import { llamafactoryDefaults } from './dialects/defaults/llamafactory.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { readFsdp } from './dialects/fsdp.ts';
import { trainerSettings, trainingArguments } from './dialects/hf-keys.ts';
import {
  choice,
  count,
  flag,
  fraction,
  inverse,
  mapped,
  model,
  names,
  number,
  quiet,
  readOnly,
  text,
  when,
} from './dialects/key-form.ts';
import { addFact, toFact } from './dialects/key-map.ts';
import { namedFiles } from './dialects/named-files.ts';

const attention = choice('model.attn_implementation', {
  fa2: 'flash_attention_2',
  fa3: 'flash_attention_3',
  sdpa: 'sdpa',
  disabled: 'eager',
  flash_attention_2: 'flash_attention_2',
});

/** Kernels by name; Liger's may stand among others. */
const liger = mapped(text('training.liger_kernel'), (_, value) =>
  typeof value === 'string' && value.includes('liger') ? { value: true, derived: true } : undefined,
);

/** Training configs of LLaMA-Factory, of the flat form and of the nested one that came later. */
export const reader = keyMapReader({
  id: 'llamafactory',
  info: { title: 'LLaMA-Factory', files: 'YAML or JSON with stage, finetuning_type, cutoff_len' },
  languages: ['yaml', 'json'],
  mentions: /finetuning_type|cutoff_len|peft_config|dist_config/,
  role: 'config',
  writers: trainerSettings,
  table: {
    model_name_or_path: model(),
    model_revision: text('model.revision'),
    model: model(),
    quantization_bit: count('quantization.bits'),
    quantization_method: choice('quantization.method', {
      bnb: 'bnb',
      bitsandbytes: 'bnb',
      hqq: 'hqq',
      eetq: 'eetq',
      gptq: 'gptq',
      awq: 'awq',
    }),
    double_quantization: flag('quantization.double_quant'),
    flash_attn: attention,
    stage: choice('training.method', { sft: 'sft', pt: 'pretrain', rm: 'reward', ppo: 'ppo', dpo: 'dpo', kto: 'kto' }),
    finetuning_type: text('peft.method'),
    lora_rank: count('lora.r'),
    lora_alpha: number('lora.alpha'),
    lora_dropout: number('lora.dropout'),
    lora_target: names('lora.target_modules'),
    pref_beta: number('rl.beta'),
    reward_model: text('rl.reward_model'),
    dataset: text('data.dataset'),
    cutoff_len: count('data.seq_len'),
    packing: flag('data.packing'),
    neat_packing: flag('data.packing'),
    val_size: fraction('data.val_fraction'),
    ...trainingArguments,
    use_galore: when('optimizer.variant', 'galore'),
    galore_rank: count('optimizer.galore_rank'),
    use_muon: when('optimizer.name', 'muon'),
    use_badam: when('optimizer.variant', 'badam'),
    use_apollo: when('optimizer.variant', 'apollo'),
    use_adam_mini: when('optimizer.name', 'adam_mini'),
    pure_bf16: when('training.precision', 'bf16'),
    disable_gradient_checkpointing: inverse('training.gradient_checkpointing'),
    enable_liger_kernel: flag('training.liger_kernel'),
    'kernel_config.name': readOnly(liger),
    ray_num_workers: count('hardware.total_gpus'),
    'peft_config.name': text('peft.method'),
    'peft_config.r': count('lora.r'),
    'peft_config.lora_alpha': number('lora.alpha'),
    'peft_config.lora_dropout': number('lora.dropout'),
    'peft_config.target_modules': names('lora.target_modules'),
    'dist_config.name': [
      choice('parallel.strategy', { fsdp2: 'fsdp', fsdp: 'fsdp', deepspeed: 'deepspeed', ddp: 'ddp' }),
      quiet(choice('parallel.fsdp_version', { fsdp2: 2 })),
    ],
    'dist_config.mp_shard_size': count('parallel.fsdp_shard_size'),
    'dist_config.mp_replicate_size': count('parallel.fsdp_replicate_size'),
    'dist_config.cp_size': count('parallel.cp'),
    'quant_config.quantization_bit': count('quantization.bits'),
    'quant_config.name': choice('quantization.method', { bnb: 'bnb' }),
    micro_batch_size: count('training.per_device_batch_size'),
    global_batch_size: count('training.global_batch_size'),
    train_dataset: text('data.dataset'),
    fp8: when('training.precision', 'fp8'),
    mixed_precision: readOnly(
      choice('training.precision', { bf16_mixed: 'bf16', fp16_mixed: 'fp16', bf16: 'bf16', fp16: 'fp16' }),
    ),
    tensor_model_parallel_size: count('parallel.tp'),
    pipeline_model_parallel_size: count('parallel.pp'),
    context_parallel_size: count('parallel.cp'),
    expert_model_parallel_size: count('parallel.ep'),
    sequence_parallel: flag('parallel.sequence_parallel'),
    use_distributed_optimizer: flag('parallel.distributed_optimizer'),
    recompute_granularity: [
      readOnly(choice('training.gradient_checkpointing', { full: true, selective: true })),
      quiet(choice('training.recomputed_modules', { selective: ['core_attn'] })),
    ],
  },
  anchors: [
    'per_device_train_batch_size',
    'micro_batch_size',
    'num_train_epochs',
    'stage',
    'model_name_or_path',
    'model',
  ],
  defaults: llamafactoryDefaults,
  extra(view, gathered) {
    readQuantizedName(gathered);
    readFsdp(view, gathered);
    return namedFiles(view, [
      ['deepspeed', 'fragment'],
      ['dist_config.config_file', 'fragment'],
      ['fsdp_config', 'fragment'],
    ]);
  },
});

/** A checkpoint whose name says GPTQ or AWQ is loaded quantised, whatever the config leaves out. */
function readQuantizedName(gathered: Parameters<typeof addFact>[0]): void {
  const name = gathered.facts.find((fact) => fact.name === 'model.name' || fact.name === 'model.path');
  const method = /(?:^|[-_/.])(gptq|awq|aqlm)(?:$|[-_/.])/i.exec(String(name?.value ?? ''))?.[1];
  const span = name && spanOf(name.origin);
  if (method && span) addFact(gathered, toFact('quantization.method', method.toLowerCase(), span, true));
}
