import type { Span } from '../../source/span.ts';
import type { DataMap, DataNode } from '../../syntax/data.ts';
import { accelerator, choice, count, type Form, flag, gib, words } from './form.ts';
import { acceleratorsOf, putInstanceType } from './instances.ts';
import { anyCase, anyKeySpan, plainKey } from './keys.ts';
import { textAt } from './manifest.ts';
import { namesDevice } from './relevance.ts';
import { leaveOpen, put, type Sheet } from './sheet.ts';

/** A group of machines in an infrastructure file: the map with the machine type, and the maps around it, innermost first. */
export interface MachinePool {
  readonly block: DataMap;
  readonly around: readonly DataMap[];
  /** The key, label or name that the group goes by. */
  readonly name: string;
}

/** Keys that hold a part of a pool and give it no name. */
const structure = new Set(
  'nodeconfig computeresources config properties default template spec nodegroup instances machinespec'.split(' '),
);

const machineKeys = ['instanceType', 'instanceTypes', 'machineType', 'vmSize', 'acceleratorType', 'guestAccelerator'];

/** Every map of a document that names a machine type or an accelerator; a pool inside a pool is its own. */
export function machinePools(root: DataMap): readonly MachinePool[] {
  const found: MachinePool[] = [];
  const walk = (node: DataNode, around: readonly DataMap[], name: string, depth: number): void => {
    if (depth > 12) return;
    if (node.kind === 'list') for (const item of node.items) walk(item, around, name, depth + 1);
    if (node.kind !== 'map') return;
    const own = textAt(anyCase(node, 'name')) ?? textAt(anyCase(node, 'instanceGroupName')) ?? name;
    const isPool = machineKeys.some((key) => isMachine(anyCase(node, key)));
    if (isPool) found.push({ block: node, around, name: own });
    for (const { key, value } of node.entries) {
      const inner = structure.has(plainKey(key)) ? own : key;
      if (!isPool || plainKey(key) !== 'guestaccelerator') walk(value, [node, ...around], inner, depth + 1);
    }
  };
  walk(root, [], '', 0);
  return found;
}

function isMachine(node: DataNode | undefined): boolean {
  return node !== undefined && (node.kind !== 'scalar' || typeof node.value === 'string');
}

/** Puts a pool's machines, accelerators, bounds, disk and capacity; true where it has accelerators. */
export function putMachinePool(sheet: Sheet, { block, around }: MachinePool): boolean {
  putAccelerator(sheet, block);
  putMachine(sheet, block);
  // The resource around a node_config block holds its bounds; farther out lie other groups.
  for (const map of [block, ...around.slice(0, 2)]) {
    putBounds(sheet, map);
    putCapacity(sheet, map);
    for (const key of fileSystemKeys) put(sheet, 'infra.fsx_capacity_gib', anyCase(map, key), count);
  }
  return namesDevice(sheet);
}

function putAccelerator(sheet: Sheet, block: DataMap): void {
  const guest = anyCase(block, 'guestAccelerator');
  const device = guest?.kind === 'list' ? guest.items[0] : guest;
  const type = anyCase(device, 'type') ?? anyCase(device, 'acceleratorType') ?? anyCase(block, 'acceleratorType');
  const number = anyCase(device, 'count') ?? anyCase(device, 'acceleratorCount') ?? anyCase(block, 'acceleratorCount');
  if (textAt(number) === '0') return;
  put(sheet, 'hardware.accelerator', type, accelerator('label'));
  put(sheet, 'hardware.gpus_per_node', number, count);
}

function putMachine(sheet: Sheet, block: DataMap): void {
  for (const key of machineKeys.slice(0, 4)) {
    const node = anyCase(block, key);
    const types = node?.kind === 'list' ? node.items : node ? [node] : [];
    const [first, ...more] = types;
    if (more.length === 0) putInstanceType(sheet, first);
    else if (node && types.some((type) => acceleratorsOf(textAt(type) ?? ''))) {
      leaveOpen(sheet, 'hardware.instance_type', 'Any of several machine types will do.', node.span);
    }
  }
}

