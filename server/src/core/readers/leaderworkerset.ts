import { at } from '../syntax/data.ts';
import { count } from './dialects/form.ts';
import { kubernetesReader, putTotals, resourcesAnchor } from './dialects/kubernetes.ts';
import { asksForDevice, podOf, putPod } from './dialects/pod.ts';
import { putContainer } from './dialects/serving-container.ts';
import { put } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** LeaderWorkerSets: replicas of a group of nodes; the leader's command speaks for the group. */
export const reader: Reader = kubernetesReader({
  id: 'leaderworkerset',
  info: { title: 'LeaderWorkerSet', files: '`kind: LeaderWorkerSet`' },
  kinds: ['LeaderWorkerSet'],
  group: /leaderworkerset\.x-k8s\.io\//,
  role: 'serving',
  fill(sheet, manifest, { syntax }) {
    const template = at(manifest.spec, 'leaderWorkerTemplate');
    put(sheet, 'serving.replicas', at(manifest.spec, 'replicas'), count);
    put(sheet, 'hardware.nodes', at(template, 'size'), count);
    const leader = podOf(at(template, 'leaderTemplate'));
    const worker = podOf(at(template, 'workerTemplate'));
    const pod = asksForDevice(leader) || !asksForDevice(worker) ? leader : worker;
    const main = pod.main ? pod : worker;
    putPod(sheet, main);
    putContainer(sheet, syntax, leader.main ?? worker.main);
    putContainer(sheet, syntax, worker.main);
    putTotals(sheet);
    return resourcesAnchor(manifest, main.main);
  },
});
