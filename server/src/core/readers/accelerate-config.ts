import { factValue } from '../facts/fact.ts';
import { type ConfigView, find } from './dialects/config-view.ts';
import { keyMapReader, type Setting } from './dialects/dialect.ts';
import { factSpan } from './dialects/fact-span.ts';
import { choice, count, flag, type KeyForm, number, precision, quiet, text, when } from './dialects/key-form.ts';
import { addFact, type Gathered, toFact } from './dialects/key-map.ts';
import { namedFiles } from './dialects/named-files.ts';
import type { SpecChange } from './reader.ts';

const strategies = {
  fsdp: 'fsdp',
  deepspeed: 'deepspeed',
  no: 'none',
  multi_gpu: 'ddp',
  multi_xpu: 'ddp',
  multi_npu: 'ddp',
  multi_mlu: 'ddp',
  multi_hpu: 'ddp',
  multi_cpu: 'ddp',
};

const shardings = {
  full_shard: 'full_shard',
  shard_grad_op: 'shard_grad_op',
  no_shard: 'no_shard',
  hybrid_shard: 'hybrid_shard',
  hybrid_shard_zero2: 'hybrid_shard',
  '1': 'full_shard',
  '2': 'shard_grad_op',
  '3': 'no_shard',
  '4': 'hybrid_shard',
};

const states = {
  full_state_dict: 'full_state_dict',
  sharded_state_dict: 'sharded_state_dict',
  local_state_dict: 'local_state_dict',
};

const mixedOff: KeyForm = {
  quiet: true,
  fact: 'training.mixed_precision',
  read: (value, raw) => (value === false || /^['"]?no['"]?$/i.test(raw) ? { value: 'none', derived: true } : undefined),
  write: (value) => (value === 'none' ? 'no' : undefined),
};

/** Configs of `accelerate launch`: how many processes, where, and how the model is spread over them. */
export const reader = keyMapReader({
  id: 'accelerate-config',
  info: { title: 'Accelerate config', files: 'YAML with compute_environment and distributed_type' },
  languages: ['yaml', 'json'],
  mentions: /distributed_type|compute_environment/,
  role: 'fragment',
  table: {
    'deepspeed_config.gradient_accumulation_steps': count('training.gradient_accumulation_steps'),
    'deepspeed_config.gradient_clipping': number('training.max_grad_norm'),
    'deepspeed_config.offload_optimizer_device': text('parallel.offload_optimizer'),
    'deepspeed_config.offload_param_device': text('parallel.offload_params'),
    'deepspeed_config.zero_stage': number('parallel.zero_stage'),
    'deepspeed_config.zero3_save_16bit_model': flag('checkpoint.gathers_weights'),
    distributed_type: choice('parallel.strategy', strategies),
    'fp8_config.backend': text('training.fp8_backend'),
    'fp8_config.amax_history_len': count('training.fp8_amax_history_len'),
    'fp8_config.fp8_format': text('training.fp8_format'),
    'fsdp_config.fsdp_activation_checkpointing': flag('training.gradient_checkpointing'),
    'fsdp_config.fsdp_offload_params': when('parallel.offload_params', 'cpu', 'none'),
    'fsdp_config.fsdp_sharding_strategy': choice('parallel.fsdp_sharding', shardings),
    'fsdp_config.fsdp_state_dict_type': choice('checkpoint.state_dict_type', states),
    'fsdp_config.fsdp_version': number('parallel.fsdp_version'),
    gradient_accumulation_steps: count('training.gradient_accumulation_steps'),
    mixed_precision: [precision('training.precision', { bf16: 'bf16', fp16: 'fp16', fp8: 'fp8' }), mixedOff],
    num_machines: count('hardware.nodes'),
    num_processes: count('hardware.total_gpus'),
    'parallelism_config.parallelism_config_dp_replicate_size': count('parallel.fsdp_replicate_size'),
    'parallelism_config.parallelism_config_dp_shard_size': count('parallel.fsdp_shard_size'),
    'parallelism_config.parallelism_config_tp_size': count('parallel.tp'),
    'parallelism_config.parallelism_config_cp_size': count('parallel.cp'),
    'parallelism_config.parallelism_config_sp_size': count('parallel.sp'),
    'megatron_lm_config.megatron_lm_tp_degree': count('parallel.tp'),
    'megatron_lm_config.megatron_lm_pp_degree': count('parallel.pp'),
    'megatron_lm_config.megatron_lm_gradient_clipping': number('training.max_grad_norm'),
    'megatron_lm_config.megatron_lm_recompute_activations': [
      flag('training.gradient_checkpointing'),
      quiet(choice('training.recomputed_modules', { true: ['core_attn'] })),
    ],
    'megatron_lm_config.megatron_lm_sequence_parallelism': flag('parallel.sequence_parallel'),
    'megatron_lm_config.megatron_lm_use_distributed_optimizer': flag('parallel.distributed_optimizer'),
    'dynamo_config.dynamo_backend': choice('training.compile', { inductor: true, no: false }),
  },
  anchors: ['num_processes', 'distributed_type', 'compute_environment'],
  writers: processSettings,
  extra(view, gathered) {
    const type = String(valueOfKey(view, 'distributed_type')).toUpperCase();
    const onCpu = valueOfKey(view, 'use_cpu') === true || type === 'MULTI_CPU';
    if (onCpu || type === 'TPU' || type === 'XLA') readOtherDevices(gathered, onCpu);
    else readNodes(gathered);
    return namedFiles(view, [['deepspeed_config.deepspeed_config_file', 'fragment']]);
  },
});

/** Processes are counted over all machines: the GPUs of one node, and another number of nodes, change them. */
function processSettings({ name, value }: SpecChange, view: ConfigView): readonly Setting[] | undefined {
  const total = Number(valueOfKey(view, 'num_processes'));
  const nodes = Number(valueOfKey(view, 'num_machines') ?? 1);
  if (!Number.isInteger(total) || !(nodes > 0) || typeof value !== 'number') return undefined;
  if (name === 'hardware.gpus_per_node') return [{ path: 'num_processes', value: value * nodes }];
  if (name !== 'hardware.nodes' || total % nodes !== 0) return undefined;
  return [
    { path: 'num_machines', value },
    { path: 'num_processes', value: (total / nodes) * value },
  ];
}

function valueOfKey(view: Parameters<typeof find>[0], key: string): unknown {
  const node = find(view, key)?.node;
  return node?.kind === 'scalar' ? node.value : undefined;
}

/** GPUs of one node: all processes over all machines. */
function readNodes(gathered: Gathered): void {
  const total = factValue(gathered.facts, 'hardware.total_gpus');
  const nodes = factValue(gathered.facts, 'hardware.nodes');
  const span = factSpan(gathered, 'hardware.total_gpus');
  const also = factSpan(gathered, 'hardware.nodes');
  if (total === undefined || nodes === undefined || !span || !also || total % nodes !== 0) return;
  addFact(gathered, toFact('hardware.gpus_per_node', total / nodes, span, true, [also]));
}

/** Processes are no GPUs on CPUs and TPUs. */
function readOtherDevices(gathered: Gathered, onCpu: boolean): void {
  const at = gathered.facts.findIndex((fact) => fact.name === 'hardware.total_gpus');
  const [total] = at >= 0 ? gathered.facts.splice(at, 1) : [];
  const span = total && total.origin.kind === 'code' ? total.origin.span : undefined;
  if (!total || !span) return;
  if (onCpu) addFact(gathered, toFact('hardware.accelerator_class', 'cpu', span, true));
  else addFact(gathered, toFact('hardware.total_accelerators', Number(total.value), span));
}
