import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, itemsOf, type Value } from '../../../evaluate/value.ts';
import { argumentOf, callsOf } from './calls.ts';
import { number, positive, precision, text } from './forms.ts';
import { allowKeyword, imply, isTold, type Ledger, leaveOpen, put, settle } from './ledger.ts';

/** Lightning's `Trainer` and `Fabric`: devices, strategy, precision, limits. */
export function readLightning(program: Program, ledger: Ledger, trainer: CallEvent): void {
  readTrainerWords(ledger, (name) => trainer.keywords.get(name));
  readCheckpoints(program, ledger);
  const slots = [
    ['training.precision', 'precision', toLightningPrecision],
    ['training.gradient_accumulation_steps', 'accumulate_grad_batches', String],
    ['training.max_steps', 'max_steps', String],
    ['hardware.gpus_per_node', 'devices', String],
    ['hardware.nodes', 'num_nodes', String],
  ] as const;
  for (const [fact, keyword, spell] of slots) allowKeyword(ledger, fact, trainer, keyword, spell);
  const saver = callsOf(program, /(^|\.)ModelCheckpoint$/)[0];
  allowKeyword(ledger, 'checkpoint.save_steps', saver, 'every_n_train_steps', String);
  // More than one checkpoint is kept only by a metric that ranks them.
  if (saver?.keywords.has('monitor')) allowKeyword(ledger, 'checkpoint.save_total_limit', saver, 'save_top_k', String);
}

/** `LightningCLI(Model, Data, trainer_defaults={...}, seed_everything_default=42)`. */
export function readLightningCli(program: Program, ledger: Ledger, cli: CallEvent): void {
  const defaults = cli.keywords.get('trainer_defaults');
  const set = callsOf(program, /\.set_defaults$/).map((event) => event.positional[0]);
  readTrainerWords(ledger, (name) => {
    const given = defaults?.kind === 'dict' ? defaults.store.get(name) : undefined;
    const later = set.map((one) => (one?.kind === 'dict' ? one.store.get(`trainer.${name}`) : undefined));
    return given ?? later.find((one) => one !== undefined);
  });
  readCheckpoints(program, ledger);
  put(ledger, 'training.seed', cli.keywords.get('seed_everything_default'), number, { quiet: true });
}

function toLightningPrecision(to: unknown): string | undefined {
  return to === 'bf16' || to === 'fp16' ? `"${to === 'bf16' ? 'bf16' : '16'}-mixed"` : undefined;
}

function readTrainerWords(ledger: Ledger, get: (name: string) => Value | undefined): void {
  const quiet = { quiet: true };
  readDevices(ledger, get('devices') ?? get('gpus'));
  put(ledger, 'hardware.nodes', get('num_nodes'), positive);
  put(ledger, 'training.epochs', get('max_epochs'), positive);
  put(ledger, 'training.max_steps', get('max_steps') ?? get('limit_train_batches'), wholeSteps);
  put(ledger, 'training.precision', get('precision'), precision);
  put(ledger, 'training.gradient_accumulation_steps', get('accumulate_grad_batches'), positive);
  put(ledger, 'training.max_grad_norm', get('gradient_clip_val'), number);
  put(ledger, 'checkpoint.output_dir', get('default_root_dir'), text, quiet);
  readStrategy(ledger, get('strategy'));
}

function readCheckpoints(program: Program, ledger: Ledger): void {
  const quiet = { quiet: true };
  for (const event of callsOf(program, /(^|\.)ModelCheckpoint$/)) {
    put(ledger, 'checkpoint.output_dir', argumentOf(event, 'dirpath', 0), text, quiet);
    put(ledger, 'checkpoint.save_steps', event.keywords.get('every_n_train_steps'), positive, quiet);
    put(ledger, 'checkpoint.save_epochs', event.keywords.get('every_n_epochs'), positive, quiet);
    put(ledger, 'checkpoint.save_total_limit', event.keywords.get('save_top_k'), positive, quiet);
  }
}

/** A number of batches; a fraction is a part of the data and says nothing of steps. */
const wholeSteps = {
  read: (value: Value) =>
    value.kind === 'number' &&
    (value.value <= 0 || !Number.isInteger(value.value) || (value.float === true && value.value <= 1))
      ? ('silent' as const)
      : positive.read(value),
  spell: positive.spell,
};

