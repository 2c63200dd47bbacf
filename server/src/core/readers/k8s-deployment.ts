import { at } from '../syntax/data.ts';
import { count } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { kubernetesReader, resourcesAnchor } from './dialects/kubernetes.ts';
import { asksForDevice, podOf, putPod } from './dialects/pod.ts';
import { statesWork } from './dialects/relevance.ts';
import { putContainer } from './dialects/serving-container.ts';
import { put } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Deployments and stateful sets that serve a model or ask for devices. */
export const reader: Reader = kubernetesReader({
  id: 'k8s-deployment',
  info: {
    title: 'Kubernetes Deployment, StatefulSet',
    files: '`kind: Deployment` that serves a model or asks for GPUs',
  },
  kinds: ['Deployment', 'StatefulSet', 'ReplicaSet'],
  group: /^apps\//,
  role: 'serving',
  fill(sheet, manifest, { syntax }) {
    const pod = podOf(at(manifest.spec, 'template'));
    put(sheet, 'serving.replicas', at(manifest.spec, 'replicas'), count);
    allow(sheet, 'serving.replicas', manifest.spec, 'replicas', String);
    putPod(sheet, pod);
    putContainer(sheet, syntax, pod.main);
    return asksForDevice(pod) || statesWork(sheet) ? resourcesAnchor(manifest, pod.main) : undefined;
  },
});
