import type { FactValue } from '../facts/vocabulary.ts';
import { at, type DataEntry, type DataNode } from '../syntax/data.ts';
import { count, hours, words } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { kubernetesReader, putTotals, resourcesAnchor } from './dialects/kubernetes.ts';
import { entriesAt, numberAt } from './dialects/manifest.ts';
import { asksForDevice, podOf, putPod } from './dialects/pod.ts';
import { putContainer, putImageArguments } from './dialects/serving-container.ts';
import { add, has, put, rewrite, type Sheet } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Jobs of the Kubeflow training operator: replica groups, of which the one with devices (else the first) is the workload. */
export const reader: Reader = kubernetesReader({
  id: 'kubeflow-job',
  info: { title: 'Kubeflow PyTorchJob, TFJob, MPIJob, JAXJob', files: '`apiVersion: kubeflow.org/...`' },
  kinds: ['PyTorchJob', 'TFJob', 'MPIJob', 'XGBoostJob', 'PaddleJob', 'JAXJob', 'ElasticJob'],
  group: /kubeflow\.org\/|elastic\.pytorch\.org\//,
  role: 'job',
  fill(sheet, manifest, { syntax }) {
    const { kind, spec } = manifest;
    const groups = entriesAt(spec).find(({ key }) => /replicaSpecs$/i.test(key))?.value;
    const working = entriesAt(groups).filter(({ key }) => works(kind, key));
    const leading = working.find(({ value }) => asksForDevice(podOf(at(value, 'template')))) ?? working[0];
    const pod = podOf(at(leading?.value, 'template'));
    put(sheet, 'hardware.processes_per_node', at(spec, 'slotsPerWorker') ?? at(spec, 'nprocPerNode'), count);
    put(sheet, 'hardware.processes_per_node', at(spec, 'elasticPolicy', 'nProcPerNode'), count);
    const elastic = kind === 'ElasticJob' ? spec : at(spec, 'elasticPolicy');
    put(sheet, 'job.min_replicas', at(elastic, 'minReplicas'), count);
    put(sheet, 'job.max_replicas', at(elastic, 'maxReplicas'), count);
    put(sheet, 'job.max_retries', at(elastic, 'maxRestarts'), count);
    putRunPolicy(sheet, at(spec, 'runPolicy'));
    const seconds = (value: FactValue) => String(Math.round(Number(value) * 3600));
    allow(sheet, 'hardware.time_limit_hours', spec, ['runPolicy', 'activeDeadlineSeconds'], seconds);
    putNodes(sheet, working);
    put(sheet, 'job.restart_policy', at(leading?.value, 'restartPolicy'), words);
    putPod(sheet, pod);
    putContainer(sheet, syntax, pod.main);
    putImageArguments(sheet, syntax, pod.main);
    const launcher = entriesAt(groups).find(({ key }) => key === 'Launcher');
    if (launcher) putContainer(sheet, syntax, podOf(at(launcher.value, 'template')).main);
    putTotals(sheet);
    return resourcesAnchor(manifest, pod.main);
  },
});

/** Launchers, parameter servers and evaluators are no nodes that train. */
function works(kind: string, group: string): boolean {
  return kind === 'MPIJob' ? group === 'Worker' : /^(?:Master|Chief|Worker)$/.test(group);
}

function putRunPolicy(sheet: Sheet, policy: DataNode | undefined): void {
  put(sheet, 'hardware.time_limit_hours', at(policy, 'activeDeadlineSeconds'), hours('s'));
  put(sheet, 'job.backoff_limit', at(policy, 'backoffLimit'), count);
  put(sheet, 'job.queue', at(policy, 'schedulingPolicy', 'queue'), words);
}

/** One group's replicas as they stand, several groups' summed. A group without a number has one replica. */
function putNodes(sheet: Sheet, groups: readonly DataEntry[]): void {
  const [first, ...more] = groups;
  if (!first) return;
  if (more.length === 0) {
    put(sheet, 'hardware.nodes', at(first.value, 'replicas'), count);
    return;
  }
  for (const { value } of groups) {
    const replicas = at(value, 'replicas');
    if (!replicas || numberAt(replicas) !== undefined) continue;
    put(sheet, 'hardware.nodes', replicas, count);
    if (has(sheet, 'hardware.nodes')) return;
  }
  const total = groups.reduce((sum, { value }) => sum + (numberAt(value, 'replicas') ?? 1), 0);
  const spans = groups.map(({ value, keySpan }) => at(value, 'replicas')?.span ?? keySpan);
  const last = spans.pop();
  if (last) add(sheet, 'hardware.nodes', total, last, true, ...spans);
  const workers = at(groups.find(({ key }) => key === 'Worker')?.value, 'replicas');
  if (workers?.kind !== 'scalar') return;
  const others = total - (numberAt(workers) ?? 0);
  sheet.writers.set('hardware.nodes', (value) =>
    Number(value) > others
      ? rewrite(sheet.file, workers, String(Number(value) - others))
      : { refused: 'This job has a master besides its workers.' },
  );
}
