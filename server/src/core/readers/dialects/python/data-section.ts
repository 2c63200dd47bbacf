import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent, Value } from '../../../evaluate/value.ts';
import { itemsOf } from '../../../evaluate/value.ts';
import { argumentOf, callsOf } from './calls.ts';
import { number, positive, text } from './forms.ts';
import { knobsOf } from './knobs.ts';
import { type Ledger, put, settle } from './ledger.ts';

const builders = new Set([
  'json',
  'csv',
  'text',
  'parquet',
  'arrow',
  'imagefolder',
  'audiofolder',
  'webdataset',
  'pandas',
  'xml',
]);

/** The dataset that the program loads from a hub or from files. */
export function readDataset(program: Program, ledger: Ledger): void {
  const loads = callsOf(program, /(^|\.)(load_dataset|load_from_disk|MsDataset\.load)$/);
  const named = loads.filter((event) => isText(nameOf(event)));
  const load = named.find((event) => !heldOut.test(textAt(event, 'split'))) ?? named[0] ?? loads[0];
  if (load) {
    put(ledger, 'data.dataset', nameOf(load), text);
    const path = argumentOf(load, 'path', 0);
    if (path?.kind !== 'string' || !builders.has(path.value)) {
      put(ledger, 'data.config', argumentOf(load, 'name', 1) ?? argumentOf(load, 'subset_name'), text, { quiet: true });
      put(ledger, 'data.split', argumentOf(load, 'split'), text, { quiet: true });
    }
  }
  // Which of several splits is the one that is trained on, the program decides.
  const [split, ...more] = callsOf(program, /(^|[.?])train_test_split$/);
  const share =
    split && more.length === 0 && split.reached && !split.uncertain ? split.keywords.get('test_size') : undefined;
  const settled = share && settle(share);
  if (settled?.kind === 'number' && settled.value > 0 && settled.value < 1)
    put(ledger, 'data.val_fraction', share, number, { quiet: true });
}

/** Splits that a program loads to measure itself by. */
const heldOut = /^(?:test|val|dev|eval)/i;

/** The text of an argument; empty where there is none or where the program works it out. */
function textAt(event: CallEvent, keyword: string): string {
  const value = argumentOf(event, keyword);
  const settled = value && settle(value);
  return settled?.kind === 'string' ? settled.value : '';
}

function isText(value: Value | undefined): boolean {
  return value !== undefined && settle(value).kind === 'string';
}

function nameOf(load: CallEvent): Value | undefined {
  const path = argumentOf(load, 'path', 0) ?? argumentOf(load, 'dataset_path');
  if (path?.kind !== 'string' || !builders.has(path.value)) return path;
  const files = argumentOf(load, 'data_files') ?? argumentOf(load, 'data_dir', 2);
  const train = files?.kind === 'dict' ? (files.store.get('train') ?? [...files.store.values()][0]) : files;
  return train?.kind === 'list' ? itemsOf(train)[0] : train;
}

/** Sequence length as the tokenizer is told to cut, where no argument of the trainer states it. */
export function readTokenizer(program: Program, ledger: Ledger): void {
  for (const event of callsOf(
    program,
    /(Tokenizer\w*\.from_pretrained|\?|Processor\.from_pretrained|tokenizer\w*)\(\)$|^\?$|\.(encode_plus|batch_encode_plus|__call__)$/,
  )) {
    const length = event.keywords.get('max_length');
    if (length && (event.keywords.has('truncation') || event.keywords.has('padding')))
      put(ledger, event.keywords.has('text_target') ? 'data.target_len' : 'data.seq_len', length, positive, {
        quiet: true,
      });
  }
  for (const event of callsOf(program, /Tokenizer\w*\.from_pretrained$/)) {
    put(ledger, 'data.seq_len', event.keywords.get('model_max_length'), positive, { quiet: true });
  }
}

/** The dataset and lengths that the program's own configuration declares. */
export function readDeclaredData(program: Program, ledger: Ledger): void {
  for (const get of knobsOf(program).declared) {
    for (const name of ['dataset_name', 'dataset_id', 'dataset']) {
      const value = get(name);
      if (value?.kind === 'string') put(ledger, 'data.dataset', value, text, { quiet: true });
    }
    const path = get('data_path') ?? get('dataset_path');
    const first = path?.kind === 'list' ? itemsOf(path)[0] : path;
    if (first?.kind === 'string' && /^[\w-]+\/[\w.-]+$/.test(first.value) && !/\.\w{2,5}$|^data\//.test(first.value))
      put(ledger, 'data.dataset', first, text, { quiet: true });
    const [source, target] = [get('source_max_len'), get('target_max_len')];
    if (source?.kind === 'number' && target?.kind === 'number') {
      const total: Value = {
        kind: 'number',
        value: source.value + target.value,
        at: source.at,
        derived: true,
        also: [target.at],
      };
      put(ledger, 'data.seq_len', total, positive);
    }
  }
}
