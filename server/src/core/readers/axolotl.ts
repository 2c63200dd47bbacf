import { spanOf } from '../source/traced.ts';
import { type ConfigView, find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { readFsdp } from './dialects/fsdp.ts';
import { bitsOf, deepspeedStrategy, trainerSettings, trainingArguments } from './dialects/hf-keys.ts';
import {
  choice,
  count,
  flag,
  fraction,
  type KeyForm,
  mapped,
  model,
  names,
  number,
  optimizer,
  scheduler,
  steps,
  text,
  when,
} from './dialects/key-form.ts';
import { addFact, type Gathered, toFact } from './dialects/key-map.ts';
import { modelClass } from './dialects/model-class.ts';
import { namedFiles } from './dialects/named-files.ts';
import { trainerOptimizers } from './dialects/optimizer-names.ts';

const states = {
  full_state_dict: 'full_state_dict',
  sharded_state_dict: 'sharded_state_dict',
  local_state_dict: 'local_state_dict',
};

/** `offload` and `unsloth` are ways of recomputing too. */
const recompute: KeyForm = mapped(flag('training.gradient_checkpointing'), (answer, value) =>
  typeof value === 'string' && /^(?:offload|unsloth|offload_disk|legacy)$/.test(value)
    ? { value: true, derived: true }
    : answer,
);

/** Training configs of Axolotl. */
export const reader = keyMapReader({
  id: 'axolotl',
  info: { title: 'Axolotl', files: '*.yml with base_model, datasets, micro_batch_size' },
  languages: ['yaml'],
  mentions: /^\s*["']?base_model["']?\s*:/m,
  role: 'config',
  writers: trainerSettings,
  table: {
    base_model: model(),
    model_type: modelClass(),
    type_of_model: modelClass(),
    revision_of_model: text('model.revision'),
    load_in_8bit: bitsOf(8),
    load_in_4bit: bitsOf(4),
    gptq: when('quantization.method', 'gptq'),
    'bnb_config_kwargs.bnb_4bit_use_double_quant': flag('quantization.double_quant'),
    'bnb_config_kwargs.bnb_4bit_quant_type': text('quantization.method'),
    rl: choice('training.method', {
      dpo: 'dpo',
      ipo: 'dpo',
      kto: 'kto',
      orpo: 'orpo',
      simpo: 'simpo',
      grpo: 'grpo',
      gdpo: 'grpo',
    }),
    reward_model: when('training.method', 'reward'),
    process_reward_model: when('training.method', 'reward'),
    rl_beta: number('rl.beta'),
    dpo_beta: number('rl.beta'),
    'trl.beta': number('rl.beta'),
    'trl.num_generations': count('rl.num_generations'),
    'trl.max_completion_length': count('rl.max_completion_length'),
    'trl.use_vllm': when('rl.rollout_engine', 'vllm'),
    'trl.vllm_mode': choice('rl.rollout_colocated', { colocate: true, server: false }),
    'trl.vllm_enable_sleep_mode': flag('rl.rollout_sleep'),
    'vllm.tensor_parallel_size': count('serving.tp'),
    'vllm.gpu_memory_utilization': number('serving.gpu_memory_utilization'),
    'datasets.0.path': text('data.dataset'),
    'pretraining_dataset.0.path': text('data.dataset'),
    'pretraining_dataset.path': text('data.dataset'),
    pretraining_dataset: text('data.dataset'),
    val_set_size: fraction('data.val_fraction'),
    output_dir: text('checkpoint.output_dir'),
    adapter: text('peft.method'),
    sequence_len: count('data.seq_len'),
    sample_packing: flag('data.packing'),
    group_by_length: flag('data.group_by_length'),
    lora_r: count('lora.r'),
    lora_alpha: number('lora.alpha'),
    lora_dropout: number('lora.dropout'),
    lora_target_modules: names('lora.target_modules'),
    gradient_accumulation_steps: count('training.gradient_accumulation_steps'),
    micro_batch_size: count('training.per_device_batch_size'),
    eval_batch_size: count('training.per_device_eval_batch_size'),
    num_epochs: number('training.epochs'),
    max_steps: count('training.max_steps'),
    optimizer: [optimizer({ ...trainerOptimizers, muon: 'muon' }), ...trainingArguments.optim.slice(1)],
    lr_scheduler: scheduler(),
    learning_rate: number('optimizer.lr'),
    bf16: when('training.precision', 'bf16'),
    bfloat16: when('training.precision', 'bf16'),
    fp16: when('training.precision', 'fp16'),
    float16: when('training.precision', 'fp16'),
    fp8: when('training.precision', 'fp8'),
    tf32: flag('training.tf32'),
    gradient_checkpointing: recompute,
    activation_offloading: flag('training.activation_offloading'),
    attn_implementation: text('model.attn_implementation'),
    flash_attention: when('model.attn_implementation', 'flash_attention_2'),
    sdp_attention: when('model.attn_implementation', 'sdpa'),
    flex_attention: when('model.attn_implementation', 'flex_attention'),
    xformers_attention: when('model.attn_implementation', 'xformers'),
    eager_attention: when('model.attn_implementation', 'eager'),
    torch_compile: flag('training.compile'),
    liger_fused_linear_cross_entropy: flag('training.fused_loss'),
    chunked_cross_entropy: flag('training.fused_loss'),
    warmup_steps: number('optimizer.warmup_steps'),
    warmup_ratio: number('optimizer.warmup_ratio'),
    evals_per_epoch: count('eval.evals_per_epoch'),
    eval_steps: steps('eval.steps'),
    eval_strategy: trainingArguments.eval_strategy,
    evaluation_strategy: trainingArguments.eval_strategy,
    saves_per_epoch: count('checkpoint.saves_per_epoch'),
    save_strategy: trainingArguments.save_strategy,
    save_steps: steps('checkpoint.save_steps'),
    save_total_limit: count('checkpoint.save_total_limit'),
    save_only_model: flag('checkpoint.save_only_model'),
    auto_resume_from_checkpoints: flag('checkpoint.resume'),
    deepspeed: deepspeedStrategy,
    weight_decay: number('optimizer.weight_decay'),
    adam_beta1: number('optimizer.beta1'),
    adam_beta2: number('optimizer.beta2'),
    adam_epsilon: number('optimizer.eps'),
    max_grad_norm: number('training.max_grad_norm'),
    'fsdp_config.fsdp_sharding_strategy': choice('parallel.fsdp_sharding', shardings()),
    'fsdp_config.sharding_strategy': choice('parallel.fsdp_sharding', shardings()),
    fsdp_version: number('parallel.fsdp_version'),
    'fsdp_config.fsdp_version': number('parallel.fsdp_version'),
    'fsdp_config.offload_params': when('parallel.offload_params', 'cpu', 'none'),
    'fsdp_config.fsdp_offload_params': when('parallel.offload_params', 'cpu', 'none'),
    'fsdp_config.activation_checkpointing': flag('training.gradient_checkpointing'),
    'fsdp_config.fsdp_activation_checkpointing': flag('training.gradient_checkpointing'),
    dp_shard_size: count('parallel.fsdp_shard_size'),
    dp_replicate_size: count('parallel.fsdp_replicate_size'),
    tensor_parallel_size: count('parallel.tp'),
    context_parallel_size: count('parallel.cp'),
    sequence_parallel_degree: count('parallel.cp'),
    expert_parallel_size: count('parallel.ep'),
    dataloader_num_workers: number('data.num_workers'),
    seed: number('training.seed'),
    'fsdp_config.state_dict_type': choice('checkpoint.state_dict_type', states),
    'fsdp_config.fsdp_state_dict_type': choice('checkpoint.state_dict_type', states),
  },
  anchors: ['micro_batch_size', 'num_epochs', 'base_model'],
  extra(view, gathered) {
    readPlugins(view, gathered);
    readPretraining(view, gathered);
    readSwitches(view, gathered);
    readSharding(view, gathered);
    return namedFiles(view, [['deepspeed', 'fragment']]);
  },
});

/** FSDP's sharding strategies by the words and numbers that configs use. */
function shardings(): Readonly<Record<string, string>> {
  return {
    full_shard: 'full_shard',
    shard_grad_op: 'shard_grad_op',
    hybrid_shard: 'hybrid_shard',
    no_shard: 'no_shard',
    '1': 'full_shard',
    '2': 'shard_grad_op',
    '3': 'no_shard',
    '4': 'hybrid_shard',
  };
}

/** Switches that stand for more than their word: all linear layers, training for later quantisation. */
function readSwitches(view: ConfigView, gathered: Gathered): void {
  const linear = find(view, 'lora_target_linear');
  if (linear?.node.kind === 'scalar' && linear.node.value === true) {
    addFact(gathered, toFact('lora.target_modules', 'all-linear', linear.node.span, true));
  }
  const qat = find(view, 'qat');
  if (qat?.node.kind === 'map') addFact(gathered, toFact('quantization.qat', true, qat.keySpan, true));
}

/** A pretraining data set makes the run one of pretraining. */
function readPretraining(view: ConfigView, gathered: Gathered): void {
  const found = find(view, 'pretraining_dataset');
  if (!found || (found.node.kind === 'scalar' && found.node.value === null)) return;
  addFact(gathered, toFact('training.method', 'pretrain', found.keySpan, true));
}

/** Plugins that change memory: fused kernels and a fused loss. */
function readPlugins(view: ConfigView, gathered: Gathered): void {
  const plugins = find(view, 'plugins')?.node;
  if (plugins?.kind !== 'list') return;
  for (const item of plugins.items) {
    const name = item.kind === 'scalar' ? String(item.value) : '';
    if (/LigerPlugin/.test(name)) addFact(gathered, toFact('training.liger_kernel', true, item.span, true));
    if (/CutCrossEntropy/.test(name)) addFact(gathered, toFact('training.fused_loss', true, item.span, true));
  }
}

/** FSDP follows from its settings; the world size is the product of the degrees where shards are counted. */
function readSharding(view: ConfigView, gathered: Gathered): void {
  const fact = (name: string) => gathered.facts.find((one) => one.name === name);
  readFsdp(view, gathered);
  const shards = fact('parallel.fsdp_shard_size');
  const span = shards && spanOf(shards.origin);
  if (!shards || !span) return;
  const others = ['parallel.fsdp_replicate_size', 'parallel.tp', 'parallel.cp', 'parallel.ep'].flatMap(
    (name) => fact(name) ?? [],
  );
  const total = others.reduce((product, one) => product * Number(one.value), Number(shards.value));
  const also = others.flatMap((one) => spanOf(one.origin) ?? []);
  addFact(gathered, toFact('hardware.total_gpus', total, span, true, also));
}
