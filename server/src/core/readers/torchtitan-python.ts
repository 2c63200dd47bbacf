import type { CallEvent, Value } from '../evaluate/value.ts';
import { argumentOf, isMadeBy } from './dialects/python/calls.ts';
import { number, positive, text } from './dialects/python/forms.ts';
import { settingOf } from './dialects/python/keywords.ts';
import { createLedger, imply, type Ledger, put } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import type { Found } from './dialects/python/reading.ts';

/** Reads TorchTitan's configuration functions: each returns one `Trainer.Config(...)`. */
export const reader = pythonReader({
  id: 'torchtitan-python',
  info: { title: 'TorchTitan configuration functions', files: '`config_registry.py`' },
  mentions: (text) => /Trainer\.Config\b/.test(text) && /\bTrainingConfig\(|\btraining\s*=/.test(text),
  find: (program, select) => {
    const { uri } = program.file;
    const made = program.events.filter(
      (event) => isMadeBy(event.result, /(^|\.)\w*Trainer\.Config$/) && event.within === '' && event.at.uri === uri,
    );
    const configs = new Map<string, CallEvent>();
    for (const event of made) if (!/\./.test(event.path) && !configs.has(event.path)) configs.set(event.path, event);
    const found = [...configs].map(([name, event]) => readConfig(name, event));
    return select === undefined ? found : found.filter((one) => one.name === select);
  },
});

function readConfig(name: string, event: CallEvent): Found {
  const ledger = createLedger();
  const config = event.result;
  const part = (...path: readonly string[]) =>
    path.reduce<Value | undefined>((here, step) => settingOf(here, step), config);
  const spec = part('model_spec');
  const call = spec?.kind === 'object' ? spec.call : undefined;
  const quiet = { quiet: true };
  if (call) put(ledger, 'model.size', argumentOf(call, 'flavor', 0), text, quiet);
  put(ledger, 'optimizer.lr', part('optimizer', 'lr'), number);
  put(ledger, 'optimizer.warmup_steps', part('lr_scheduler', 'warmup_steps'), number, quiet);
  readBatch(ledger, part);
  put(ledger, 'training.max_steps', part('training', 'steps'), positive, quiet);
  put(ledger, 'training.seed', part('training', 'seed'), number, quiet);
  put(ledger, 'parallel.tp', part('parallelism', 'tensor_parallel_degree'), positive, quiet);
  put(ledger, 'parallel.pp', part('parallelism', 'pipeline_parallel_degree'), positive, quiet);
  put(ledger, 'parallel.cp', part('parallelism', 'context_parallel_degree'), positive, quiet);
  put(ledger, 'parallel.ep', part('parallelism', 'expert_parallel_degree'), positive, quiet);
  put(ledger, 'checkpoint.save_steps', part('checkpoint', 'interval'), positive, quiet);
  readDataset(ledger, part('dataloader'));
  readRecompute(ledger, part('activation_checkpoint'));
  const compile = part('compile', 'enable');
  if (compile?.kind === 'bool')
    put(ledger, 'training.compile', compile, {
      read: () => ({ value: compile.value }),
      spell: (to) => (to ? 'True' : 'False'),
    });
  readConverters(ledger, call);
  const at = config.kind === 'object' && config.call ? config.call.at : event.at;
  return { ledger, anchor: at, name, role: 'config' };
}

function readBatch(ledger: Ledger, part: (...path: readonly string[]) => Value | undefined): void {
  const length = part('training', 'max_context_length') ?? part('training', 'seq_len');
  put(ledger, 'data.seq_len', length, positive, { quiet: true });
  put(ledger, 'training.per_device_batch_size', part('training', 'local_batch_size'), positive, { quiet: true });
  put(ledger, 'training.global_batch_size', part('training', 'global_batch_size'), positive, { quiet: true });
  const tokens = part('training', 'num_tokens_per_microbatch_per_dp_rank');
  if (tokens?.kind !== 'number' || length?.kind !== 'number') return;
  imply(ledger, 'training.tokens_per_microbatch', tokens.value, tokens.at);
  if (tokens.value % length.value === 0)
    imply(ledger, 'training.per_device_batch_size', tokens.value / length.value, tokens.at);
}

function readDataset(ledger: Ledger, loader: Value | undefined): void {
  let here = settingOf(loader, 'dataset');
  for (let depth = 0; depth < 4 && here?.kind === 'object'; depth += 1) here = settingOf(here, 'dataset');
  if (here?.kind === 'string') put(ledger, 'data.dataset', here, text);
  const named = here?.kind === 'reference' ? /\[([^\]]+)\]$/.exec(here.path)?.[1] : undefined;
  if (named !== undefined && here)
    put(ledger, 'data.dataset', here, { read: () => ({ value: named }), spell: () => undefined });
}

function readRecompute(ledger: Ledger, value: Value | undefined): void {
  if (value?.kind !== 'object') return;
  const kind = /(\w+)AC(\.Config)?$/.exec(value.path)?.[1];
  const mode = settingOf(value, 'mode');
  if (kind === 'No' || (mode?.kind === 'string' && mode.value === 'none'))
    imply(ledger, 'training.gradient_checkpointing', false, value.at);
  else if (kind !== undefined || mode?.kind === 'string') {
    imply(ledger, 'training.gradient_checkpointing', true, value.at);
    const whole = kind === 'Full' || (mode?.kind === 'string' && mode.value === 'full');
    if (!whole) imply(ledger, 'training.recomputed_modules', ['operators'], value.at);
  }
}

function readConverters(ledger: Ledger, spec: CallEvent | undefined): void {
  const list = spec?.keywords.get('converters');
  for (const one of list?.kind === 'list' ? list.store.values() : []) {
    if (one.kind === 'object' && /Float8\w*|MXFP8\w*/.test(one.path))
      imply(ledger, 'training.precision', 'fp8', one.at);
  }
}
