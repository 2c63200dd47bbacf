import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, truthOf, type Value } from '../../../evaluate/value.ts';
import { spellPrecision } from '../precision-spelling.ts';
import { argumentOf, callsOf } from './calls.ts';
import { putDeepspeed } from './deepspeed-section.ts';
import { precision } from './forms.ts';
import { allowKeyword, imply, type Ledger, put, settle } from './ledger.ts';

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
  }
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
