import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent } from '../../../evaluate/value.ts';
import { callsOf } from './calls.ts';
import { configKeys } from './config-names.ts';
import { optimizer, positive, precision } from './forms.ts';
import { putKeys } from './keywords.ts';
import { knobsOf } from './knobs.ts';
import { imply, type Ledger, put } from './ledger.ts';
import { readOptimizer } from './optimizer-section.ts';
import { readSeed } from './runtime-section.ts';
import { readLibraryNames } from './vision-section.ts';

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

/** What `compile` and `fit` state, and the strategy around them. */
export function readKeras(program: Program, ledger: Ledger, fit: CallEvent): void {
  const quiet = { quiet: true };
  put(ledger, 'training.epochs', fit.keywords.get('epochs'), positive, quiet);
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
  readSeed(program, ledger);
}
