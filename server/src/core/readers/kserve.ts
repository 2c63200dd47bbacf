import { at, type DataNode } from '../syntax/data.ts';
import { count, flag, without, words } from './dialects/form.ts';
import { keySpan, kubernetesReader, resourcesAnchor } from './dialects/kubernetes.ts';
import { itemsAt, type Manifest, textAt } from './dialects/manifest.ts';
import { putModelUri } from './dialects/model-uri.ts';
import { putNodeChoice } from './dialects/node-labels.ts';
import { podOf, putContainerResources, putPod } from './dialects/pod.ts';
import { namesDevice } from './dialects/relevance.ts';
import { putContainer, putEngineArguments } from './dialects/serving-container.ts';
import { put, type Sheet } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** KServe: inference services, their runtimes, and services of language models. */
export const reader: Reader = kubernetesReader({
  id: 'kserve',
  info: { title: 'KServe InferenceService, LLMInferenceService', files: '`apiVersion: serving.kserve.io/...`' },
  kinds: [
    'InferenceService',
    'LLMInferenceService',
    'LLMInferenceServiceConfig',
    'ServingRuntime',
    'ClusterServingRuntime',
  ],
  group: /serving\.kserve\.io\//,
  role: 'serving',
  fill(sheet, manifest, context) {
    if (manifest.kind === 'InferenceService') return fillPredictor(sheet, manifest, context);
    return manifest.kind.startsWith('LLM')
      ? fillLanguageModel(sheet, manifest, context)
      : fillRuntime(sheet, manifest, context);
  },
});

type Filled = ReturnType<Parameters<typeof kubernetesReader>[0]['fill']>;

function fillPredictor(sheet: Sheet, manifest: Manifest, { syntax }: ReadContext): Filled {
  const predictor = at(manifest.spec, 'predictor');
  put(sheet, 'serving.min_replicas', at(predictor, 'minReplicas'), count);
  put(sheet, 'serving.max_replicas', at(predictor, 'maxReplicas'), count);
  if (/^concurrency$/.test(textAt(predictor, 'scaleMetric') ?? 'concurrency')) {
    put(sheet, 'serving.target_concurrency', at(predictor, 'scaleTarget'), count);
  }
  for (const annotations of [at(manifest.root, 'metadata', 'annotations'), at(predictor, 'annotations')]) {
    put(sheet, 'serving.target_concurrency', at(annotations, 'autoscaling.knative.dev/target'), count);
    put(sheet, 'serving.min_replicas', at(annotations, 'autoscaling.knative.dev/min-scale'), count);
    put(sheet, 'serving.max_replicas', at(annotations, 'autoscaling.knative.dev/max-scale'), count);
  }
  const model = frameworkOf(predictor);
  const pod = podOf(predictor);
  if (model) {
    putModelUri(sheet, at(model, 'storageUri') ?? at(model, 'storage', 'path'));
    put(sheet, 'job.runtime', at(model, 'runtime'), words);
    put(sheet, 'serving.runtime_version', at(model, 'runtimeVersion'), words);
    putContainerResources(sheet, model);
    putNodeChoice(sheet, predictor);
    putContainer(sheet, syntax, model);
    if (servesLanguage(predictor, model)) putEngineArguments(sheet, syntax, model, 'vllm');
  }
  if (pod.main) {
    putPod(sheet, pod);
    putContainer(sheet, syntax, pod.main);
  }
  const workers = at(predictor, 'workerSpec');
  put(sheet, 'parallel.tp', at(workers, 'tensorParallelSize'), count);
  put(sheet, 'parallel.pp', at(workers, 'pipelineParallelSize'), count);
  return resourcesAnchor(manifest, model ?? pod.main);
}

/** True for the runtimes that hand their arguments to a language model's engine. */
function servesLanguage(predictor: DataNode | undefined, model: DataNode): boolean {
  const named = [textAt(model, 'modelFormat', 'name'), textAt(model, 'runtime')];
  return at(predictor, 'huggingface') === model || named.some((name) => /hugging-?face|vllm/i.test(name ?? ''));
}

/** The model of a predictor: `model`, or a framework's own key of the older form. */
function frameworkOf(predictor: DataNode | undefined): DataNode | undefined {
  const older = ['huggingface', 'pytorch', 'triton', 'tensorflow', 'onnx', 'sklearn', 'xgboost', 'lightgbm', 'pmml'];
  return [...['model'], ...older].map((key) => at(predictor, key)).find((node) => node !== undefined);
}

function fillLanguageModel(sheet: Sheet, manifest: Manifest, { syntax }: ReadContext): Filled {
  const { spec } = manifest;
  const name = at(spec, 'model', 'name');
  // The served name is the model's own where it reads like a hub id; otherwise the URI tells more.
  if (String(textAt(name) ?? '').includes('/')) put(sheet, 'model.name', name, without(/^hf:\/\//));
  putModelUri(sheet, at(spec, 'model', 'uri'));
  put(sheet, 'serving.replicas', at(spec, 'replicas'), count);
  const parallelism = at(spec, 'parallelism');
  put(sheet, 'parallel.tp', at(parallelism, 'tensor'), count);
  put(sheet, 'parallel.pp', at(parallelism, 'pipeline'), count);
  put(sheet, 'parallel.dp', at(parallelism, 'data'), count);
  put(sheet, 'serving.expert_parallel', at(parallelism, 'expert'), flag);
  const pod = podOf(at(spec, 'template'));
  putPod(sheet, pod);
  putContainer(sheet, syntax, pod.main);
  return keySpan(pod.main, 'resources') ?? keySpan(spec, 'model') ?? resourcesAnchor(manifest, pod.main);
}

/** A runtime is a template for services; without devices of its own it says nothing of cost. */
function fillRuntime(sheet: Sheet, manifest: Manifest, { syntax }: ReadContext): Filled {
  const main = itemsAt(manifest.spec, 'containers')[0];
  putPod(sheet, podOf(manifest.spec));
  putContainer(sheet, syntax, main);
  return namesDevice(sheet) ? resourcesAnchor(manifest, main) : undefined;
}
