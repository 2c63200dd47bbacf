import { at } from '../syntax/data.ts';
import { count, words } from './dialects/form.ts';
import { putInstanceType } from './dialects/instances.ts';
import { keySpan, kubernetesReader, putTotals } from './dialects/kubernetes.ts';
import { podOf, putPod } from './dialects/pod.ts';
import { putContainer } from './dialects/serving-container.ts';
import { put } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Kaito workspaces: a model that is served or tuned on machines of one type. */
export const reader: Reader = kubernetesReader({
  id: 'kaito',
  info: { title: 'Kaito Workspace', files: '`apiVersion: kaito.sh/...`' },
  kinds: ['Workspace', 'InferenceSet'],
  group: /kaito\.sh\//,
  role: ({ root }) => (at(root, 'tuning') ? 'job' : 'serving'),
  fill(sheet, { root, spec }, { syntax }) {
    const resource = at(root, 'resource') ?? at(spec, 'template', 'resource');
    putInstanceType(sheet, at(resource, 'instanceType'));
    put(sheet, 'hardware.nodes', at(resource, 'count'), count);
    const [inference, tuning] = [at(root, 'inference') ?? at(spec, 'template', 'inference'), at(root, 'tuning')];
    put(sheet, 'serving.replicas', at(spec, 'replicas'), count);
    put(sheet, 'model.name', at(tuning ?? inference, 'preset', 'name'), words);
    put(sheet, 'peft.method', at(tuning, 'method'), words);
    const pod = podOf(at(inference, 'template'));
    putPod(sheet, pod);
    putContainer(sheet, syntax, pod.main);
    putTotals(sheet);
    const anchor = keySpan(resource, 'instanceType') ?? keySpan(root, 'resource');
    return inference || tuning ? (anchor ?? at(root, 'kind')) : undefined;
  },
});
