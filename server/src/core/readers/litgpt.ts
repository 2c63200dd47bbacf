import { find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { factSpan } from './dialects/fact-span.ts';
import {
  count,
  flag,
  fraction,
  type KeyForm,
  names,
  number,
  optimizer,
  precision,
  readOnly,
  text,
} from './dialects/key-form.ts';
import { addFact, type Gathered, toFact } from './dialects/key-map.ts';

const classes = {
  adamw: 'torch.optim.AdamW',
  adam: 'torch.optim.Adam',
  sgd: 'torch.optim.SGD',
  adamw_8bit: 'bitsandbytes.optim.AdamW8bit',
  paged_adamw_32bit: 'bitsandbytes.optim.PagedAdamW',
};

/** `bnb.nf4`, `nf4-dq`, `fp4`: the 4-bit type. */
const quantized: KeyForm = {
  fact: 'quantization.method',
  read: (value) => {
    const found = /(nf4|fp4)/.exec(String(value ?? ''))?.[1];
    return found === undefined ? undefined : { value: found, derived: true };
  },
  write: (value) => (value === 'nf4' || value === 'fp4' ? `bnb.${value}` : undefined),
};

const bits: KeyForm = {
  fact: 'quantization.bits',
  read: (value) => {
    const found = /(?:nf|fp|int)([48])/.exec(String(value ?? ''))?.[1];
    return found === undefined ? undefined : { value: Number(found), derived: true };
  },
  write: (value) => (value === 4 ? 'bnb.nf4' : value === 8 ? 'bnb.int8' : undefined),
};

/** Configs of LitGPT's fine-tuning and pretraining commands. */
export const reader = keyMapReader({
  id: 'litgpt',
  info: { title: 'LitGPT', files: 'config_hub YAML with train and checkpoint_dir' },
  languages: ['yaml'],
  mentions: /^train:/m,
  role: 'config',
  table: {
    checkpoint_dir: text('model.path'),
    initial_checkpoint_dir: readOnly(text('model.path')),
    model_name: text('model.name'),
    'model_config.name': readOnly(text('model.name')),
    out_dir: text('checkpoint.output_dir'),
    precision: precision('training.precision', { bf16: 'bf16-true', fp16: '16-true', fp32: '32-true' }),
    quantize: [quantized, bits],
    devices: count('hardware.gpus_per_node'),
    num_nodes: count('hardware.nodes'),
    lora_r: count('lora.r'),
    lora_alpha: number('lora.alpha'),
    lora_dropout: number('lora.dropout'),
    'data.class_path': text('data.dataset'),
    data: text('data.dataset'),
    'data.init_args.num_workers': readOnly(number('data.num_workers')),
    'data.init_args.val_split_fraction': readOnly(fraction('data.val_fraction')),
    'model_config.n_layer': readOnly(count('model.num_layers')),
    'model_config.n_head': readOnly(count('model.num_heads')),
    'model_config.n_embd': readOnly(count('model.hidden_size')),
    'model_config.intermediate_size': readOnly(count('model.ffn_hidden_size')),
    'model_config.n_query_groups': readOnly(count('model.num_kv_heads')),
    'model_config.padded_vocab_size': readOnly(count('model.vocab_size')),
    'train.tie_embeddings': readOnly(flag('model.tie_embeddings')),
    'train.save_interval': count('checkpoint.save_steps'),
    'train.global_batch_size': count('training.global_batch_size'),
    'train.micro_batch_size': count('training.per_device_batch_size'),
    'train.lr_warmup_steps': number('optimizer.warmup_steps'),
    'train.lr_warmup_fraction': number('optimizer.warmup_ratio'),
    'train.epochs': number('training.epochs'),
    'train.max_tokens': count('training.max_tokens'),
    'train.max_steps': count('training.max_steps'),
    'train.max_seq_length': count('data.seq_len'),
    'train.max_norm': number('training.max_grad_norm'),
    'train.min_lr': number('optimizer.min_lr'),
    'eval.interval': count('eval.steps'),
    seed: number('training.seed'),
    'optimizer.class_path': optimizer(classes),
    optimizer: optimizer(classes),
    'optimizer.init_args.lr': number('optimizer.lr'),
    'optimizer.init_args.weight_decay': number('optimizer.weight_decay'),
    'optimizer.init_args.betas': readOnly(names('optimizer.betas')),
    'optimizer.init_args.eps': number('optimizer.eps'),
    'optimizer.init_args.fused': flag('optimizer.fused'),
  },
  anchors: ['train.micro_batch_size', 'train', 'checkpoint_dir'],
  extra(view, gathered) {
    readAdapter(gathered, find(view, 'quantize')?.node !== undefined);
    return [];
  },
});

/** A rank means an adapter; over quantised weights it is QLoRA. */
function readAdapter(gathered: Gathered, quantizable: boolean): void {
  const span = factSpan(gathered, 'lora.r');
  if (!span) return;
  const quantized4 = quantizable && gathered.facts.some((fact) => fact.name === 'quantization.bits');
  addFact(gathered, toFact('peft.method', quantized4 ? 'qlora' : 'lora', span, true));
}
