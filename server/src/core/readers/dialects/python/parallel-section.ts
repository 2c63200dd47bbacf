import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, itemsOf, truthOf, type Value } from '../../../evaluate/value.ts';
import { spellPrecision } from '../precision-spelling.ts';
import { argumentOf, callsOf } from './calls.ts';
import { putDeepspeed } from './deepspeed-section.ts';
import { flag, number, positive, precision, text } from './forms.ts';
import { allowKeyword, imply, type Ledger, leaveOpen, put, settle } from './ledger.ts';

/** How the model is spread over devices: DDP, FSDP, DeepSpeed. */
export function readParallelism(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /(^|\.)deepspeed\.initialize$/)) {
    const config = argumentOf(event, 'config') ?? argumentOf(event, 'config_params');
    const settled = config && settle(config);
    if (settled?.kind === 'dict') putDeepspeed(ledger, settled);
    else imply(ledger, 'parallel.strategy', 'deepspeed', event.at);
  }
  const sharded = callsOf(program, /(^|\.)(FullyShardedDataParallel|FSDP|fully_shard)$/)[0];
  if (sharded) {
    imply(ledger, 'parallel.strategy', 'fsdp', sharded.at);
    if (sharded.name === 'fully_shard') imply(ledger, 'parallel.fsdp_version', 2, sharded.at);
    readSharding(ledger, sharded);
    readPolicy(ledger, sharded);
  }
  readPlugins(program, ledger);
  readMesh(program, ledger);
  const replicated = callsOf(
    program,
    /(^|\.)(DistributedDataParallel|DDP|NativeDDP|ApexDDP|MultiWorkerMirroredStrategy|MirroredStrategy)$/,
  )[0];
  for (const event of callsOf(program, /(^|\.)PrepareForLaunch$/)) {
    const type = event.keywords.get('distributed_type');
    if (type?.kind === 'string' && type.value === 'MULTI_GPU') imply(ledger, 'parallel.strategy', 'ddp', type.at);
  }
  if (replicated) imply(ledger, 'parallel.strategy', 'ddp', replicated.at);
}

/** Accelerate's plugins: `FullyShardedDataParallelPlugin(...)`, `DeepSpeedPlugin(zero_stage=3)`. */
function readPlugins(program: Program, ledger: Ledger): void {
  const quiet = { quiet: true };
  for (const event of callsOf(program, /(^|\.)FullyShardedDataParallelPlugin$/)) {
    imply(ledger, 'parallel.strategy', 'fsdp', event.at);
    put(ledger, 'parallel.fsdp_version', event.keywords.get('fsdp_version'), number, quiet);
    readSharding(ledger, event);
    put(ledger, 'training.gradient_checkpointing', event.keywords.get('activation_checkpointing'), flag, quiet);
  }
  for (const event of callsOf(program, /(^|\.)DeepSpeedPlugin$/)) {
    imply(ledger, 'parallel.strategy', 'deepspeed', event.at);
    put(ledger, 'parallel.zero_stage', event.keywords.get('zero_stage'), number, quiet);
    put(
      ledger,
      'training.gradient_accumulation_steps',
      event.keywords.get('gradient_accumulation_steps'),
      positive,
      quiet,
    );
    put(ledger, 'training.max_grad_norm', event.keywords.get('gradient_clipping'), number, quiet);
    for (const [keyword, fact] of [
      ['offload_optimizer_device', 'parallel.offload_optimizer'],
      ['offload_param_device', 'parallel.offload_params'],
    ] as const)
      put(ledger, fact, event.keywords.get(keyword), text, quiet);
  }
}

/** Sizes of a device mesh whose dimensions have names: `init_device_mesh("cuda", (dp, 2), mesh_dim_names=("dp", "tp"))`. */
function readMesh(program: Program, ledger: Ledger): void {
  const facts = {
    tp: 'parallel.tp',
    pp: 'parallel.pp',
    cp: 'parallel.cp',
    ep: 'parallel.ep',
    dp: 'parallel.dp',
  } as const;
  for (const event of callsOf(program, /(^|\.)init_device_mesh$/)) {
    const sizes = argumentOf(event, 'mesh_shape', 1);
    const called = event.keywords.get('mesh_dim_names');
    if (sizes?.kind !== 'list' || called?.kind !== 'list') continue;
    const values = itemsOf(sizes);
    itemsOf(called).forEach((name, index) => {
      const fact = name.kind === 'string' ? facts[name.value as keyof typeof facts] : undefined;
      if (fact) put(ledger, fact, values[index], positive, { quiet: true });
    });
  }
}

function readSharding(ledger: Ledger, event: CallEvent): void {
  const value = event.keywords.get('sharding_strategy');
  const settled = value && settle(value);
  if (settled?.kind !== 'reference') return;
  const name = settled.path.slice(settled.path.lastIndexOf('.') + 1).toLowerCase();
  if (/^(full_shard|shard_grad_op|hybrid_shard|no_shard)$/.test(name))
    put(
      ledger,
      'parallel.fsdp_sharding',
      { kind: 'string', value: name, at: settled.at },
      { read: () => ({ value: name }), spell: () => undefined },
    );
}

/** The number format in which FSDP gathers and multiplies; one that the program decides as it runs is open, not fp32. */
function readPolicy(ledger: Ledger, event: CallEvent): void {
  const given = event.keywords.get('mixed_precision') ?? event.keywords.get('mp_policy');
  const policy = given && settle(given);
  if (!policy || policy.kind === 'none') return;
  const format = policy.kind === 'object' ? policy.call?.keywords.get('param_dtype') : undefined;
  if (format) put(ledger, 'training.precision', format, precision, { quiet: true });
  else leaveOpen(ledger, 'training.precision', 'A mixed-precision policy of FSDP decides this.', policy.at);
}

/** Autocast, half-precision models and gradient scalers. */
export function readAutocast(program: Program, ledger: Ledger): void {
  const quiet = { quiet: true };
  for (const event of callsOf(program, /(^|\.)autocast$/)) {
    const enabled = event.keywords.get('enabled');
    if (enabled && truthOf(enabled) !== true) continue;
    const dtype = event.keywords.get('dtype') ?? event.positional.find((one) => one.kind === 'reference');
    if (dtype) put(ledger, 'training.precision', dtype, precision, quiet);
    else if (!event.uncertain && /cuda/.test(event.path)) imply(ledger, 'training.precision', 'fp16', event.at);
    if (!dtype)
      allowKeyword(ledger, 'training.precision', event, 'dtype', (to) => spellPrecision(String(to), 'torch.half'));
  }
  for (const event of callsOf(program, /\.(half|bfloat16)$/)) {
    if (event.uncertain || !event.reached || !isModel(event.receiver)) continue;
    imply(ledger, 'training.precision', event.name === 'half' ? 'fp16' : 'bf16', event.at);
  }
}

function isModel(value: Value | undefined): boolean {
  return (
    value?.kind === 'object' &&
    /(^|\.)(from_pretrained|\w*Model\w*|create_model|\w*(Net|GPT|Transformer)\w*)$/.test(value.path)
  );
}
