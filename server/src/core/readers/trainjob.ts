import { at } from '../syntax/data.ts';
import { count, words } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { keySpan, kubernetesReader, putTotals, resourcesAnchor } from './dialects/kubernetes.ts';
import { itemsAt, textAt } from './dialects/manifest.ts';
import { putDatasetUri, putModelUri } from './dialects/model-uri.ts';
import { putNodeChoice } from './dialects/node-labels.ts';
import { putContainerResources } from './dialects/pod.ts';
import { putContainer } from './dialects/serving-container.ts';
import { put } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';
import { putRuntime } from './training-runtime.ts';

/** TrainJobs of Kubeflow Trainer: the trainer's own settings; the runtime that they refer to has the rest. */
export const reader: Reader = kubernetesReader({
  id: 'trainjob',
  info: { title: 'Kubeflow TrainJob', files: '`kind: TrainJob`' },
  kinds: ['TrainJob'],
  group: /trainer\.kubeflow\.org\//,
  role: 'job',
  fill(sheet, manifest, { syntax }, all) {
    const { spec } = manifest;
    const trainer = at(spec, 'trainer');
    put(sheet, 'job.runtime', at(spec, 'runtimeRef', 'name'), words);
    put(sheet, 'hardware.nodes', at(trainer, 'numNodes'), count);
    put(sheet, 'hardware.processes_per_node', at(trainer, 'numProcPerNode'), count);
    put(sheet, 'job.image', at(trainer, 'image'), words);
    putContainerResources(sheet, trainer, 'resourcesPerNode');
    for (const override of itemsAt(spec, 'podTemplateOverrides')) putNodeChoice(sheet, at(override, 'spec'));
    putDatasetUri(sheet, at(spec, 'initializer', 'dataset', 'storageUri'));
    putModelUri(sheet, at(spec, 'initializer', 'model', 'storageUri'));
    putContainer(sheet, syntax, trainer);
    allow(sheet, 'hardware.nodes', trainer, 'numNodes', String);
    const name = textAt(spec, 'runtimeRef', 'name');
    const runtime = all.find((one) => /TrainingRuntime$/.test(one.kind) && one.name === name);
    if (runtime) putRuntime(sheet, runtime, syntax);
    putTotals(sheet);
    return keySpan(trainer, 'resourcesPerNode') ?? keySpan(spec, 'trainer') ?? resourcesAnchor(manifest, undefined);
  },
});
