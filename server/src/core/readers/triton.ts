import type { SourceFile } from '../source/source-file.ts';
import { at, type DataMap, type DataNode, entryOf } from '../syntax/data.ts';
import { count, type Form, words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { textAt } from './dialects/manifest.ts';
import { toPrecision } from './dialects/normalize.ts';
import { add, newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Model configurations of Triton Inference Server. */
export const reader: Reader = jobReader({
  id: 'triton',
  info: { title: 'Triton model configuration', files: '`config.pbtxt`' },
  languages: ['pbtxt'],
  mentions: (text) => /\b(?:backend|platform|max_batch_size|instance_group)\s*[:[{]/.test(text),
  surveys: readConfig,
});

function readConfig(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  const root = syntax.data(file)[0]?.root;
  if (root?.kind !== 'map' || !(at(root, 'backend') ?? at(root, 'platform') ?? at(root, 'max_batch_size'))) return [];
  const sheet = newSheet(file);
  put(sheet, 'job.name', at(root, 'name'), words);
  put(sheet, 'serving.backend', at(root, 'backend') ?? at(root, 'platform'), words);
  put(sheet, 'serving.max_batch_size', at(root, 'max_batch_size'), count);
  put(sheet, 'serving.input_dtype', at(first(root, 'input'), 'data_type'), tensorType);
  putInstances(sheet, first(root, 'instance_group'));
  const batching = entryOf(root, 'dynamic_batching');
  if (batching) add(sheet, 'serving.dynamic_batching', true, batching.keySpan);
  putAccelerator(sheet, root);
  putParameters(sheet, root);
  const anchor = entryOf(root, 'instance_group')?.keySpan ?? entryOf(root, 'max_batch_size')?.keySpan ?? root.span;
  return [survey(sheet, 'triton', textAt(root, 'name') ?? folderOf(file), 'serving', anchor)];
}

/** The model's folder: Triton names a model so where its configuration does not. */
function folderOf(file: SourceFile): string {
  return file.uri.split('/').at(-2) ?? 'model';
}

/** The first of a repeated message, written in brackets or not. */
function first(node: DataNode | undefined, key: string): DataNode | undefined {
  const found = node?.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
  return found?.kind === 'list' ? found.items[0] : found;
}

/** Tensor types of the protocol (`TYPE_FP32`); integers keep their own names. */
const tensorType: Form<string> = {
  read: (text) => {
    const word = text.replace(/^TYPE_/, '').toLowerCase();
    return { value: toPrecision(word) ?? word };
  },
  spell: (value) => `TYPE_${value.toUpperCase()}`,
};

function putInstances(sheet: Sheet, group: DataNode | undefined): void {
  put(sheet, 'serving.instances', at(group, 'count'), count);
  const kind = at(group, 'kind');
  const named = textAt(kind)
    ?.replace(/^KIND_/, '')
    .toLowerCase();
  if (kind && (named === 'gpu' || named === 'cpu')) add(sheet, 'hardware.accelerator_class', named, kind.span, true);
}

/** The execution accelerator with its precision, under `optimization`. */
function putAccelerator(sheet: Sheet, root: DataMap): void {
  const accelerators = first(first(root, 'optimization'), 'execution_accelerators');
  const plugin = first(accelerators, 'gpu_execution_accelerator') ?? first(accelerators, 'cpu_execution_accelerator');
  put(sheet, 'serving.accelerator_plugin', at(plugin, 'name'), words);
  if (plugin?.kind !== 'map') return;
  for (const { key, value } of plugin.entries) {
    if (key !== 'parameters') continue;
    for (const one of value.kind === 'list' ? value.items : [value]) {
      if (textAt(one, 'key') === 'precision_mode') put(sheet, 'serving.dtype', at(one, 'value'), tensorType);
    }
  }
}

/** Parameters of the TensorRT-LLM and vLLM backends. */
function putParameters(sheet: Sheet, root: DataMap): void {
  for (const { key, value } of root.entries) {
    if (key !== 'parameters') continue;
    for (const one of value.kind === 'list' ? value.items : [value]) {
      const text = at(one, 'value', 'string_value') ?? at(one, 'value');
      const name = textAt(one, 'key');
      if (name === 'tensor_parallel_size') put(sheet, 'parallel.tp', text, count);
      if (name === 'max_num_sequences') put(sheet, 'serving.max_num_seqs', text, count);
      if (name === 'kv_cache_free_gpu_mem_fraction') put(sheet, 'serving.gpu_memory_utilization', text, fraction);
    }
  }
}

const fraction: Form<number> = {
  read: (text) => (Number(text) > 0 && Number(text) <= 1 ? { value: Number(text) } : undefined),
  spell: (value) => String(value),
};