function readDevices(ledger: Ledger, value: Value | undefined): void {
  const settled = value && settle(value);
  if (!settled || settled.kind === 'none') return;
  if (settled.kind === 'list') imply(ledger, 'hardware.gpus_per_node', itemsOf(settled).length, settled.at);
  else if (settled.kind === 'string' && settled.value.includes(','))
    imply(ledger, 'hardware.gpus_per_node', settled.value.split(',').filter(Boolean).length, settled.at);
  else if (settled.kind === 'string' && settled.value === 'auto')
    leaveOpen(ledger, 'hardware.gpus_per_node', 'All devices of the machine are used.', settled.at);
  else if (settled.kind === 'number' && settled.value < 0)
    leaveOpen(ledger, 'hardware.gpus_per_node', 'All devices of the machine are used.', settled.at);
  else put(ledger, 'hardware.gpus_per_node', settled, positive);
}

function readStrategy(ledger: Ledger, value: Value | undefined): void {
  const settled = value && settle(value);
  if (settled?.kind === 'string') {
    const word = settled.value.toLowerCase();
    const name = /fsdp/.test(word)
      ? 'fsdp'
      : /deepspeed/.test(word)
        ? 'deepspeed'
        : /ddp/.test(word)
          ? 'ddp'
          : undefined;
    if (name === undefined) return;
    put(ledger, 'parallel.strategy', settled, {
      read: () => ({ value: name, derived: name !== word }),
      spell: (to, old) => (to === 'ddp' || to === 'fsdp' ? old.replace(/\w+/, to) : undefined),
    });
    const stage = /stage_(\d)/.exec(word)?.[1];
    if (stage) imply(ledger, 'parallel.zero_stage', Number(stage), settled.at);
    if (/offload/.test(word)) imply(ledger, 'parallel.offload_optimizer', 'cpu', settled.at);
    return;
  }
  if (settled?.kind !== 'object' || !settled.call) return;
  const { call } = settled;
  const kind = /(FSDP|DeepSpeed|DDP|ModelParallel)\w*Strategy/.exec(settled.path)?.[1];
  if (kind === 'FSDP') {
    imply(ledger, 'parallel.strategy', 'fsdp', call.at);
    put(
      ledger,
      'parallel.fsdp_sharding',
      call.keywords.get('sharding_strategy'),
      {
        read: (one) => (one.kind === 'string' ? { value: one.value.toLowerCase() } : undefined),
        spell: () => undefined,
      },
      { quiet: true },
    );
    if (call.keywords.has('activation_checkpointing_policy') || call.keywords.has('activation_checkpointing'))
      imply(ledger, 'training.gradient_checkpointing', true, call.at);
  } else if (kind === 'DeepSpeed') {
    imply(ledger, 'parallel.strategy', 'deepspeed', call.at);
    put(ledger, 'parallel.zero_stage', call.keywords.get('stage'), number, { quiet: true });
  } else if (kind === 'DDP') imply(ledger, 'parallel.strategy', 'ddp', call.at);
  else if (kind === 'ModelParallel') {
    put(ledger, 'parallel.dp', call.keywords.get('data_parallel_size'), positive, { quiet: true });
    put(ledger, 'parallel.tp', call.keywords.get('tensor_parallel_size'), positive, { quiet: true });
  }
}

/** `Accelerator(...)`: precision and accumulation. */
export function readAccelerator(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /(^|\.)accelerate\.(\w+\.)*Accelerator$|^Accelerator$/)) {
    put(
      ledger,
      'training.precision',
      argumentOf(event, 'mixed_precision'),
      {
        read: (value) => (value.kind === 'string' && value.value === 'no' ? 'silent' : precision.read(value)),
        spell: precision.spell,
      },
      { quiet: true },
    );
    // Without an argument, or with None, the user's `accelerate config` decides.
    const given = argumentOf(event, 'mixed_precision');
    if (!isTold(ledger, 'training.precision') && (!given || settle(given).kind === 'none'))
      leaveOpen(ledger, 'training.precision', 'The configuration of Accelerate decides this.', event.at);
    put(ledger, 'training.gradient_accumulation_steps', event.keywords.get('gradient_accumulation_steps'), positive, {
      quiet: true,
    });
    allowKeyword(ledger, 'training.precision', event, 'mixed_precision', (to) =>
      to === 'bf16' || to === 'fp16' ? `"${to}"` : undefined,
    );
    allowKeyword(ledger, 'training.gradient_accumulation_steps', event, 'gradient_accumulation_steps', String);
  }
}
