import { at, type DataNode } from '../syntax/data.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { count, gib } from './dialects/form.ts';
import { kubernetesReader, putTotals, resourcesAnchor } from './dialects/kubernetes.ts';
import { itemsAt, type Manifest, textAt } from './dialects/manifest.ts';
import { putDatasetUri, putModelUri } from './dialects/model-uri.ts';
import { asksForDevice, podOf, putPod } from './dialects/pod.ts';
import { putContainer } from './dialects/serving-container.ts';
import { put, type Sheet } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Training runtimes of Kubeflow Trainer: the template of the jobs that refer to them. */
export const reader: Reader = kubernetesReader({
  id: 'training-runtime',
  info: { title: 'Kubeflow TrainingRuntime', files: '`kind: ClusterTrainingRuntime`, `kind: TrainingRuntime`' },
  kinds: ['ClusterTrainingRuntime', 'TrainingRuntime'],
  group: /trainer\.kubeflow\.org\//,
  role: 'job',
  fill(sheet, manifest, { syntax }, all) {
    // A job beside it that refers to it speaks for both.
    const used = all.some((one) => one.kind === 'TrainJob' && textAt(one.spec, 'runtimeRef', 'name') === manifest.name);
    if (used) return undefined;
    putRuntime(sheet, manifest, syntax);
    return resourcesAnchor(manifest, leadingPod(manifest).main);
  },
});

/** The pods that train. */
function leadingPod(manifest: Manifest): ReturnType<typeof podOf> {
  const jobs = itemsAt(manifest.spec, 'template', 'spec', 'replicatedJobs');
  const leading =
    jobs.find((job) => asksForDevice(podIn(job))) ??
    jobs.find((job) => /^(?:node|trainer|launcher)/.test(textAt(job, 'name') ?? '')) ??
    jobs[0];
  return podIn(leading);
}

/** Puts what a runtime gives to the jobs that refer to it. */
export function putRuntime(sheet: Sheet, manifest: Manifest, syntax: Syntax): void {
  const policy = at(manifest.spec, 'mlPolicy');
  const inner = at(manifest.spec, 'template', 'spec');
  put(sheet, 'hardware.nodes', at(policy, 'numNodes'), count);
  for (const kind of ['torch', 'mpi', 'jax', 'flux']) {
    put(sheet, 'hardware.processes_per_node', at(policy, kind, 'numProcPerNode'), count);
  }
  for (const job of itemsAt(inner, 'replicatedJobs')) putInitializer(sheet, job);
  const pod = leadingPod(manifest);
  putPod(sheet, pod);
  for (const policy of itemsAt(inner, 'volumeClaimPolicies')) {
    for (const template of itemsAt(policy, 'templates')) {
      put(sheet, 'resources.disk_gb', at(template, 'spec', 'resources', 'requests', 'storage'), gib());
    }
  }
  putContainer(sheet, syntax, pod.main);
  putTotals(sheet);
}

function podIn(job: DataNode | undefined): ReturnType<typeof podOf> {
  return podOf(at(job, 'template', 'spec', 'template'));
}

/** Initialisers bring the dataset and the model; what they bring stands in their environment. */
function putInitializer(sheet: Sheet, job: DataNode): void {
  const name = textAt(job, 'name') ?? '';
  const kind = /^(dataset|model)-initializer/.exec(name)?.[1];
  if (!kind) return;
  for (const variable of itemsAt(podIn(job).main, 'env')) {
    if (textAt(variable, 'name') !== 'STORAGE_URI') continue;
    if (kind === 'dataset') putDatasetUri(sheet, at(variable, 'value'));
    else putModelUri(sheet, at(variable, 'value'));
  }
}
