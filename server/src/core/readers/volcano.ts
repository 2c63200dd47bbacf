import { at } from '../syntax/data.ts';
import { count, words } from './dialects/form.ts';
import { kubernetesReader, putTotals, resourcesAnchor } from './dialects/kubernetes.ts';
import { itemsAt } from './dialects/manifest.ts';
import { asksForDevice, podOf, putPod } from './dialects/pod.ts';
import { statesWork } from './dialects/relevance.ts';
import { putContainer } from './dialects/serving-container.ts';
import { put } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Volcano jobs: of the tasks the one with devices, else the last (workers stand behind their master), is the workload. */
export const reader: Reader = kubernetesReader({
  id: 'volcano',
  info: { title: 'Volcano Job', files: '`apiVersion: batch.volcano.sh/...`, `kind: Job`' },
  kinds: ['Job'],
  group: /^batch\.volcano\.sh\//,
  role: 'job',
  fill(sheet, manifest, { syntax }) {
    const tasks = itemsAt(manifest.spec, 'tasks');
    const leading = tasks.find((task) => asksForDevice(podOf(at(task, 'template')))) ?? tasks.at(-1);
    const pod = podOf(at(leading, 'template'));
    put(sheet, 'job.queue', at(manifest.spec, 'queue'), words);
    put(sheet, 'job.max_retries', at(manifest.spec, 'maxRetry'), count);
    put(sheet, 'hardware.nodes', at(leading, 'replicas'), count);
    putPod(sheet, pod);
    for (const task of tasks) putContainer(sheet, syntax, podOf(at(task, 'template')).main);
    if (!asksForDevice(pod) && !statesWork(sheet)) return undefined;
    putTotals(sheet);
    return resourcesAnchor(manifest, pod.main);
  },
});
