import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, truthOf, type Value } from '../../../evaluate/value.ts';
import { argumentOf, callsOf } from './calls.ts';
import { flag, positive } from './forms.ts';
import { imply, type Ledger, leaveOpen, put, settle } from './ledger.ts';

/** What a program does when it is told to end, and how it goes on after: signals, resuming, its place in the data. */
export function readPreemption(program: Program, ledger: Ledger): void {
  readHandlers(program, ledger);
  readResume(program, ledger);
  for (const event of callsOf(program, /(^|\.)(async_save|AsyncCheckpointIO|AsyncCheckpointer)$/)) {
    if (event.reached) imply(ledger, 'checkpoint.async', true, event.at);
  }
  for (const event of callsOf(program, /(^|\.)(MegatronStrategy|CheckpointManagerOptions|CheckpointerCallback)$/)) {
    if (!event.reached) continue;
    for (const name of behindNames) put(ledger, 'checkpoint.async', event.keywords.get(name), flag, { quiet: true });
    put(ledger, 'checkpoint.save_steps', event.keywords.get('save_interval_steps'), positive, { quiet: true });
    put(ledger, 'checkpoint.save_total_limit', event.keywords.get('max_to_keep'), positive, { quiet: true });
  }
  for (const event of callsOf(program, /(^|\.)(skip_first_batches|StatefulDataLoader|StatefulDistributedSampler)$/)) {
    if (event.reached) imply(ledger, 'checkpoint.restores_data', true, event.at);
  }
}

/** Arguments by which NeMo's strategy, Orbax and OLMo-core are told to write behind the work. */
const behindNames = ['ckpt_async_save', 'enable_async_checkpointing', 'save_async'] as const;

/** Calls that write a save. */
const saves =
  /^torch\.save$|(^|\.)(save_checkpoint|save_state|save_ckpt|save_pretrained|save_model|async_save|dcp\.save|distributed\.checkpoint\.save)$/;

/** Handlers of signals: one that saves, or that only marks the end where the program saves elsewhere. */
function readHandlers(program: Program, ledger: Ledger): void {
  const names = callsOf(program, /^signal\.signal$/).flatMap((event) => {
    const [signal, handler] = event.positional;
    const name = signal?.kind === 'reference' ? /^signal\.(SIG[A-Z0-9]+)$/.exec(signal.path)?.[1] : undefined;
    const own =
      handler?.kind === 'function' && (savesItself(program, handler.at.start) || callsOf(program, saves).length > 0);
    return name !== undefined && own && event.reached ? [{ name, at: event.at }] : [];
  });
  const [first] = names;
  if (first) imply(ledger, 'checkpoint.on_signal', [...new Set(names.map(({ name }) => name))].join(','), first.at);
}

/** True where the text of the function that stands there speaks of saving. */
function savesItself({ file }: Program, start: number): boolean {
  const [body = ''] = file.text.slice(start).split(/\n(?=\S)/);
  return /save/i.test(body);
}

/** Whether a run goes on from its latest save: by its trainer's argument, or by loading the states of its optimizer. */
function readResume(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /(^|\.)train$/))
    putResume(ledger, event, event.keywords.get('resume_from_checkpoint'));
  for (const event of callsOf(program, /(^|\.)fit$/)) putResume(ledger, event, event.keywords.get('ckpt_path'));
  for (const event of callsOf(program, /(^|\.)load_checkpoint$/)) {
    const tag = argumentOf(event, 'tag', 1);
    if (event.reached && (!tag || tag.kind === 'none')) imply(ledger, 'checkpoint.resume', true, event.at);
    else if (event.reached && tag?.kind === 'string') imply(ledger, 'checkpoint.resume_from', tag.value, tag.at);
  }
  const loaded = callsOf(program, /(^|\.)load_state_dict$|(^|\.)load_state$/).find(
    ({ reached, at, list, name }) =>
      reached &&
      at.uri === program.file.uri &&
      (name === 'load_state' || /optim/i.test(program.file.text.slice(at.start, list.start))),
  );
  if (loaded) imply(ledger, 'checkpoint.resume', true, loaded.at);
}

/** `True`, the latest by its usual names, or what finds the latest; a path of its own is one fixed save. */
function putResume(ledger: Ledger, event: CallEvent, given: Value | undefined): void {
  if (!given || !event.reached || given.kind === 'none') return;
  const value = settle(given);
  if (truthOf(value) === true && value.kind === 'bool') imply(ledger, 'checkpoint.resume', true, value.at);
  else if (value.kind === 'string' && value.value !== '') {
    if (/^(last|hpc|latest|auto|best)$|(^|\/)last(\.ckpt)?$|(^|\/)latest$/.test(value.value))
      imply(ledger, 'checkpoint.resume', true, value.at);
    else imply(ledger, 'checkpoint.resume_from', value.value, value.at);
  } else if (findsLatest(given)) imply(ledger, 'checkpoint.resume', true, value.at);
  else if (value.kind === 'bool') imply(ledger, 'checkpoint.resume', false, value.at);
  else leaveOpen(ledger, 'checkpoint.resume', 'What the program finds when it starts decides this.', value.at);
}

/** True for what a function that looks for the latest save answers, or nothing where there is none. */
function findsLatest(value: Value): boolean {
  if (value.kind === 'choice') return value.options.some(findsLatest);
  return value.kind === 'object' && /(last|latest)_(checkpoint|ckpt)$/.test(value.path);
}

/** Training arguments that say it: a save on SIGTERM, and whether seen batches are passed over. */
export function readTrainerPreemption(ledger: Ledger, get: (keyword: string) => Value | undefined): void {
  const told = get('enable_jit_checkpoint');
  if (told && truthOf(told) === true) imply(ledger, 'checkpoint.on_signal', 'SIGTERM', told.at);
  const skip = get('ignore_data_skip');
  const known = skip && truthOf(skip);
  if (skip && known !== undefined) imply(ledger, 'checkpoint.restores_data', !known, skip.at);
}
