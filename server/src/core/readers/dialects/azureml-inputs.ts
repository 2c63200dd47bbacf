import type { FactName, FactValues } from '../../facts/vocabulary.ts';
import { at, type DataNode, type DataScalar } from '../../syntax/data.ts';
import { amount, count, type Form, flag, precision } from './form.ts';
import { entriesAt, scalarOf, textAt } from './manifest.ts';
import { fillScript, type Script, scriptOf } from './script.ts';
import { add, put, type Sheet } from './sheet.ts';
import { sliceScalar, textIn } from './slice.ts';

/** Inputs by name; only plain values can be filled into a command. */
export type Inputs = ReadonlyMap<string, DataNode>;

/** The inputs of a job. */
export function inputsOf(job: DataNode | undefined): Inputs {
  return new Map(entriesAt(job, 'inputs').map(({ key, value }) => [key, value]));
}

/** The command of a job with its inputs filled in, the job's own before those of the pipeline around it. */
export function azureCommand(
  command: DataNode | undefined,
  levels: readonly Inputs[],
  searched?: DataNode,
): Script | undefined {
  const script = scriptOf(command);
  if (!script) return undefined;
  const lookUp = (name: string): DataScalar | undefined => {
    const key = /^(?:parent\.)?(?:inputs|search_space)\.(\w+)$/.exec(name)?.[1];
    if (key === undefined || (searched && at(searched, key))) return undefined;
    for (const inputs of levels) {
      const found = plainInput(inputs.get(key));
      const passed = found ? /^\$\{\{\s*parent\.inputs\.(\w+)\s*\}\}$/.exec(textIn(found))?.[1] : undefined;
      if (passed !== undefined) return plainInput(levels.at(-1)?.get(passed));
      if (found) return found;
    }
    return undefined;
  };
  const folded = { ...script, text: script.text.trimEnd() };
  return fillScript(folded, /\$\[\[.*?\]\]|\$\{\{\s*([\w.]+)\s*\}\}/g, lookUp);
}

/** The scalar of an input: itself, or its `default`. */
function plainInput(node: DataNode | undefined): DataScalar | undefined {
  const scalar = scalarOf(node) ?? scalarOf(at(node, 'default'));
  return scalar && scalar.value !== null ? scalar : undefined;
}

type Row = readonly [key: RegExp, put: (sheet: Sheet, node: DataNode) => void];

const as =
  <N extends FactName>(name: N, form: Form<FactValues[N]>) =>
  (sheet: Sheet, node: DataNode) => {
    put(sheet, name, node, form);
  };

const bits: Form<string> = {
  read: (text) => (text === '16' || text === '32' ? { value: `fp${text}`, derived: true } : precision.read(text)),
  spell: (value, old) => (/^\d+$/.test(old) ? value.replace(/^fp(?=16$|32$)/, '') : value),
};

/** Inputs of the catalogue's fine-tuning pipelines. */
const rows: readonly Row[] = [
  [/^number_of_gpu_to_use_finetuning$|^process_count_per_instance$/, as('hardware.gpus_per_node', count)],
  [/^instance_count$|^num_nodes_finetune$/, as('hardware.nodes', count)],
  [/^num_train_epochs$|^number_of_epochs$/, as('training.epochs', count)],
  [/^max_steps$/, as('training.max_steps', count)],
  [/^per_device_train_batch_size$|^training_batch_size$/, as('training.per_device_batch_size', count)],
  [/^per_device_eval_batch_size$/, as('training.per_device_eval_batch_size', count)],
  [/^gradient_accumulation_steps?$/, as('training.gradient_accumulation_steps', count)],
  [/^learning_rate$/, as('optimizer.lr', amount)],
  [/^max_seq_length$/, as('data.seq_len', count)],
  [/^lora_r$/, as('lora.r', count)],
  [/^lora_alpha$/, as('lora.alpha', count)],
  [/^lora_dropout$/, as('lora.dropout', amount)],
  [/^precision$/, as('training.precision', bits)],
  [/^huggingface_id$/, as('model.name', { read: (text) => ({ value: text }), spell: (value) => value })],
  [/^compute_finetune$/, as('infra.compute', { read: (text) => ({ value: text }), spell: (value) => value })],
  [/^(?:mlflow|pytorch)_model_path$/, putRegistryModel],
  [/^apply_lora$/, (sheet, node) => putSwitch(sheet, node, 'peft.method', 'lora')],
  [/^apply_deepspeed$/, (sheet, node) => putSwitch(sheet, node, 'parallel.strategy', 'deepspeed')],
];

/** Puts what the inputs of a fine-tuning pipeline say; nothing where they train nothing. */
export function putFineTuning(sheet: Sheet, inputs: Inputs): void {
  if (![...inputs.keys()].some((key) => /^num_train_epochs$|finetun|^per_device_train_batch_size$/.test(key))) return;
  for (const [key, node] of inputs) rows.find(([pattern]) => pattern.test(key))?.[1](sheet, node);
}

function putSwitch(sheet: Sheet, node: DataNode, name: 'peft.method' | 'parallel.strategy', value: string): void {
  const text = textAt(node);
  if (text !== undefined && flag.read(text)?.value === true) add(sheet, name, value, node.span, true);
}

/** A model of a registry by the name inside its URI. */
function putRegistryModel(sheet: Sheet, node: DataNode): void {
  const scalar = scalarOf(at(node, 'path')) ?? scalarOf(node);
  const found = scalar ? /models\/([^/]+)\//.exec(textIn(scalar)) : null;
  if (!scalar || !found?.[1]) return;
  const start = found.index + 'models/'.length;
  const name = sliceScalar(scalar, start, start + found[1].length);
  add(sheet, 'model.name', found[1], name.span, true);
}
