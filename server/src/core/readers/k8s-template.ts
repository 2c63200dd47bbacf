import { at, type DataMap, type DataNode } from '../syntax/data.ts';
import { count, words } from './dialects/form.ts';
import { putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { keySpan, putQueue, putTotals } from './dialects/kubernetes.ts';
import { entriesAt, itemsAt, type Manifest, manifestsOf, textAt } from './dialects/manifest.ts';
import { asksForDevice, asksForDeviceIn, podOf, putPod } from './dialects/pod.ts';
import { putContainer } from './dialects/serving-container.ts';
import { has, newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Kinds that have a reader of their own, and those that only describe or watch others. */
const elsewhere = new Set(
  (
    'Deployment StatefulSet ReplicaSet DaemonSet Job CronJob Pod JobSet TrainJob TrainingRuntime ClusterTrainingRuntime ' +
    'PyTorchJob TFJob MPIJob XGBoostJob PaddleJob JAXJob ElasticJob LeaderWorkerSet InferenceService LLMInferenceService ' +
    'LLMInferenceServiceConfig ServingRuntime ClusterServingRuntime RayCluster RayJob RayService NodePool Provisioner ' +
    'Workspace InferenceSet CustomResourceDefinition ConfigMap Secret Workload PodGroup'
  ).split(' '),
);

/** A pod template inside an object, with the maps around it, innermost first. */
interface Template {
  readonly pod: DataMap;
  readonly around: readonly DataMap[];
}

/** Objects of other operators (Kaito, AIBrix, Dynamo, Argo and the like): each pod template in them that asks for devices. */
export const reader: Reader = jobReader({
  id: 'k8s-template',
  info: { title: 'Pod templates of other operators', files: 'Kubernetes objects whose pods ask for GPUs' },
  languages: ['yaml', 'json'],
  mentions: (text) =>
    text.includes('apiVersion') && /(?:nvidia|amd)\.com\/gpu|google\.com\/tpu|neuron|habana\.ai\/gaudi/.test(text),
  surveys: (file, { syntax }: ReadContext) =>
    manifestsOf(file, syntax).flatMap((manifest) => {
      if (elsewhere.has(manifest.kind)) return [];
      return templatesIn(manifest.root).map((template, index) => {
        const sheet = newSheet(file);
        return fill(sheet, manifest, template, index, syntax);
      });
    }),
});

function fill(
  sheet: Sheet,
  manifest: Manifest,
  { pod: spec, around }: Template,
  index: number,
  syntax: ReadContext['syntax'],
): Survey {
  put(sheet, 'job.name', manifest.nameNode, words);
  putQueue(sheet, at(manifest.root, 'metadata'));
  const pod = podOf(spec);
  for (const map of around) {
    put(sheet, 'serving.replicas', at(map, 'replicas'), count);
    putInstanceType(sheet, at(map, 'instanceType') ?? at(map, 'resource', 'instanceType'));
  }
  put(sheet, 'hardware.nodes', at(manifest.root, 'resource', 'count'), count);
  putPod(sheet, pod);
  putContainer(sheet, syntax, pod.main);
  putTotals(sheet);
  const serves = has(sheet, 'serving.engine') || has(sheet, 'serving.replicas');
  const role = textAt(
    around.find((map) => textAt(map, 'name')),
    'name',
  );
  const name = index === 0 ? manifest.name : `${manifest.name} ${role ?? `(${index + 1})`}`;
  const anchor = keySpan(pod.main, 'resources') ?? spec.span;
  return survey(sheet, 'k8s-template', name, serves ? 'serving' : 'job', anchor);
}

/** The pod specs in an object that ask for devices, outermost first; what lies inside a pod is its own. */
function templatesIn(root: DataMap): readonly Template[] {
  const found: Template[] = [];
  const walk = (node: DataNode, around: readonly DataMap[], depth: number): void => {
    if (depth > 14) return;
    if (node.kind === 'list') for (const item of node.items) walk(item, around, depth + 1);
    if (node.kind !== 'map') return;
    const containers = itemsAt(node, 'containers');
    if (containers.some(asksForDeviceIn) && asksForDevice(podOf(node))) {
      found.push({ pod: node, around });
      return;
    }
    for (const { value } of entriesAt(node)) walk(value, [node, ...around], depth + 1);
  };
  walk(root, [], 0);
  return found;
}
