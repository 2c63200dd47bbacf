import type { SourceFile } from '../source/source-file.ts';
import { at, type DataMap, type DataNode } from '../syntax/data.ts';
import { accelerator, count, cpus, type Form, gib, words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { keySpan } from './dialects/kubernetes.ts';
import { numberAt, textAt } from './dialects/manifest.ts';
import { putNodeChoice } from './dialects/node-labels.ts';
import { asksForDeviceIn, putContainerResources } from './dialects/pod.ts';
import { namesDevice } from './dialects/relevance.ts';
import { putContainer } from './dialects/serving-container.ts';
import { putEngineOfImage } from './dialects/serving-image.ts';
import { add, newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Values of Helm charts whose containers ask for GPUs, Triton's charts for TensorRT-LLM among them. */
export const reader: Reader = jobReader({
  id: 'helm-values',
  info: { title: 'Helm values with GPUs', files: '`values.yaml` with `nvidia.com/gpu` or `gpuPerNode`' },
  languages: ['yaml'],
  mentions: (text, uri) =>
    (/(?:nvidia|amd)\.com\/gpu|google\.com\/tpu|habana\.ai\/gaudi|^gpu(?:PerNode)?\s*:/m.test(text) ||
      (/values[\w.-]*\.ya?ml$/.test(uri) && /^ *(?:gpus|gpuCount|numGpus|num_gpus|gpusPer\w+) *: *\d/m.test(text))) &&
    !/^(?:apiVersion|servingEngineSpec|services|endpoint_name)\s*:/m.test(text),
  surveys: readValues,
});

/** Keys by which charts count the GPUs of a pod without Kubernetes' own words. */
const deviceCounts = ['gpus', 'gpuCount', 'numGpus', 'num_gpus', 'gpusPerNode', 'gpusPerReplica'] as const;

/** An inference engine under the names that charts give it. */
const engineName: Form<string> = {
  read: (text) => {
    const value = /^trt-?llm$/i.test(text) ? 'tensorrt-llm' : text.toLowerCase();
    return /^(?:vllm|sglang|tgi|triton|tensorrt-llm)$/.test(value)
      ? { value, ...(value === text ? {} : { derived: true }) }
      : undefined;
  },
  spell: (value) => value,
};

function readValues(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  const root = syntax.data(file)[0]?.root;
  if (root?.kind !== 'map') return [];
  if (at(root, 'gpuPerNode')) return [readTensorRt(file, root)];
  return blocksWithDevices(root, '', 0).flatMap(({ block, name }) => {
    const sheet = newSheet(file);
    putBlock(sheet, block, syntax);
    if (block !== root && !at(block, 'rayStartParams')) putScale(sheet, root);
    putNodeChoice(sheet, root);
    if (!namesDevice(sheet) && sheet.open.length === 0) return [];
    const anchor = keySpan(block, 'resources') ?? block.span;
    return [survey(sheet, 'helm-values', name || stemOf(file), 'serving', anchor)];
  });
}

function stemOf(file: SourceFile): string {
  return file.uri.slice(file.uri.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
}

/** Maps whose `resources` ask for devices, outermost first; their names are their keys. */
function blocksWithDevices(node: DataMap, name: string, depth: number): readonly { block: DataMap; name: string }[] {
  const counts = deviceCounts.some((key) => (numberAt(node, key) ?? 0) > 0);
  if (asksForDeviceIn(node) || counts) return [{ block: node, name: textAt(node, 'name') ?? name }];
  if (depth > 4) return [];
  return node.entries.flatMap(({ key, value }) => {
    if (value.kind === 'map') return blocksWithDevices(value, key, depth + 1);
    if (value.kind !== 'list') return [];
    return value.items.flatMap((item) => (item.kind === 'map' ? blocksWithDevices(item, key, depth + 1) : []));
  });
}

function putBlock(sheet: Sheet, block: DataMap, syntax: ReadContext['syntax']): void {
  putContainerResources(sheet, block);
  // A worker group of Ray's chart: its replicas are the nodes of one cluster.
  if (at(block, 'rayStartParams') ?? at(block, 'groupName')) {
    put(sheet, 'hardware.nodes', at(block, 'replicas'), count);
    put(sheet, 'job.min_replicas', at(block, 'minReplicas'), count);
    put(sheet, 'job.max_replicas', at(block, 'maxReplicas'), count);
  } else putScale(sheet, block);
  for (const key of deviceCounts) put(sheet, 'hardware.gpus_per_node', at(block, key), count);
  put(sheet, 'serving.engine', at(block, 'framework') ?? at(block, 'engine'), engineName);
  const image = at(block, 'image');
  put(sheet, 'job.image', image?.kind === 'map' ? (at(image, 'repository') ?? at(image, 'name')) : image, words);
  putNodeChoice(sheet, block);
  putContainer(sheet, syntax, block);
  if (image?.kind === 'map') putContainer(sheet, syntax, image);
  putEngineOfImage(sheet, image?.kind === 'map' ? at(image, 'repository') : image);
}

function putScale(sheet: Sheet, block: DataMap): void {
  put(sheet, 'serving.replicas', at(block, 'replicaCount') ?? at(block, 'replicas'), count);
  const scaling = at(block, 'autoscaling');
  if (!scaling || textAt(scaling, 'enabled') === 'false' || textAt(scaling, 'enable') === 'false') return;
  put(sheet, 'serving.min_replicas', at(scaling, 'minReplicas') ?? at(scaling, 'replicas', 'minimum'), count);
  put(sheet, 'serving.max_replicas', at(scaling, 'maxReplicas') ?? at(scaling, 'replicas', 'maximum'), count);
}

/** Triton's multi-node chart: the model is cut over as many nodes as its parallel ranks need. */
function readTensorRt(file: SourceFile, root: DataMap): Survey {
  const sheet = newSheet(file);
  put(sheet, 'hardware.accelerator', at(root, 'gpu'), accelerator('label'));
  put(sheet, 'hardware.gpus_per_node', at(root, 'gpuPerNode'), count);
  const parallelism = at(root, 'tensorrtLLM', 'parallelism') ?? at(root, 'parallelism');
  put(sheet, 'parallel.tp', at(parallelism, 'tensor'), count);
  put(sheet, 'parallel.pp', at(parallelism, 'pipeline'), count);
  const service = at(root, 'triton');
  put(sheet, 'job.image', at(service, 'image', 'name'), words);
  put(sheet, 'resources.cpu_request', at(service, 'resources', 'cpu'), cpus);
  put(sheet, 'resources.memory_request_gib', at(service, 'resources', 'memory'), gib());
  putScale(sheet, root);
  putNodes(sheet, root, parallelism);
  const anchor = keySpan(root, 'gpuPerNode') ?? root.span;
  return survey(sheet, 'helm-values', stemOf(file), 'serving', anchor);
}

function putNodes(sheet: Sheet, root: DataMap, parallelism: DataNode | undefined): void {
  const perNode = numberAt(root, 'gpuPerNode');
  const pipeline = at(parallelism, 'pipeline');
  const ranks = (numberAt(parallelism, 'tensor') ?? 1) * (numberAt(pipeline) ?? 1);
  const place = pipeline ?? at(parallelism, 'tensor');
  if (place && perNode && ranks % perNode === 0) add(sheet, 'hardware.nodes', ranks / perNode, place.span, true);
}
