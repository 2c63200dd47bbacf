import type { SourceFile } from '../source/source-file.ts';
import { at, type DataNode } from '../syntax/data.ts';
import { choice, count, flag, words } from './dialects/form.ts';
import { holeIn } from './dialects/hole.ts';
import { acceleratorsOf, putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { keySpan } from './dialects/kubernetes.ts';
import { itemsAt, textAt } from './dialects/manifest.ts';
import { newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** AWS ParallelCluster: a workload for each compute resource with accelerators, or with a machine type to be filled in. */
export const reader: Reader = jobReader({
  id: 'parallelcluster',
  info: { title: 'AWS ParallelCluster', files: 'cluster configuration with `HeadNode:` and `SlurmQueues:`' },
  languages: ['yaml'],
  mentions: (text) => /^HeadNode\s*:/m.test(text) && /^Scheduling\s*:/m.test(text),
  surveys: readCluster,
});

function readCluster(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  const root = syntax.data(file)[0]?.root;
  const queues = itemsAt(root, 'Scheduling', 'SlurmQueues');
  return queues.flatMap((queue) =>
    itemsAt(queue, 'ComputeResources').flatMap((resource) => {
      const type = textAt(typeOf(resource)) ?? '';
      if (!acceleratorsOf(type) && holeIn(type) === undefined) return [];
      const sheet = newSheet(file);
      put(sheet, 'infra.region', at(root, 'Region'), words);
      put(sheet, 'infra.scheduler', at(root, 'Scheduling', 'Scheduler'), words);
      put(sheet, 'infra.head_instance_type', at(root, 'HeadNode', 'InstanceType'), words);
      putQueue(sheet, queue);
      putResource(sheet, resource);
      putStorage(sheet, root);
      const anchor = keySpan(resource, 'InstanceType') ?? keySpan(resource, 'Instances') ?? resource.span;
      return [survey(sheet, 'parallelcluster', textAt(resource, 'Name') ?? 'compute', 'infrastructure', anchor)];
    }),
  );
}

function typeOf(resource: DataNode): DataNode | undefined {
  return at(resource, 'InstanceType') ?? at(resource, 'Instances', 0, 'InstanceType');
}

function putQueue(sheet: Sheet, queue: DataNode): void {
  put(sheet, 'job.queue', at(queue, 'Name'), words);
  put(sheet, 'hardware.spot', at(queue, 'CapacityType'), choice('SPOT', 'ONDEMAND'));
  put(sheet, 'infra.capacity_type', at(queue, 'CapacityType'), capacityBlock);
  put(sheet, 'infra.allocation_strategy', at(queue, 'AllocationStrategy'), words);
  put(sheet, 'resources.disk_gb', at(queue, 'ComputeSettings', 'LocalStorage', 'RootVolume', 'Size'), count);
}

const capacityBlock = {
  read: (text: string) => (/^CAPACITY_BLOCK$/i.test(text) ? { value: 'capacity-block', derived: true } : undefined),
  spell: () => 'CAPACITY_BLOCK',
};

/** A resource that keeps as many nodes as it may have has a fixed number of them. */
function putResource(sheet: Sheet, resource: DataNode): void {
  putInstanceType(sheet, typeOf(resource));
  const [low, high] = [textAt(resource, 'MinCount'), textAt(resource, 'MaxCount')];
  if (low === high) put(sheet, 'hardware.nodes', at(resource, 'MinCount'), count);
  put(sheet, 'infra.min_nodes', at(resource, 'MinCount'), count);
  put(sheet, 'infra.max_nodes', at(resource, 'MaxCount'), count);
  put(sheet, 'infra.efa', at(resource, 'Efa', 'Enabled'), flag);
}

function putStorage(sheet: Sheet, root: DataNode | undefined): void {
  for (const storage of itemsAt(root, 'SharedStorage')) {
    put(sheet, 'infra.fsx_capacity_gib', at(storage, 'FsxLustreSettings', 'StorageCapacity'), count);
  }
}
