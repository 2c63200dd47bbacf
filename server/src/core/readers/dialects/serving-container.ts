import { type ShellWord, sliceWord } from '../../evaluate/shell-word.ts';
import { at, type DataNode } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import { containerEnvironment, type Environment, listCommands } from './embedded-command.ts';
import { readOptions } from './flag.ts';
import { amount, count, type Form, precision, words } from './form.ts';
import { itemsAt, textAt } from './manifest.ts';
import { putContainerCommand, putEngineFlags, putProgramFlags } from './put-command.ts';
import { putModelWord } from './put-training.ts';
import { putWord } from './put-word.ts';
import { commandsOf, scriptOf } from './script.ts';
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
  if (engine !== undefined && !at(container, 'command')) putEngineArguments(sheet, syntax, container, engine);
  putMoreArguments(sheet, syntax, container, engine);
  if (engine !== undefined) putEngineEnvironment(sheet, environment);
  if (/maxengine|jetstream/i.test(image)) putJetStream(sheet, syntax, container);
  putEngineOfImage(sheet, at(container, 'image'));
}

/** Puts the arguments of a container whose image starts an inference server by itself. */
export function putEngineArguments(
  sheet: Sheet,
  syntax: Syntax,
  container: DataNode | undefined,
  engine: string,
): void {
  putEngineFlags(sheet, listCommands(syntax, [at(container, 'args')], containerEnvironment(container)), engine);
}

/** Variables that hold further arguments of an inference server (`VLLM_ADDITIONAL_ARGS`). */
const moreArguments = /^(?:VLLM|SGLANG|SGL|TGI|LLM|ENGINE|SERVER|MODEL_SERVER)_(?:\w+_)?ARGS$/;

function putMoreArguments(sheet: Sheet, syntax: Syntax, container: DataNode | undefined, engine = 'vllm'): void {
  for (const item of itemsAt(container, 'env')) {
    if (!moreArguments.test(textAt(item, 'name') ?? '')) continue;
    putEngineFlags(sheet, commandsOf(syntax, scriptOf(at(item, 'value'))), engine);
  }
}

/**
 * Puts the arguments that a job's container hands to its image's own entry point. Only for containers that are known
 * to compute: a web server has workers and batches too.
 */
export function putImageArguments(sheet: Sheet, syntax: Syntax, container: DataNode | undefined): void {
  if (at(container, 'command') || engineOfImage(textAt(container, 'image') ?? '') !== undefined) return;
  const [command] = listCommands(syntax, [at(container, 'args')], containerEnvironment(container));
  if (command?.words[0]?.text.startsWith('--')) putProgramFlags(sheet, readOptions(command.words).flags);
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
export function putEngineEnvironment(sheet: Sheet, environment: Environment): void {
  const word = (...names: readonly string[]) => names.map((name) => environment.get(name)).find((one) => one);
  const model = word('MODEL_ID', 'HF_MODEL_ID', 'MODEL_NAME', 'MODEL', 'MODEL_PATH');
  if (model && /^[\w.-]+\/[\w.-]+$|^\/\w/.test(model.text)) putModelWord(sheet, model);
  const shards = word('NUM_SHARD', 'SM_NUM_GPUS', 'TENSOR_PARALLEL_SIZE', 'TENSOR_PARALLELISM', 'TP_SIZE');
  if (shards) putWord(sheet, 'parallel.tp', shards, size);
  const stages = word('PIPELINE_PARALLEL_SIZE', 'PIPELINE_PARALLELISM', 'PP_SIZE');
  if (stages) putWord(sheet, 'parallel.pp', stages, size);
  const length = word('MAX_TOTAL_TOKENS', 'MAX_MODEL_LEN');
  if (length) putWord(sheet, 'serving.max_model_len', length, size);
  const sequences = word('MAX_NUM_SEQS', 'MAX_CONCURRENT_REQUESTS');
  if (sequences) putWord(sheet, 'serving.max_num_seqs', sequences, size);
  const share = word('GPU_MEMORY_UTILIZATION');
  if (share) putWord(sheet, 'serving.gpu_memory_utilization', share, amount);
  const dtype = word('DTYPE');
  if (dtype) putWord(sheet, 'serving.dtype', dtype, precision);
  const quantization = word('QUANTIZE');
  if (quantization) putWord(sheet, 'quantization.method', quantization, words);
}

/** Arguments of JetStream's engines are `key=value` words. */
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
  ['size', (sheet, word) => void putWord(sheet, 'model.size', word, words)],
  ['batch_size', (sheet, word) => void putWord(sheet, 'serving.max_batch_size', word, size)],
  ['max_cache_length', (sheet, word) => void putWord(sheet, 'serving.max_model_len', word, size)],
  ['per_device_batch_size', (sheet, word) => void putWord(sheet, 'serving.max_batch_size', word, size)],
  ['max_target_length', (sheet, word) => void putWord(sheet, 'serving.max_model_len', word, size)],
  ['weight_dtype', (sheet, word) => void putWord(sheet, 'serving.dtype', word, precision)],
  ['ici_tensor_parallelism', (sheet, word) => void putWord(sheet, 'parallel.tp', word, size)],
]);
