import { countModule, isOpenSize } from '../../../evaluate/python/modules/count.ts';
import { asModule, isModule } from '../../../evaluate/python/modules/kinds.ts';
import { moduleIn, rootsOf } from '../../../evaluate/python/modules/roots.ts';
import { repeatedBlock } from '../../../evaluate/python/modules/shape.ts';
import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent, ObjectValue, Value } from '../../../evaluate/value.ts';
import type { Span } from '../../../source/span.ts';
import { argumentOf } from './calls.ts';
import { precision } from './forms.ts';
import { imply, isTold, type Ledger, leaveOpen, put } from './ledger.ts';

/**
 * Modules that a program builds and trains: how many parameters they have, how many of them are trained, and the repeated block
 * of a transformer. What cannot be counted is left open with its reason, unless the program loads the model by name.
 */
export function readModules(program: Program, ledger: Ledger): void {
  const models = trainedModels(program);
  readModuleDtype(program, ledger);
  const [first] = models;
  if (!first || isNamed(ledger)) return;
  let parameters = 0;
  let trained: number | undefined = 0;
  for (const model of models) {
    const size = countModule(model);
    if (isOpenSize(size)) {
      leaveOpen(ledger, 'model.num_params', `A part of ${nameOf(model)} ${size.reason}.`, size.at);
      return;
    }
    parameters += size.parameters;
    trained = trained === undefined || typeof size.trained !== 'number' ? undefined : trained + size.trained;
    if (typeof size.trained !== 'number')
      leaveOpen(
        ledger,
        'model.trainable_params',
        `A part of ${nameOf(model)} ${size.trained.reason}.`,
        size.trained.at,
      );
  }
  if (parameters === 0) return;
  const at = placeOf(first, program);
  imply(ledger, 'model.num_params', parameters, at);
  if (trained !== undefined && trained !== parameters && trained > 0)
    imply(ledger, 'model.trainable_params', trained, at);
  if (models.length === 1) readBlock(first, ledger, at);
}

function isNamed(ledger: Ledger): boolean {
  return ['model.name', 'model.path', 'model.num_params'].some((name) => isTold(ledger, name as 'model.name'));
}

/** The dimensions of a model that is a stack of equal blocks with attention. */
function readBlock(model: ObjectValue, ledger: Ledger, at: Span): void {
  const block = repeatedBlock(model);
  if (!block) return;
  imply(ledger, 'model.num_layers', block.layers, block.at ?? at);
  imply(ledger, 'model.hidden_size', block.hidden, block.at ?? at);
  if (block.inner !== undefined) imply(ledger, 'model.ffn_hidden_size', block.inner, block.at ?? at);
  if (block.heads !== undefined) imply(ledger, 'model.num_heads', block.heads, block.at ?? at);
  if (block.vocabulary !== undefined) imply(ledger, 'model.vocab_size', block.vocabulary, block.at ?? at);
}

/** Where the model is made: its call in this file. */
function placeOf(model: ObjectValue, program: Program): Span {
  return model.call?.at ?? (model.at.uri === program.file.uri ? model.at : { uri: program.file.uri, start: 0, end: 0 });
}

function nameOf(model: ObjectValue): string {
  return model.class?.name ?? 'the model';
}

const optimizers =
  /(^|\.)(optim\.\w+|\w*(Adam|SGD|Adagrad|Adadelta|RMSprop|Lion|Adafactor|LAMB|Lamb|Muon|Rprop|LBFGS)\w*|create_optimizer\w*|configure_optimizers|deepspeed\.initialize)$/;
/** Calls that can name what is trained. */
const trains =
  /optim|Adam|SGD|Adagrad|Adadelta|RMSprop|Lion|Adafactor|LAMB|Lamb|Muon|Rprop|LBFGS|parameters|fit|Trainer|^initialize$/i;
const fits = /\.(fit|Trainer)$/;

/** The whole modules that an optimiser or a trainer is given, each once. */
function trainedModels(program: Program): readonly ObjectValue[] {
  const reached = oncePerPlace(program.events.filter((event) => event.reached && trains.test(event.name)));
  const roots = rootsOf(program);
  const given = new Set<ObjectValue>();
  const take = (value: Value | undefined) => {
    for (const module of moduleIn(value)) {
      const root = roots.find((one) => one.parts.has(module.fields));
      given.add(root?.module ?? module);
    }
  };
  for (const event of reached) {
    if (optimizers.test(event.path)) {
      for (const value of [...event.positional, ...event.keywords.values()]) take(value);
      if (event.name === 'configure_optimizers') take(event.receiver);
    } else if (fits.test(event.path)) take(argumentOf(event, 'model', 0));
  }
  if (given.size === 0) for (const event of reached) if (isParameterCall(event)) take(event.receiver);
  const distinct = new Map([...given].map((one) => [one.fields, one]));
  return [...distinct.values()];
}

/** A function that is followed more than once makes its model anew each time: the first counts. */
function oncePerPlace(events: readonly CallEvent[]): readonly CallEvent[] {
  const seen = new Set<string>();
  return events.filter(({ at }) => {
    const place = `${at.uri}:${at.start}`;
    return seen.has(place) ? false : seen.add(place);
  });
}

function isParameterCall(event: CallEvent): boolean {
  return (event.name === 'parameters' || event.name === 'named_parameters') && isModule(event.receiver);
}

/** `model.half()`, `.bfloat16()`, `.to(torch.bfloat16)` of a module or a loaded model. */
function readModuleDtype(program: Program, ledger: Ledger): void {
  for (const event of program.events) {
    if (!event.reached || event.uncertain || !isModel(event.receiver)) continue;
    if (event.name === 'half' || event.name === 'bfloat16')
      imply(ledger, 'model.dtype', event.name === 'half' ? 'fp16' : 'bf16', event.at);
    if (event.name !== 'to') continue;
    const value = [event.keywords.get('dtype'), ...event.positional].find(
      (one) => one?.kind === 'reference' && /^torch\.(bfloat16|float16|half|float32|float)$/.test(one.path),
    );
    if (value) put(ledger, 'model.dtype', value, precision, { quiet: true });
  }
}

function isModel(value: Value | undefined): boolean {
  return (
    asModule(value) !== undefined ||
    (value?.kind === 'object' && /(Model\w*|LM|Transformer\w*|UNet\w*)\.from_(pretrained|config)$/.test(value.path))
  );
}
