import { at, type DataNode } from '../syntax/data.ts';
import { count, hours } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { kubernetesReader, putTotals, resourcesAnchor } from './dialects/kubernetes.ts';
import { entriesAt, itemsAt, type Manifest, numberAt } from './dialects/manifest.ts';
import { asksForDevice, podOf, putPod } from './dialects/pod.ts';
import { putCommands } from './dialects/put-command.ts';
import { putRayServe } from './dialects/ray-serve.ts';
import { commandsOf, scriptOf } from './dialects/script.ts';
import { imply, put, type Sheet } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Ray clusters, jobs and services of KubeRay: the worker group with devices (else the first) is the workload, the head where there is none. */
export const reader: Reader = kubernetesReader({
  id: 'kuberay',
  info: { title: 'KubeRay RayCluster, RayJob, RayService', files: '`apiVersion: ray.io/...`' },
  kinds: ['RayCluster', 'RayJob', 'RayService'],
  group: /^ray\.io\//,
  role: ({ kind }) => (kind === 'RayService' ? 'serving' : 'job'),
  fill(sheet, manifest, { syntax }) {
    const cluster = clusterOf(manifest);
    const groups = itemsAt(cluster, 'workerGroupSpecs');
    const withDevice = groups.find((group) => asksForDevice(podOf(at(group, 'template'))));
    const head = at(cluster, 'headGroupSpec');
    const headWorks = !withDevice && asksForDevice(podOf(at(head, 'template')));
    const leading = withDevice ?? (headWorks ? head : (groups[0] ?? head));
    const pod = podOf(at(leading, 'template'));
    const rayParameters = at(leading, 'rayStartParams');
    put(sheet, 'hardware.time_limit_hours', at(manifest.spec, 'activeDeadlineSeconds'), hours('s'));
    put(sheet, 'job.backoff_limit', at(manifest.spec, 'backoffLimit'), count);
    putNodes(sheet, leading);
    put(sheet, 'job.min_replicas', at(leading, 'minReplicas'), count);
    put(sheet, 'job.max_replicas', at(leading, 'maxReplicas'), count);
    if (manifest.kind === 'RayJob') {
      const seconds = (value: unknown) => String(Number(value) * 3600);
      allow(sheet, 'hardware.time_limit_hours', manifest.spec, 'activeDeadlineSeconds', seconds);
    }
    putPod(sheet, pod);
    if (entriesAt(rayParameters).length > 0) {
      put(sheet, 'hardware.gpus_per_node', at(rayParameters, 'num-gpus'), count);
    }
    putCommands(sheet, commandsOf(syntax, scriptOf(at(manifest.spec, 'entrypoint'))), syntax);
    if (manifest.kind === 'RayService') putRayServe(sheet, at(manifest.spec, 'serveConfigV2'));
    putTotals(sheet);
    return resourcesAnchor(manifest, pod.main);
  },
});

/** Replicas of a group; one of a TPU slice is as many pods as the slice has hosts. */
function putNodes(sheet: Sheet, group: DataNode | undefined): void {
  const [replicas, hosts] = [numberAt(group, 'replicas'), numberAt(group, 'numOfHosts')];
  const place = at(group, 'numOfHosts');
  if (!place || hosts === undefined || hosts < 2 || replicas === undefined) {
    put(sheet, 'hardware.nodes', at(group, 'replicas'), count);
    return;
  }
  imply(sheet, 'hardware.nodes', replicas * hosts, place.span, 'Each replica has the hosts of its slice.');
}

function clusterOf({ kind, spec }: Manifest): DataNode | undefined {
  if (kind === 'RayJob') return at(spec, 'rayClusterSpec');
  return kind === 'RayService' ? (at(spec, 'rayClusterConfig') ?? at(spec, 'rayClusterSpec')) : spec;
}