const bounds: readonly (readonly ['infra.min_nodes' | 'infra.max_nodes' | 'infra.desired_nodes', readonly string[]])[] =
  [
    ['infra.min_nodes', ['minCount', 'minNodeCount', 'minSize', 'minNodes', 'minInstances', 'minCapacity']],
    ['infra.max_nodes', ['maxCount', 'maxNodeCount', 'maxSize', 'maxNodes', 'maxInstances', 'maxCapacity']],
    ['infra.desired_nodes', ['desiredSize', 'desiredCapacity', 'desiredCount', 'desiredNodes']],
  ];

function putBounds(sheet: Sheet, map: DataMap): void {
  const inner = [map, anyCase(map, 'autoscaling'), anyCase(map, 'scalingConfig')];
  for (const place of inner) {
    for (const [name, keys] of bounds) {
      for (const key of keys) put(sheet, name, anyCase(place, key), count);
    }
  }
  for (const key of ['instanceCount', 'initialInstanceCount', 'nodeCount', 'numNodes', 'count']) {
    put(sheet, 'hardware.nodes', anyCase(map, key), count);
  }
  for (const key of [
    'diskSizeGb',
    'diskSize',
    'volumeSizeInGb',
    'ebsVolumeSizeInGb',
    'volumeSize',
    'osDiskSizeGb',
    'volSizeGb',
    'diskSizeInGb',
    'bootDiskSize',
  ]) {
    put(sheet, 'resources.disk_gb', anyCase(map, key), gib('g'));
  }
}

const fileSystemKeys = ['fsxlSizeInGib', 'fsxSizeInGib', 'fsxStorageCapacity', 'storageCapacity'];

const spotWord: Form<boolean> = {
  read: (text) =>
    /^(?:spot|preemptible|low_?priority)$/i.test(text)
      ? { value: true, derived: true }
      : /^(?:on[-_]?demand|ec2|regular|standard|dedicated)$/i.test(text)
        ? { value: false, derived: true }
        : undefined,
  spell: (value, old) => {
    const pairs = [
      ['SPOT', 'ON_DEMAND'],
      ['Spot', 'Regular'],
      ['spot', 'on-demand'],
      ['SPOT', 'EC2'],
      ['SPOT', 'STANDARD'],
    ] as const;
    const pair = pairs.find((one) => one.some((word) => word === old));
    return pair?.[value ? 0 : 1];
  },
};

/** Puts what a map says of where its machines come from: spot or on demand, reserved blocks, a limit of vCPUs. */
export function putCapacity(sheet: Sheet, map: DataNode | undefined): void {
  for (const key of ['spot', 'preemptible', 'enableManagedSpotTraining', 'useSpot']) {
    put(sheet, 'hardware.spot', anyCase(map, key), flag);
  }
  const scheduling = anyCase(map, 'scheduling');
  put(sheet, 'hardware.spot', anyCase(scheduling, 'preemptible'), flag);
  const market = anyCase(map, 'instanceMarketOptions', 'marketType');
  if (/^capacity-block$/.test(textAt(market) ?? '')) put(sheet, 'infra.capacity_type', market, words);
  for (const node of [
    anyCase(map, 'capacityType'),
    anyCase(map, 'priority'),
    market,
    anyCase(scheduling, 'provisioningModel'),
  ]) {
    put(sheet, 'hardware.spot', node, spotWord);
  }
  put(sheet, 'infra.allocation_strategy', anyCase(map, 'allocationStrategy'), words);
  put(sheet, 'infra.max_vcpus', anyCase(map, 'maxvCpus'), count);
  // The type of a Batch compute environment says where its machines come from.
  if (anyCase(map, 'maxvCpus')) put(sheet, 'hardware.spot', anyCase(map, 'type'), choice('SPOT', 'EC2'));
}

/** Where the sum of a pool belongs. */
export function poolAnchor({ block }: MachinePool): Span {
  const key = machineKeys.find((one) => anyKeySpan(block, one));
  return (key === undefined ? undefined : anyKeySpan(block, key)) ?? block.span;
}
