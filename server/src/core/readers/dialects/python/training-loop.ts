import type { Program } from '../../../evaluate/python.ts';
import type { Value } from '../../../evaluate/value.ts';
import { callsOf, makes } from './calls.ts';
import { configKeys, constructorKeys, declaredKeys, shapeKeys } from './config-names.ts';
import { readDataset, readDeclaredData, readTokenizer } from './data-section.ts';
import { putKeys } from './keywords.ts';
import { knobsOf } from './knobs.ts';
import { isTold, type Ledger, put } from './ledger.ts';
import { readAccelerator, readLightning } from './lightning-section.ts';
import { isDataParallel, readClipping, readEpochs, readLoaders, readSaving, readSteps } from './loop-section.ts';
import { putModelName, readModel } from './model-section.ts';
import { readModules } from './modules-section.ts';
import { readOptimizer, readScheduler } from './optimizer-section.ts';
import { readAutocast, readParallelism } from './parallel-section.ts';
import { readPeft } from './peft-section.ts';
import { readPreemption } from './preemption-section.ts';
import { readResources } from './resource-section.ts';
import { readRuntime, readSeed } from './runtime-section.ts';
import { readSweep } from './sweep-section.ts';
import { otherTrainers } from './trainers.ts';
import { readImageSize, readLibraryNames, readVisionKnobs } from './vision-section.ts';
import { readWorkflow } from './workflow-section.ts';

const quietly = (keys: typeof configKeys): typeof configKeys => keys.map((key) => ({ ...key, quiet: true }));
const quietKeys = quietly(configKeys);
const quietKeysOfWhole = quietKeys.filter((key) => key.fact !== 'training.per_device_batch_size');
const quietShape = quietly(shapeKeys);
const quietDeclared = quietly(declaredKeys);
const quietConstructor = quietly(constructorKeys);
const quietLength = quietKeys.filter((key) => key.fact === 'data.seq_len');

const optimizerMade =
  /(optim|Adam|SGD|Adafactor|Adadelta|Adagrad|RMSprop|Lion|optimizer|^optax\.|deepspeed\.initialize)/i;

/** True for a program that makes an optimiser on its way, and loads data or steps through a loss: a training loop. */
export function isTrainingLoop(program: Program): boolean {
  const own = program.events.filter((event) => event.reached);
  const optimizer = own.some(
    (event) =>
      optimizerMade.test(event.path) &&
      !/zero_grad|step|checkpoint|load|save|print|lr_scheduler|\.(parameters|param_groups|train|eval|state_dict)$/i.test(
        event.path,
      ),
  );
  const steps =
    /\bbackward\(|value_and_grad|jax\.grad|GradientTape/.test(program.file.text) ||
    own.some((event) => event.name === 'backward');
  return optimizer && (steps || own.some((event) => /DataLoader$/.test(event.name)));
}

/** True for a program that trains by whichever way. */
export function isAnyTrainer(program: Program): boolean {
  return makes(program, otherTrainers).length > 0 || isTrainingLoop(program);
}

/** Everything that a hand-written training loop states: by its objects, then by the names of its knobs. */
export function readTrainingLoop(program: Program, ledger: Ledger): void {
  const knobs = knobsOf(program);
  readFunctionArguments(program, ledger);
  readSpecialBatch(program, ledger);
  const whole = isDataParallel(program);
  const keys = whole ? quietKeysOfWhole : quietKeys;
  const keysBesideName = keys.filter((key) => key.fact !== 'model.name');
  readParallelism(program, ledger);
  readLoaders(program, ledger, true);
  for (const get of knobs.declared) {
    const model =
      get('pretrained_model_name_or_path') ??
      get('model_name_or_path') ??
      get('base_model') ??
      get('model_name') ??
      get('model_id');
    putKeys(ledger, keysBesideName, get);
    putKeys(ledger, quietDeclared, get);
    if (model?.kind === 'string') putModelName(ledger, model);
  }
  readDeclaredData(program, ledger);
  const dataset = knobs.named.map((get) => get('dataset_name')).find((one) => one?.kind === 'string');
  if (dataset)
    put(ledger, 'data.dataset', dataset, {
      read: (value) => (value.kind === 'string' ? { value: value.value } : undefined),
      spell: (to) => `"${to}"`,
    });
  readAccelerator(program, ledger);
  readFabric(program, ledger);
  readLoaders(program, ledger, false);
  readEpochs(program, ledger);
  readSteps(program, ledger);
  readOptimizer(program, ledger);
  readScheduler(program, ledger);
  readClipping(program, ledger);
  readAutocast(program, ledger);
  readModel(program, ledger);
  readPeft(program, ledger);
  readDataset(program, ledger);
  readTokenizer(program, ledger);
  readLibraryNames(program, ledger);
  readSeed(program, ledger);
  readSaving(program, ledger);
  readPreemption(program, ledger);
  for (const get of knobs.named) putKeys(ledger, keys, get);
  readRuntime(program, ledger);
  readSweep(program, ledger);
  readResources(program, ledger);
  readWorkflow(program, ledger);
  const built = constructors(program);
  for (const get of [...knobs.declared, ...knobs.named, ...built]) putKeys(ledger, quietShape, get);
  for (const get of built) {
    putKeys(ledger, quietLength, get);
    putKeys(ledger, quietConstructor, get);
  }
  readVisionKnobs(program, ledger, knobs.declared);
  readImageSize(program, ledger);
  readModules(program, ledger);
}

/** Arguments that a job hands to the function it trains with: they hold over the function's own defaults. */
function readFunctionArguments(program: Program, ledger: Ledger): void {
  for (const event of callsOf(
    program,
    /(^|\.)(CustomTrainer|TorchTrainer|TensorflowTrainer|JaxTrainer)$|Client\.(create_job|train)$/,
  )) {
    const given =
      event.keywords.get('func_args') ?? event.keywords.get('train_loop_config') ?? event.keywords.get('parameters');
    if (given?.kind === 'dict') putKeys(ledger, quietKeys, (name) => given.store.get(name));
  }
}

/** Keywords with which datasets and models are built. */
function constructors(program: Program): readonly ((name: string) => Value | undefined)[] {
  return program.events
    .filter(
      (event) =>
        event.reached &&
        /^(?=[A-Z])\w*(Dataset|DataModule|Data|Model|Args|Config|Transformer|GPT|LM)$/.test(event.name),
    )
    .map((event) => (name: string) => event.keywords.get(name));
}

function readFabric(program: Program, ledger: Ledger): void {
  const fabric = callsOf(program, /(^|\.)Fabric$/)[0];
  if (fabric) readLightning(program, ledger, fabric);
}

/** Single-letter names of batch and length, as minimal GPT trainers use them together, and a batch counted in tokens. */
function readSpecialBatch(program: Program, ledger: Ledger): void {
  const get = (name: string): Value | undefined => program.globals.get(name);
  const [batch, length, total] = [get('B'), get('T'), get('total_batch_size') ?? get('batch_size')];
  const plain = (value: Value): { readonly value: number } | undefined =>
    value.kind === 'number' ? { value: value.value } : undefined;
  const form = { read: plain, spell: (to: number) => String(to) };
  if (batch?.kind === 'number' && length?.kind === 'number') {
    put(ledger, 'training.per_device_batch_size', batch, form);
    put(ledger, 'data.seq_len', length, form);
    if (
      total?.kind === 'number' &&
      total.value >= length.value * batch.value &&
      !isTold(ledger, 'training.global_batch_tokens')
    )
      put(ledger, 'training.global_batch_tokens', total, form);
  }
}
