import { at, type DataNode } from '../syntax/data.ts';
import { count, hours } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { kubernetesReader, putQueue, putTotals, resourcesAnchor } from './dialects/kubernetes.ts';
import { asksForDevice, podOf, putPod } from './dialects/pod.ts';
import { statesWork } from './dialects/relevance.ts';
import { putContainer, putImageArguments } from './dialects/serving-container.ts';
import { has, put } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Kubernetes Jobs, CronJobs and bare Pods that ask for devices, wait in a job queue or start a training program. */
export const reader: Reader = kubernetesReader({
  id: 'k8s-job',
  info: { title: 'Kubernetes Job, CronJob, Pod', files: '`kind: Job` with GPU or TPU requests' },
  kinds: ['Job', 'CronJob', 'Pod'],
  group: /^(?:batch\/|v1$)/,
  role: 'job',
  fill(sheet, manifest, { syntax }) {
    const spec = jobSpec(manifest.kind, manifest.spec);
    const pod = podOf(manifest.kind === 'Pod' ? spec : at(spec, 'template'));
    put(sheet, 'hardware.nodes', at(spec, 'parallelism'), count);
    put(sheet, 'job.backoff_limit', at(spec, 'backoffLimit'), count);
    put(sheet, 'hardware.time_limit_hours', at(spec, 'activeDeadlineSeconds'), hours('s'));
    putPod(sheet, pod);
    putQueue(sheet, at(spec, 'template', 'metadata'));
    allow(sheet, 'hardware.time_limit_hours', spec, 'activeDeadlineSeconds', (value) => String(Number(value) * 3600));
    allow(sheet, 'hardware.nodes', spec, 'parallelism', String);
    putContainer(sheet, syntax, pod.main);
    if (asksForDevice(pod)) putImageArguments(sheet, syntax, pod.main);
    if (!asksForDevice(pod) && !has(sheet, 'job.queue') && !statesWork(sheet)) return undefined;
    putTotals(sheet);
    return resourcesAnchor(manifest, pod.main);
  },
});

function jobSpec(kind: string, spec: DataNode | undefined): DataNode | undefined {
  return kind === 'CronJob' ? at(spec, 'jobTemplate', 'spec') : spec;
}
