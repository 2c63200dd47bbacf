import type { FactName, FactValues } from '../../facts/vocabulary.ts';
import { at, type DataNode, type DataScalar } from '../../syntax/data.ts';
import { amount, count, type Form, flag, precision, words } from './form.ts';
import { entriesAt, scalarOf, textAt } from './manifest.ts';
import { fillScript, type Script, scriptOf } from './script.ts';
import { add, has, put, type Sheet } from './sheet.ts';
import { sliceScalar, textIn } from './slice.ts';

/** Inputs by name; only plain values can be filled into a command. */
export type Inputs = ReadonlyMap<string, DataNode>;

/** An expression that is nothing but an input of the pipeline around a job. */
const parentInput = /^\$\{\{\s*parent\.inputs\.(\w+)\s*\}\}$/;

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
      const passed = found ? parentInput.exec(textIn(found))?.[1] : undefined;
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
  [/^per_device_eval_batch_size$|^validation_batch_size$/, as('training.per_device_eval_batch_size', count)],
  [/^gradient_accumulation_steps?$/, as('training.gradient_accumulation_steps', count)],
  [/^learning_rate$/, as('optimizer.lr', amount)],
  [/^max_seq_length$/, as('data.seq_len', count)],
  [/^lora_r$/, as('lora.r', count)],
  [/^lora_alpha$/, as('lora.alpha', count)],
  [/^lora_dropout$/, as('lora.dropout', amount)],
  [/^precision$/, as('training.precision', bits)],
  [/^number_of_workers$/, as('data.num_workers', count)],
  [/^random_seed$/, as('training.seed', count)],
  [/^weight_decay$/, as('optimizer.weight_decay', amount)],
  [/^warmup_steps$/, as('optimizer.warmup_steps', count)],
  [/^max_grad_norm$/, as('training.max_grad_norm', amount)],
  [/^save_strategy$/, as('checkpoint.save_strategy', words)],
  [/^save_steps$/, as('checkpoint.save_steps', count)],
  [/^save_total_limit$/, as('checkpoint.save_total_limit', count)],
  [/^evaluation_strategy$/, as('eval.strategy', words)],
  [/^evaluation_steps$/, as('eval.steps', count)],
  [/^(?:huggingface_id|model_name)$/, as('model.name', words)],
  [/^compute_finetune$/, as('infra.compute', words)],
  [/^(?:mlflow|pytorch)_model(?:_path)?$/, putRegistryModel],
  [/^apply_lora$/, (sheet, node) => putSwitch(sheet, node, 'peft.method', 'lora')],
  [/^apply_deepspeed$/, (sheet, node) => putSwitch(sheet, node, 'parallel.strategy', 'deepspeed')],
];

/** Inputs that only what trains has. */
const tunes = /^num_train_epochs$|^number_of_epochs$|finetun|^per_device_train_batch_size$|^training_batch_size$/;

/**
 * Puts what a fine-tuning pipeline says: its own inputs, then what it gives its component itself; nothing where they train
 * nothing. An input that the pipeline passes on stands at the pipeline's, under whichever name.
 */
export function putFineTuning(sheet: Sheet, levels: readonly Inputs[]): void {
  for (const inputs of levels) {
    if (![...inputs.keys()].some((key) => tunes.test(key))) continue;
    for (const [key, node] of inputs) {
      const passed = passedOn(node);
      const given = passed === undefined ? node : levels[0]?.get(passed);
      if (given) rows.find(([pattern]) => pattern.test(key))?.[1](sheet, given);
    }
  }
}

/** The input of the pipeline that a value passes on; the empty name for any other expression. */
function passedOn(node: DataNode): string | undefined {
  const scalar = scalarOf(node);
  const text = scalar && textIn(scalar);
  if (text === undefined || !text.includes('${{')) return undefined;
  return parentInput.exec(text)?.[1] ?? '';
}

function putSwitch(sheet: Sheet, node: DataNode, name: 'peft.method' | 'parallel.strategy', value: string): void {
  const text = textAt(node);
  if (text !== undefined && !has(sheet, name) && flag.read(text)?.value === true)
    add(sheet, name, value, node.span, true);
}

/** A model of a registry by the name inside its URI. */
function putRegistryModel(sheet: Sheet, node: DataNode): void {
  const scalar = scalarOf(at(node, 'path')) ?? scalarOf(node);
  const found = scalar ? /models\/([^/]+)\//.exec(textIn(scalar)) : null;
  if (!scalar || !found?.[1] || has(sheet, 'model.name')) return;
  const start = found.index + 'models/'.length;
  const name = sliceScalar(scalar, start, start + found[1].length);
  add(sheet, 'model.name', found[1], name.span, true);
}
