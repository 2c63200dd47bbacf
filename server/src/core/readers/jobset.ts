import { at, type DataNode } from '../syntax/data.ts';
import { count, hours } from './dialects/form.ts';
import { kubernetesReader, putTotals, resourcesAnchor } from './dialects/kubernetes.ts';
import { itemsAt, numberAt } from './dialects/manifest.ts';
import { asksForDevice, podOf, putPod } from './dialects/pod.ts';
import { putContainerCommand } from './dialects/put-command.ts';
import { statesWork } from './dialects/relevance.ts';
import { putContainer } from './dialects/serving-container.ts';
import { add, has, put, type Sheet, valueOn } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** JobSets: of the replicated jobs the one with devices, else the first, is the workload. */
export const reader: Reader = kubernetesReader({
  id: 'jobset',
  info: { title: 'JobSet', files: '`kind: JobSet`' },
  kinds: ['JobSet'],
  group: /jobset\.x-k8s\.io\//,
  role: 'job',
  fill(sheet, manifest, { syntax }) {
    const jobs = itemsAt(manifest.spec, 'replicatedJobs');
    const leading = jobs.find((job) => asksForDevice(podOf(at(job, 'template', 'spec', 'template')))) ?? jobs[0];
    const pod = podOf(at(leading, 'template', 'spec', 'template'));
    putPod(sheet, pod);
    putReplicatedJob(sheet, leading);
    put(sheet, 'job.max_retries', at(manifest.spec, 'failurePolicy', 'maxRestarts'), count);
    putContainer(sheet, syntax, pod.main);
    // A head and its workers only wait; what they compute is then said by the job that drives them.
    for (const job of statesWork(sheet) ? [] : jobs) {
      putContainerCommand(sheet, syntax, podOf(at(job, 'template', 'spec', 'template')).main);
    }
    putTotals(sheet);
    return resourcesAnchor(manifest, pod.main);
  },
});

/**
 * Puts the nodes of a replicated job: its parallelism times its replicas. On TPUs a replica is a slice
 * and its pods are the slice's hosts.
 */
export function putReplicatedJob(sheet: Sheet, job: DataNode | undefined): void {
  const spec = at(job, 'template', 'spec');
  const replicas = at(job, 'replicas');
  const pods = at(spec, 'parallelism') ?? at(spec, 'completions');
  put(sheet, 'job.backoff_limit', at(spec, 'backoffLimit'), count);
  put(sheet, 'hardware.time_limit_hours', at(spec, 'activeDeadlineSeconds'), hours('s'));
  if (valueOn(sheet, 'hardware.tpu_topology') !== undefined) {
    put(sheet, 'hardware.slices', replicas, count);
    put(sheet, 'hardware.nodes_per_slice', pods, count);
  }
  if (has(sheet, 'hardware.nodes')) return;
  const [many, each] = [numberAt(replicas), numberAt(pods)];
  if (many !== undefined && each !== undefined && many > 1 && each > 1 && replicas && pods) {
    add(sheet, 'hardware.nodes', many * each, pods.span, true, replicas.span);
  } else if (each === 1 && many !== undefined) put(sheet, 'hardware.nodes', replicas, count);
  else put(sheet, 'hardware.nodes', pods ?? replicas, count);
}
