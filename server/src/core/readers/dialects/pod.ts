import { at, type DataEntry, type DataNode } from '../../syntax/data.ts';
import { isRefusal } from '../reader.ts';
import { vendorOfResource } from './device-resource.ts';
import { count, cpus, gib, hours, words } from './form.ts';
import { allow } from './insert.ts';
import { entriesAt, itemsAt, textAt } from './manifest.ts';
import { allowNodeLabels, putNodeChoice } from './node-labels.ts';
import { has, imply, put, rewrite, type Sheet } from './sheet.ts';

/** A pod template's spec with the containers that matter: the one that computes first. */
export interface Pod {
  readonly spec: DataNode | undefined;
  readonly main: DataNode | undefined;
  readonly containers: readonly DataNode[];
}

/** The pod under a template (`template.spec`) or a pod spec itself. */
export function podOf(template: DataNode | undefined): Pod {
  const spec = at(template, 'spec', 'containers') ? at(template, 'spec') : template;
  const containers = itemsAt(spec, 'containers');
  const main = containers.find((one) => deviceEntries(one).length > 0) ?? containers[0];
  return { spec, main, containers };
}

/** True where any container of the pod asks for a device. */
export function asksForDevice(pod: Pod): boolean {
  return pod.containers.some((one) => deviceEntries(one).length > 0);
}

/** True where the resources of a container-like map ask for a device. */
export function asksForDeviceIn(container: DataNode): boolean {
  return deviceEntries(container).length > 0;
}

/** Requests and limits of a container that ask for devices. */
function deviceEntries(container: DataNode): readonly DataEntry[] {
  return ['requests', 'limits'].flatMap((part) =>
    entriesAt(container, 'resources', part).filter(({ key, value }) => {
      const zero = value.kind === 'scalar' && String(value.value) === '0';
      return vendorOfResource(key) !== undefined && !zero;
    }),
  );
}

/** Puts image, devices, CPU, memory, shared memory, node choice and time limit of a pod. */
export function putPod(sheet: Sheet, pod: Pod): void {
  const { main, spec } = pod;
  put(sheet, 'job.image', at(main, 'image'), words);
  putContainerResources(sheet, main);
  putNodeChoice(sheet, spec);
  allowNodeLabels(sheet, spec);
  put(sheet, 'job.restart_policy', at(spec, 'restartPolicy'), words);
  put(sheet, 'hardware.time_limit_hours', at(spec, 'activeDeadlineSeconds'), hours('s'));
  for (const volume of itemsAt(spec, 'volumes')) {
    if (textAt(volume, 'emptyDir', 'medium') === 'Memory') {
      put(sheet, 'resources.shm_gb', at(volume, 'emptyDir', 'sizeLimit'), gib());
    }
  }
}

/** Puts the requests and limits of a container, under the key that holds them. */
export function putContainerResources(sheet: Sheet, container: DataNode | undefined, key = 'resources'): void {
  const requests = at(container, key, 'requests');
  const limits = at(container, key, 'limits');
  put(sheet, 'resources.cpu_request', at(requests, 'cpu'), cpus);
  put(sheet, 'resources.memory_request_gib', at(requests, 'memory'), gib());
  put(sheet, 'resources.cpu_limit', at(limits, 'cpu'), cpus);
  put(sheet, 'resources.memory_limit_gib', at(limits, 'memory'), gib());
  const devices = [...entriesAt(requests), ...entriesAt(limits)]
    .filter(({ key }) => vendorOfResource(key))
    .sort((a, b) => a.keySpan.start - b.keySpan.start);
  for (const { key, value } of devices) putDevice(sheet, key, value);
  writeTogether(sheet, devices);
  if (devices.length === 0) allow(sheet, 'hardware.gpus_per_node', limits, 'nvidia.com/gpu', String);
}

function putDevice(sheet: Sheet, key: string, node: DataNode): void {
  const vendor = vendorOfResource(key);
  if (vendor === undefined || !put(sheet, deviceFact(key), node, count)) return;
  if (!has(sheet, 'hardware.accelerator') && !has(sheet, 'hardware.accelerator_vendor')) {
    imply(sheet, 'hardware.accelerator_vendor', vendor, node.span, 'The resource name fixes the vendor.');
  }
}

function deviceFact(key: string): 'hardware.gpus_per_node' | 'hardware.accelerators_per_node' {
  const vendor = vendorOfResource(key);
  return vendor === 'google' || vendor === 'aws' ? 'hardware.accelerators_per_node' : 'hardware.gpus_per_node';
}

/** Requests and limits of a device must be equal, so one change writes both. */
function writeTogether(sheet: Sheet, devices: readonly DataEntry[]): void {
  for (const name of ['hardware.gpus_per_node', 'hardware.accelerators_per_node'] as const) {
    const nodes = devices.filter(({ key }) => deviceFact(key) === name).map(({ value }) => value);
    if (nodes.length < 2 || !sheet.facts.some((fact) => fact.name === name)) continue;
    sheet.writers.set(name, (value) => {
      const results = nodes.map((node) =>
        node.kind === 'scalar'
          ? rewrite(sheet.file, node, String(value))
          : { refused: 'The number of devices is no plain value.' },
      );
      const refusal = results.find(isRefusal);
      return refusal ?? { edits: results.flatMap((result) => (isRefusal(result) ? [] : result.edits)) };
    });
  }
}
