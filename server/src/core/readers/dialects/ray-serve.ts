import type { SourceFile } from '../../source/source-file.ts';
import { outerSpan } from '../../source/text-map.ts';
import { at, type DataNode, type DataScalar } from '../../syntax/data.ts';
import { readYaml } from '../../syntax/yaml.ts';
import { mapEnvironment } from './embedded-command.ts';
import { accelerator, amount, count, flag, precision, words } from './form.ts';
import { itemsAt } from './manifest.ts';
import { putEngineEnvironment } from './serving-container.ts';
import { put, type Sheet } from './sheet.ts';

/** The root of a YAML text that stands in a scalar, its nodes placed in the outer document. */
export function embeddedYaml(scalar: DataScalar): DataNode | undefined {
  if (typeof scalar.value !== 'string') return undefined;
  const inner: SourceFile = { uri: scalar.span.uri, languageId: 'yaml', version: 0, text: scalar.value };
  return outward(readYaml(inner)[0]?.root, scalar);
}

/** Moves a node of an embedded text to its place in the document around it. */
function outward(node: DataNode | undefined, scalar: DataScalar): DataNode | undefined {
  if (!node) return undefined;
  const span = outerSpan(scalar.map, node.span.start, node.span.end);
  if (node.kind === 'scalar') {
    const pieces = node.map.pieces.map((piece) => ({
      ...piece,
      outer: outerSpan(scalar.map, piece.outer, piece.outer).start,
    }));
    return { ...node, span, map: { uri: span.uri, pieces } };
  }
  if (node.kind === 'list') {
    return { ...node, span, items: node.items.flatMap((item) => outward(item, scalar) ?? []) };
  }
  const entries = node.entries.flatMap((entry) => {
    const value = outward(entry.value, scalar);
    const keySpan = outerSpan(scalar.map, entry.keySpan.start, entry.keySpan.end);
    return value ? [{ ...entry, keySpan, value }] : [];
  });
  return { ...node, span, entries };
}

/** Puts what a Ray Serve config says of its first language model: the engine's arguments and the autoscaler's bounds. */
export function putRayServe(sheet: Sheet, config: DataNode | undefined): void {
  const root = config?.kind === 'scalar' ? embeddedYaml(config) : config;
  for (const application of itemsAt(root, 'applications')) {
    const arguments_ = at(application, 'args');
    const model = itemsAt(arguments_, 'llm_configs')[0];
    if (model) {
      putModel(sheet, model);
      putBounds(sheet, at(model, 'deployment_config'));
    }
    for (const deployment of itemsAt(application, 'deployments')) {
      put(sheet, 'serving.replicas', at(deployment, 'num_replicas'), count);
      putBounds(sheet, deployment);
    }
    putEngineEnvironment(sheet, mapEnvironment(at(application, 'runtime_env', 'env_vars')));
    if (model) return;
  }
}

function putModel(sheet: Sheet, model: DataNode): void {
  const loading = at(model, 'model_loading_config');
  put(sheet, 'model.name', at(loading, 'model_source') ?? at(loading, 'model_id'), words);
  const engine = at(model, 'engine_kwargs');
  put(sheet, 'serving.dtype', at(engine, 'dtype'), precision);
  put(sheet, 'serving.max_model_len', at(engine, 'max_model_len'), count);
  put(sheet, 'serving.max_num_seqs', at(engine, 'max_num_seqs'), count);
  put(sheet, 'serving.gpu_memory_utilization', at(engine, 'gpu_memory_utilization'), amount);
  put(sheet, 'parallel.tp', at(engine, 'tensor_parallel_size'), count);
  put(sheet, 'parallel.pp', at(engine, 'pipeline_parallel_size'), count);
  put(sheet, 'parallel.dp', at(engine, 'data_parallel_size'), count);
  put(sheet, 'serving.prefix_caching', at(engine, 'enable_prefix_caching'), flag);
  put(sheet, 'serving.expert_parallel', at(engine, 'enable_expert_parallel'), flag);
  put(sheet, 'quantization.method', at(engine, 'quantization'), words);
  put(sheet, 'serving.max_loras', at(model, 'lora_config', 'max_num_adapters_per_replica'), count);
  put(sheet, 'hardware.accelerator', at(model, 'accelerator_type'), accelerator('short'));
}

function putBounds(sheet: Sheet, deployment: DataNode | undefined): void {
  const scaling = at(deployment, 'autoscaling_config');
  put(sheet, 'serving.min_replicas', at(scaling, 'min_replicas'), count);
  put(sheet, 'serving.max_replicas', at(scaling, 'max_replicas'), count);
  const target = at(scaling, 'target_ongoing_requests') ?? at(scaling, 'target_num_ongoing_requests_per_replica');
  put(sheet, 'serving.target_concurrency', target, count);
  put(sheet, 'serving.replicas', at(deployment, 'num_replicas'), count);
}
