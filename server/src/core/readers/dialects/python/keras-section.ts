import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent } from '../../../evaluate/value.ts';
import { argumentOf, callsOf } from './calls.ts';
import { configKeys } from './config-names.ts';
import { number, optimizer, positive, precision, text } from './forms.ts';
import { putKeys } from './keywords.ts';
import { knobsOf } from './knobs.ts';
import { imply, type Ledger, put } from './ledger.ts';
import { readEpochs } from './loop-section.ts';
import { readOptimizer } from './optimizer-section.ts';
import { readSeed } from './runtime-section.ts';
import { readImageSize, readLibraryNames } from './vision-section.ts';

/** The call that trains a Keras model. */
export function fitOf(program: Program): CallEvent | undefined {
  const fits = callsOf(program, /\.fit$/).filter(
    (event) =>
      event.keywords.has('epochs') || event.keywords.has('batch_size') || event.keywords.has('steps_per_epoch'),
  );
  const compiled = callsOf(program, /\.compile$/).some(
    (event) => event.keywords.has('optimizer') || event.keywords.has('loss'),
  );
  return compiled ? fits[0] : undefined;
}

/** The optimiser of a program that steps through its own loop, where it does: with a tape, or functionally. */
export function ownLoopOf(program: Program): CallEvent | undefined {
  const steps = callsOf(program, /(^|\.)(apply_gradients|stateless_apply|train_on_batch|minimize)$/)[0];
  if (!steps) return undefined;
  return callsOf(
    program,
    /(^|\.)(optimizers|train|keras|tf)\.(\w+\.)*([A-Z]\w*Optimizer|Adam\w*|SGD|RMSprop|Adagrad|Adadelta|Nadam|Lion|Ftrl)$/,
  )[0];
}

/** What `compile` and `fit` state, and the strategy around them. */
export function readKeras(program: Program, ledger: Ledger, fit: CallEvent): void {
  const quiet = { quiet: true };
  put(ledger, 'training.epochs', fit.keywords.get('epochs'), positive, quiet);
  put(ledger, 'data.val_fraction', fit.keywords.get('validation_split'), number, quiet);
  put(ledger, 'training.steps_per_epoch', fit.keywords.get('steps_per_epoch'), positive, quiet);
  for (const event of callsOf(program, /\.compile$/))
    put(ledger, 'optimizer.name', event.keywords.get('optimizer'), optimizer, quiet);
  readOptimizer(program, ledger);
  readLibraryNames(program, ledger);
  for (const event of callsOf(program, /mixed_precision\.(\w+\.)*set_global_policy$|(^|\.)set_dtype_policy$/))
    put(ledger, 'training.precision', event.positional[0], precision, quiet);
  const distributed = callsOf(
    program,
    /(^|\.)(MultiWorkerMirroredStrategy|MirroredStrategy|CollectiveAllReduceStrategy)$|(^|\.)horovod\.(\w+\.)*init$|(^|\.)DataParallel$/,
  )[0];
  if (distributed) imply(ledger, 'parallel.strategy', 'ddp', distributed.at);
  const named = distributed?.name === 'MirroredStrategy' ? argumentOf(distributed, 'devices', 0) : undefined;
  if (named?.kind === 'list' && named.store.size > 0)
    imply(ledger, 'hardware.gpus_per_node', named.store.size, named.at);
  const spread = distributed !== undefined;
  const knobs = knobsOf(program);
  for (const get of knobs.declared)
    putKeys(
      ledger,
      configKeys.map((key) => ({ ...key, quiet: true })),
      get,
    );
  const size = fit.keywords.get('batch_size');
  if (spread) put(ledger, 'training.global_batch_size', size, positive, quiet);
  else put(ledger, 'training.per_device_batch_size', size, positive, quiet);
  for (const event of callsOf(program, /\.batch$/))
    put(
      ledger,
      spread ? 'training.global_batch_size' : 'training.per_device_batch_size',
      event.positional[0] ?? event.keywords.get('batch_size'),
      positive,
      quiet,
    );
  if (fit.name !== 'fit')
    for (const get of knobs.named)
      putKeys(
        ledger,
        configKeys
          .filter((key) => !spread || key.fact !== 'training.per_device_batch_size')
          .map((key) => ({ ...key, quiet: true })),
        get,
      );
  readSeed(program, ledger);
  readEpochs(program, ledger);
  readImageSize(program, ledger);
  readCheckpoints(program, ledger);
}

/** The callback that saves: every epoch, or every so many batches, where it writes. */
function readCheckpoints(program: Program, ledger: Ledger): void {
  const quiet = { quiet: true };
  for (const event of callsOf(program, /(^|\.)(ModelCheckpoint|BackupAndRestore)$/)) {
    const each = event.keywords.get('save_freq');
    if (each?.kind === 'number') put(ledger, 'checkpoint.save_steps', each, positive, quiet);
    else if (each?.kind === 'string' && each.value === 'epoch')
      put(ledger, 'checkpoint.save_strategy', each, text, quiet);
    const period = event.keywords.get('period');
    put(ledger, 'checkpoint.save_epochs', period, positive, quiet);
    put(
      ledger,
      'checkpoint.output_dir',
      argumentOf(event, 'filepath', 0) ?? event.keywords.get('backup_dir'),
      text,
      quiet,
    );
  }
}
