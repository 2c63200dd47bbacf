import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent } from '../../../evaluate/value.ts';
import { argumentOf } from './calls.ts';
import { readDataset, readDeclaredData, readTokenizer } from './data-section.ts';
import { keysOf, putKeys, settingOf } from './keywords.ts';
import { imply, type Ledger } from './ledger.ts';
import { readModel } from './model-section.ts';
import { readPeft } from './peft-section.ts';
import { readPreemption } from './preemption-section.ts';
import type { Found } from './reading.ts';
import { readResources } from './resource-section.ts';
import { readRuntime, readSeed } from './runtime-section.ts';
import { readSweep } from './sweep-section.ts';
import { readTrainer, trainingArguments } from './transformers-section.ts';

const generationKeys = keysOf([['generation_max_length', 'data.target_len', 'positive']]);

/** A program built on Transformers' trainer: its arguments, model, adapters, data and switches. */
export function readTransformers(program: Program, ledger: Ledger, trainer: CallEvent): Found {
  const references = readTrainer(program, ledger, trainer);
  readModel(program, ledger, argumentOf(trainer, 'model', 0));
  readPeft(program, ledger);
  readDeclaredData(program, ledger);
  readDataset(program, ledger);
  readTexts(ledger, trainer);
  readTokenizer(program, ledger);
  readRuntime(program, ledger);
  readPreemption(program, ledger);
  readSweep(program, ledger);
  readSeed(program, ledger);
  readResources(program, ledger);
  const args = trainingArguments(program, trainer);
  // What is generated at an evaluation bounds what is written, where no tokenizer is told.
  putKeys(ledger, generationKeys, (keyword) => settingOf(args, keyword));
  const anchor = args?.kind === 'object' && args.call?.at.uri === program.file.uri ? args.call.at : trainer.at;
  return { ledger, anchor, references };
}

/** Texts that embedding losses compare in one sample: an anchor and what is like it, with one that is not where the data say so. */
function readTexts(ledger: Ledger, trainer: CallEvent): void {
  if (!/(^|\.)(SentenceTransformer|SparseEncoder)Trainer$/.test(trainer.path)) return;
  const config = ledger.entries.get('data.config')?.fact.value;
  imply(ledger, 'data.texts_per_sample', /triplet/.test(String(config)) ? 3 : 2, trainer.at);
}
