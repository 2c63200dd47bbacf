import type { SourceFile } from '../source/source-file.ts';
import type { DataMap, DataNode } from '../syntax/data.ts';
import { listCommands, mapEnvironment } from './dialects/embedded-command.ts';
import { accelerator, count, type Form, gib, hours, without, words } from './dialects/form.ts';
import { putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { anyCase, anyItems, anyKeySpan } from './dialects/keys.ts';
import { putTotals } from './dialects/kubernetes.ts';
import { putCapacity } from './dialects/machine-pool.ts';
import { numberAt, textAt } from './dialects/manifest.ts';
import { putCommands } from './dialects/put-command.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { commandsOf, scriptOf } from './dialects/script.ts';
import { imply, newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Google Cloud Batch: a workload for each task group of a job, on the machines that its allocation policy names. */
export const reader: Reader = jobReader({
  id: 'gcp-batch',
  info: { title: 'Google Cloud Batch', files: 'JSON or YAML with `taskGroups` and `allocationPolicy`' },
  languages: ['json', 'yaml'],
  mentions: (text) =>
    /["']?taskGroups["']?\s*:/.test(text) && /["']?(?:taskSpec|runnables|allocationPolicy)["']?\s*:/.test(text),
  surveys: readJob,
});

function readJob(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  return syntax.data(file).flatMap(({ root }) => {
    if (root?.kind !== 'map') return [];
    return anyItems(root, 'taskGroups').flatMap((group, index) => {
      const sheet = newSheet(file);
      const name = anyCase(group, 'name') ?? anyCase(root, 'name');
      put(sheet, 'job.name', name, without(/^.*\//));
      putAllocation(sheet, root);
      putTaskGroup(sheet, group, syntax);
      putTotals(sheet);
      const asks = sheet.open.some(({ name }) => /^hardware\.(?:accelerator|gpus_per_node)$/.test(name));
      if (!namesDevice(sheet) && !statesWork(sheet) && !asks) return [];
      const anchor = anyKeySpan(root, 'allocationPolicy') ?? anyKeySpan(root, 'taskGroups') ?? root.span;
      const called = textAt(name)?.replace(/^.*\//, '');
      return [survey(sheet, 'gcp-batch', called ?? (index === 0 ? 'job' : `job (${index + 1})`), 'job', anchor)];
    });
  });
}

/** Machines, their accelerators, disk, capacity and place. */
function putAllocation(sheet: Sheet, root: DataMap): void {
  const allocation = anyCase(root, 'allocationPolicy');
  const [instance] = [...anyItems(allocation, 'instances'), ...anyItems(root, 'instances')];
  const policy = anyCase(instance, 'policy');
  const [device] = anyItems(policy, 'accelerators');
  put(sheet, 'hardware.accelerator', anyCase(device, 'type'), accelerator('label'));
  put(sheet, 'hardware.gpus_per_node', anyCase(device, 'count'), count);
  putInstanceType(sheet, anyCase(policy, 'machineType'));
  put(sheet, 'resources.disk_gb', anyCase(policy, 'bootDisk', 'sizeGb'), gib('g'));
  put(sheet, 'hardware.spot', anyCase(policy, 'provisioningModel'), provisioning);
  putCapacity(sheet, policy);
  const [place, ...places] = anyItems(allocation, 'location', 'allowedLocations');
  if (places.length === 0) put(sheet, 'infra.region', place, without(/^(?:regions|zones)\//));
  const zones = [place, ...places].map((one) => /^zones\/([\w-]+)$/.exec(textAt(one) ?? '')?.[1]);
  const list = anyCase(allocation, 'location', 'allowedLocations');
  if (list && zones.length > 1 && zones.every((one) => one !== undefined))
    imply(sheet, 'infra.zones', zones, list.span, 'Any of the zones will do.');
}

const provisioning: Form<boolean> = {
  read: (text) =>
    /^(?:SPOT|PREEMPTIBLE)$/.test(text)
      ? { value: true, derived: true }
      : text === 'STANDARD'
        ? { value: false, derived: true }
        : undefined,
  spell: (value) => (value ? 'SPOT' : 'STANDARD'),
};

const thousandths: Form<number> = {
  read: (text) => (/^\d+$/.test(text) ? { value: Number(text) / 1000, derived: true } : undefined),
  spell: (value) => String(Math.round(value * 1000)),
};

/** What one task needs and runs, and over how many machines the tasks go. */
function putTaskGroup(sheet: Sheet, group: DataNode, syntax: ReadContext['syntax']): void {
  const task = anyCase(group, 'taskSpec');
  put(sheet, 'resources.cpu_request', anyCase(task, 'computeResource', 'cpuMilli'), thousandths);
  put(sheet, 'resources.memory_request_gib', anyCase(task, 'computeResource', 'memoryMib'), gib('m'));
  put(sheet, 'hardware.time_limit_hours', anyCase(task, 'maxRunDuration'), hours('s'));
  put(sheet, 'job.max_retries', anyCase(task, 'maxRetryCount'), count);
  putNodes(sheet, group);
  const environment = new Map([
    ...mapEnvironment(anyCase(group, 'taskEnvironments', 'variables')),
    ...mapEnvironment(anyCase(task, 'environment', 'variables')),
  ]);
  for (const runnable of anyItems(task, 'runnables')) {
    const container = anyCase(runnable, 'container');
    put(sheet, 'job.image', anyCase(container, 'imageUri'), words);
    const lists = [anyCase(container, 'entrypoint'), anyCase(container, 'commands')];
    putCommands(sheet, listCommands(syntax, lists, environment), syntax);
    const script = scriptOf(anyCase(runnable, 'script', 'text'));
    putCommands(sheet, commandsOf(syntax, script, environment), syntax);
  }
}

/** Tasks that run at once, over those that share a machine. */
function putNodes(sheet: Sheet, group: DataNode): void {
  const tasks = anyCase(group, 'parallelism') ?? anyCase(group, 'taskCount');
  const each = anyCase(group, 'taskCountPerNode');
  const [many, perNode] = [numberAt(tasks), numberAt(each) ?? 1];
  if (perNode === 1 || many === undefined) put(sheet, 'hardware.nodes', tasks, count);
  else if (tasks && perNode > 1) {
    const why = 'These are the tasks at once over the tasks of one machine.';
    imply(sheet, 'hardware.nodes', Math.ceil(many / perNode), tasks.span, why, ...(each ? [each.span] : []));
  }
}
