import { type ConfigView, find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import {
  choice,
  count,
  flag,
  type KeyForm,
  mapped,
  number,
  optimizer,
  precision,
  quiet,
  readOnly,
  scheduler,
  text,
} from './dialects/key-form.ts';
import { addFact, type Gathered, type KeyTable, toFact } from './dialects/key-map.ts';

/** -1 shards over all ranks that the other degrees leave. */
const shards: KeyForm = mapped(count('parallel.fsdp_shard_size'), (answer, value) =>
  value === -1 ? { open: '-1: all ranks that the other degrees leave' } : answer,
);

/** How the optimizer steps: in one kernel, or tensor by tensor; several at once (`foreach`) is neither. */
const fusing: KeyForm = choice('optimizer.fused', { fused: true, 'for-loop': false });

const optimizers = { adamw: 'AdamW', adam: 'Adam', muon: 'Muon' };

/** Keys of torchtitan's job config, in TOML sections and as `--section.key` flags. */
export const torchtitanKeys = {
  'model.name': text('model.family'),
  'model.flavor': text('model.size'),
  'model.hf_assets_path': readOnly(text('model.path')),
  'optimizer.name': optimizer(optimizers),
  'optimizer.lr': number('optimizer.lr'),
  'optimizer.eps': number('optimizer.eps'),
  'optimizer.beta1': number('optimizer.beta1'),
  'optimizer.beta2': number('optimizer.beta2'),
  'optimizer.weight_decay': number('optimizer.weight_decay'),
  'optimizer.implementation': fusing,
  'lr_scheduler.warmup_steps': number('optimizer.warmup_steps'),
  'lr_scheduler.decay_type': scheduler(),
  'training.warmup_steps': readOnly(number('optimizer.warmup_steps')),
  'training.local_batch_size': count('training.per_device_batch_size'),
  'training.batch_size': count('training.per_device_batch_size'),
  'training.global_batch_size': count('training.global_batch_size'),
  'training.seq_len': count('data.seq_len'),
  'training.max_norm': number('training.max_grad_norm'),
  'training.steps': count('training.max_steps'),
  'training.dataset': text('data.dataset'),
  'training.dataset_path': readOnly(text('data.dataset')),
  'training.mixed_precision_param': precision('training.precision', { bf16: 'bfloat16', fp32: 'float32' }),
  'training.dtype': precision('model.dtype', { bf16: 'bfloat16', fp32: 'float32' }),
  'training.seed': number('training.seed'),
  'training.compile': flag('training.compile'),
  'training.data_parallel_replicate_degree': count('parallel.fsdp_replicate_size'),
  'training.data_parallel_shard_degree': shards,
  'training.tensor_parallel_degree': count('parallel.tp'),
  'parallelism.data_parallel_replicate_degree': count('parallel.fsdp_replicate_size'),
  'parallelism.data_parallel_shard_degree': shards,
  'parallelism.tensor_parallel_degree': count('parallel.tp'),
  'parallelism.pipeline_parallel_degree': count('parallel.pp'),
  'parallelism.context_parallel_degree': count('parallel.cp'),
  'parallelism.expert_parallel_degree': count('parallel.ep'),
  'experimental.pipeline_parallel_degree': readOnly(count('parallel.pp')),
  'experimental.context_parallel_degree': readOnly(count('parallel.cp')),
  'checkpoint.enable': flag('checkpoint.enabled'),
  'checkpoint.enable_checkpoint': flag('checkpoint.enabled'),
  'checkpoint.interval': count('checkpoint.save_steps'),
  'checkpoint.async_mode': choice('checkpoint.async', {
    disabled: false,
    async: true,
    async_with_pinned_mem: true,
  }),
  'checkpoint.keep_latest_k': count('checkpoint.save_total_limit'),
  'job.dump_folder': text('checkpoint.output_dir'),
  'activation_checkpoint.mode': [
    choice('training.gradient_checkpointing', { full: true, selective: true, memory_budget: true, none: false }),
    quiet(choice('training.recomputed_modules', { selective: ['operators'], memory_budget: ['operators'] })),
  ],
  'compile.enable': flag('training.compile'),
  'validation.enable': { ...choice('eval.strategy', { true: 'steps', false: 'no' }), write: () => undefined },
  'validation.freq': count('eval.steps'),
  'float8.enable_float8_linear': readOnly(choice('training.precision', { true: 'fp8' })),
} satisfies KeyTable;

/** Train configs of torchtitan. */
export const reader = keyMapReader({
  id: 'torchtitan',
  info: { title: 'torchtitan', files: 'train_configs/*.toml' },
  languages: ['toml'],
  mentions: /^\s*\[(?:training|parallelism|model)\]/m,
  role: 'config',
  table: torchtitanKeys,
  anchors: ['training.local_batch_size', 'training.batch_size', 'training.steps', 'training'],
  defaults: [{ fact: 'training.precision', value: 'bf16', framework: 'torchtitan', version: '0.1' }],
  extra(view, gathered) {
    readConverters(view, gathered);
    return [];
  },
});

/** A float8 converter makes the matmuls fp8, over the bf16 they run on. */
function readConverters(view: ConfigView, gathered: Gathered): void {
  const converters = find(view, 'model.converters')?.node;
  if (converters?.kind !== 'list') return;
  const item = converters.items.find((one) => one.kind === 'scalar' && /float8|mx/.test(String(one.value)));
  if (!item) return;
  const at = gathered.facts.findIndex((fact) => fact.name === 'training.precision');
  if (at >= 0) gathered.facts.splice(at, 1);
  addFact(gathered, toFact('training.precision', 'fp8', item.span, true));
}
