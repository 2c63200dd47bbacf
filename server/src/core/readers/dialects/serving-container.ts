import { type ShellWord, sliceWord } from '../../evaluate/shell-word.ts';
import { at, type DataNode } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import { containerEnvironment, type Environment, listCommands } from './embedded-command.ts';
import { count, type Form, precision, words } from './form.ts';
import { textAt } from './manifest.ts';
import { putContainerCommand, putEngineFlags } from './put-command.ts';
import { putWord } from './put-word.ts';
import { engineOfImage, putEngineOfImage } from './serving-image.ts';
import { has, type Sheet } from './sheet.ts';

/**
 * Puts what a container of a manifest runs. Where it only has arguments, its image's entry point takes them: those of
 * an inference server are read as that server's. Processes of a launcher are GPUs only where the pod asks for GPUs.
 */
export function putContainer(sheet: Sheet, syntax: Syntax, container: DataNode | undefined): void {
  const knownGpus = has(sheet, 'hardware.gpus_per_node');
  putContainerCommand(sheet, syntax, container);
  if (!knownGpus) asProcesses(sheet);
  const image = textAt(container, 'image') ?? textAt(container, 'image', 'repository') ?? '';
  const environment = containerEnvironment(container);
  const engine = engineOfImage(image);
  if (engine !== undefined && !at(container, 'command')) {
    const commands = listCommands(syntax, [at(container, 'args')], environment);
    putEngineFlags(sheet, commands, engine);
    putEngineEnvironment(sheet, environment);
  }
  if (/maxengine|jetstream/i.test(image)) putJetStream(sheet, syntax, container);
  putEngineOfImage(sheet, at(container, 'image'));
}

/** Renames the devices that only a launcher's processes told. */
function asProcesses(sheet: Sheet): void {
  const index = sheet.facts.findIndex((fact) => fact.name === 'hardware.gpus_per_node');
  const found = sheet.facts[index];
  if (!found || has(sheet, 'hardware.processes_per_node')) return;
  sheet.facts[index] = { ...found, name: 'hardware.processes_per_node' };
  const writer = sheet.writers.get('hardware.gpus_per_node');
  sheet.writers.delete('hardware.gpus_per_node');
  if (writer) sheet.writers.set('hardware.processes_per_node', writer);
}

const size: Form<number> = {
  read: (text) => {
    const formed = count.read(text);
    return formed && formed.value > 0 ? formed : undefined;
  },
  spell: count.spell,
};

/** Names under which the images of inference servers take their settings from the environment. */
function putEngineEnvironment(sheet: Sheet, environment: Environment): void {
  const word = (...names: readonly string[]) => names.map((name) => environment.get(name)).find((one) => one);
  const model = word('MODEL_ID', 'HF_MODEL_ID', 'MODEL_NAME');
  if (model && /^[\w.-]+\/[\w.-]+$/.test(model.text)) putWord(sheet, 'model.name', model, words);
  const shards = word('NUM_SHARD', 'SM_NUM_GPUS');
  if (shards) putWord(sheet, 'parallel.tp', shards, size);
  const length = word('MAX_TOTAL_TOKENS', 'MAX_MODEL_LEN');
  if (length) putWord(sheet, 'serving.max_model_len', length, size);
  const dtype = word('DTYPE');
  if (dtype) putWord(sheet, 'serving.dtype', dtype, precision);
  const quantization = word('QUANTIZE');
  if (quantization) putWord(sheet, 'quantization.method', quantization, words);
}

/** Arguments of JetStream's MaxText engine are `key=value` words. */
function putJetStream(sheet: Sheet, syntax: Syntax, container: DataNode | undefined): void {
  const [command] = listCommands(syntax, [at(container, 'command'), at(container, 'args')]);
  for (const word of command?.words ?? []) {
    const equals = word.text.indexOf('=');
    if (equals > 0) jetStream.get(word.text.slice(0, equals).replace(/^-+/, ''))?.(sheet, sliceWord(word, equals + 1));
  }
}

type PutWord = (sheet: Sheet, word: ShellWord) => void;

const jetStream: ReadonlyMap<string, PutWord> = new Map<string, PutWord>([
  ['model_name', (sheet, word) => void putWord(sheet, 'model.name', word, words)],
  ['per_device_batch_size', (sheet, word) => void putWord(sheet, 'serving.max_batch_size', word, size)],
  ['max_target_length', (sheet, word) => void putWord(sheet, 'serving.max_model_len', word, size)],
  ['weight_dtype', (sheet, word) => void putWord(sheet, 'serving.dtype', word, precision)],
  ['ici_tensor_parallelism', (sheet, word) => void putWord(sheet, 'parallel.tp', word, size)],
]);
