import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent, Value } from '../../../evaluate/value.ts';
import { argumentOf, callsOf } from './calls.ts';
import { number, positive } from './forms.ts';
import { isBatchOfAll } from './knobs.ts';
import { type Ledger, put } from './ledger.ts';

/**
 * Loaders of the training data and of the evaluation data. `plainly`: only sizes that reach the loader as they are
 * written somewhere, not those computed on the way.
 */
export function readLoaders(program: Program, ledger: Ledger, plainly: boolean): void {
  const loaders = callsOf(program, /(^|\.)(DataLoader|StatefulDataLoader|MultiEpochsDataLoader)$/);
  const train =
    loaders.find((one) => isShuffled(one) && !isEvaluation(program, one)) ??
    loaders.find((one) => !isEvaluation(program, one)) ??
    loaders[0];
  if (!train) return;
  const quiet = { quiet: true };
  const whole = isDataParallel(program);
  const size = argumentOf(train, 'batch_size', 1);
  if (plainly && (size?.kind !== 'number' || size.derived)) return;
  if (whole) put(ledger, 'training.global_batch_size', size, positive, quiet);
  else put(ledger, 'training.per_device_batch_size', size, positive, quiet);
  put(ledger, 'data.num_workers', argumentOf(train, 'num_workers', 5), number, quiet);
  const other = loaders.find((one) => one !== train && isEvaluation(program, one));
  if (other) put(ledger, 'training.per_device_eval_batch_size', argumentOf(other, 'batch_size', 1), positive, quiet);
}

/** True where one process feeds all devices of a node: its batch is that of the node. */
export function isDataParallel(program: Program): boolean {
  const { text } = program.file;
  if (isBatchOfAll(program)) return true;
  if (!/(^|[^\w])(DataParallel|data_parallel)\(/.test(text)) return false;
  return !/\b(DistributedDataParallel|FullyShardedDataParallel|DistributedSampler|fully_shard)\b/.test(text);
}

function isShuffled(loader: CallEvent): boolean {
  const shuffle = loader.keywords.get('shuffle');
  return shuffle?.kind === 'bool' && shuffle.value;
}

/** True for a loader over validation or test data, by the words of its call. */
function isEvaluation(program: Program, loader: CallEvent): boolean {
  if (loader.at.uri !== program.file.uri) return false;
  const source = program.file.text.slice(loader.list.start, loader.list.end);
  return /\b\w*(eval|valid|val_|_val\b|_dev\b|test)\w*|\b(val|dev)\b/i.test(source.split(',')[0] ?? '');
}

/** Epochs, as the loop over them counts. */
export function readEpochs(program: Program, ledger: Ledger): void {
  const loops = program.loops.filter((loop) => /^(_?epochs?|ep|epoch_\w+|i_epoch|\w+_epoch)$/i.test(loop.variable));
  const loop = loops.find((one) => one.reached && one.loops === 0) ?? loops[0];
  if (!loop) return;
  const [first, second] = loop.bounds;
  if (!second) put(ledger, 'training.epochs', first, positive, { quiet: true });
  else if (isZero(first)) put(ledger, 'training.epochs', second, positive, { quiet: true });
  else if (first?.kind === 'number' && second.kind === 'number') {
    const source = second.also?.at(-1) ?? second.at;
    const value: Value = {
      kind: 'number',
      value: second.value - first.value,
      at: source,
      derived: true,
      also: [second.at],
    };
    put(ledger, 'training.epochs', value, positive, { quiet: true });
  }
}

/**
 * Optimiser steps, as a loop counts that is no loop over epochs: `for step in range(1000)` around a `backward()`.
 * A loop over a loader counts batches and fixes nothing.
 */
export function readSteps(program: Program, ledger: Ledger): void {
  const backward = program.events.filter((event) => event.reached && event.name === 'backward');
  const loop = program.loops.find(
    (one) =>
      one.reached &&
      one.loops === 0 &&
      one.bounds.length > 0 &&
      /^(_|i|it|iter|iteration|i_iter|n_iter|step|i_step|global_step|iter_num|batch_idx)$/.test(one.variable) &&
      backward.some((event) => event.loops === 1 && event.at.uri === one.at.uri && event.at.start > one.at.end),
  );
  if (!loop) return;
  const [first, second] = loop.bounds;
  put(ledger, 'training.max_steps', second ? (isZero(first) ? second : undefined) : first, positive, { quiet: true });
}

function isZero(value: Value | undefined): boolean {
  return value?.kind === 'number' ? value.value === 0 : value?.kind === 'unknown' || value?.kind === 'choice';
}

/** The norm to which gradients are cut. */
export function readClipping(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /(^|\.)(clip_grad_norm_?|clip_gradients|clip_by_global_norm)$/)) {
    const position = event.name === 'clip_by_global_norm' ? 0 : event.name === 'clip_gradients' ? 2 : 1;
    put(
      ledger,
      'training.max_grad_norm',
      argumentOf(event, 'max_norm', position) ?? event.keywords.get('clip_val'),
      number,
      { quiet: true },
    );
  }
}

/** Steps between checkpoints: the divisor of the test around the call that saves. */
export function readSaving(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /^torch\.save$|(^|\.)(save_checkpoint|save_state|save_ckpt|save_model)$/)) {
    if (!event.every || event.loops === 0) continue;
    const epochs = /epoch/i.test(event.counted ?? '');
    put(ledger, epochs ? 'checkpoint.save_epochs' : 'checkpoint.save_steps', event.every, positive, { quiet: true });
  }
}
