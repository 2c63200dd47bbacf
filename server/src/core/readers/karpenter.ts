import { instanceTypes } from '../facts/instance-types.ts';
import { at, type DataNode } from '../syntax/data.ts';
import { toAccelerator } from './dialects/accelerator-name.ts';
import { vendorOfResource } from './dialects/device-resource.ts';
import { accelerator, count, cpus, gib, words } from './dialects/form.ts';
import { acceleratorsOf, isOtherAccelerator } from './dialects/instances.ts';
import { keySpan, kubernetesReader } from './dialects/kubernetes.ts';
import { entriesAt, itemsAt, type Manifest, numberAt, textAt } from './dialects/manifest.ts';
import { putLabel } from './dialects/node-labels.ts';
import { namesDevice } from './dialects/relevance.ts';
import { imply, leaveOpen, put, type Sheet } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Node pools (earlier: provisioners) of Karpenter that may start machines with accelerators. */
export const reader: Reader = kubernetesReader({
  id: 'karpenter',
  info: { title: 'Karpenter NodePool', files: '`apiVersion: karpenter.sh/...` with GPU machines' },
  kinds: ['NodePool', 'Provisioner'],
  group: /karpenter\.sh\//,
  role: 'infrastructure',
  fill(sheet, manifest, _context, all) {
    const template = at(manifest.spec, 'template', 'spec') ?? manifest.spec;
    for (const requirement of itemsAt(template, 'requirements')) putRequirement(sheet, requirement);
    const limits = at(manifest.spec, 'limits', 'resources') ?? at(manifest.spec, 'limits');
    put(sheet, 'infra.max_vcpus', at(limits, 'cpu'), cpus);
    put(sheet, 'hardware.nodes', at(manifest.spec, 'replicas'), count);
    putVendor(sheet, template, limits);
    putNodeClass(sheet, template, all);
    const told = sheet.facts.some(({ name }) => name === 'hardware.accelerator_vendor');
    if (!told && !namesDevice(sheet)) return undefined;
    return keySpan(template, 'requirements') ?? at(manifest.root, 'kind') ?? manifest.root;
  },
});

function putRequirement(sheet: Sheet, requirement: DataNode): void {
  const key = textAt(requirement, 'key') ?? '';
  const list = at(requirement, 'values');
  const values = itemsAt(list);
  if (textAt(requirement, 'operator') !== 'In' || !list) return;
  const [first, ...more] = values;
  if (/instance-family$/.test(key)) putFamilies(sheet, values, list);
  else if (more.length > 0) putSeveral(sheet, key, values, list);
  else if (/instance-gpu-count$/.test(key)) put(sheet, 'hardware.gpus_per_node', first, count);
  else if (/instance-gpu-manufacturer$/.test(key)) put(sheet, 'hardware.accelerator_vendor', first, words);
  else if (/instance-gpu-name$/.test(key)) put(sheet, 'hardware.accelerator', first, accelerator('family'));
  else if (/topology\.kubernetes\.io\/(?:zone|region)$/.test(key)) put(sheet, 'infra.region', first, words);
  else putLabel(sheet, key, first);
}

const why = 'The machines that are allowed fix the accelerator.';

/** Several values leave the choice to Karpenter; what they have in common is known. */
function putSeveral(sheet: Sheet, key: string, values: readonly DataNode[], list: DataNode): void {
  if (/capacity-type$/.test(key)) leaveOpen(sheet, 'hardware.spot', 'Either kind of capacity will do.', list.span);
  if (/\/instance-type$/.test(key)) {
    leaveOpen(sheet, 'hardware.instance_type', 'Any of several machine types will do.', list.span);
    const carried = values.flatMap((value) => acceleratorsOf(textAt(value) ?? '') ?? []);
    putDevices(
      sheet,
      carried.map((one) => one.accelerator),
      list,
    );
    const counts = new Set(carried.map((one) => one.count));
    const [only] = carried;
    if (!only || counts.size > 1) return;
    const fact = isOtherAccelerator(only.accelerator) ? 'hardware.accelerators_per_node' : 'hardware.gpus_per_node';
    imply(sheet, fact, only.count, list.span, why);
  }
  if (/instance-gpu-name$/.test(key)) {
    putDevices(
      sheet,
      values.flatMap((value) => toAccelerator(textAt(value) ?? '') ?? []),
      list,
    );
  }
}

/** Families (`p5`, `g6e`) whose members all carry one accelerator. */
function putFamilies(sheet: Sheet, values: readonly DataNode[], list: DataNode): void {
  const names = values.flatMap((value) => {
    const family = textAt(value) ?? '';
    return instanceTypes.filter(([type]) => type.startsWith(`${family}.`)).map(([, carried]) => carried);
  });
  putDevices(sheet, names, list);
}

function putDevices(sheet: Sheet, names: readonly string[], list: DataNode): void {
  const [only, ...others] = new Set(names);
  if (only === undefined) return;
  if (others.length === 0) imply(sheet, 'hardware.accelerator', only, list.span, why);
  else imply(sheet, 'hardware.accelerator_candidates', [only, ...others], list.span, why);
}

/** The vendor of the devices that the pool limits or keeps other pods away from. */
function putVendor(sheet: Sheet, template: DataNode | undefined, limits: DataNode | undefined): void {
  for (const { key, keySpan: span } of entriesAt(limits)) {
    const vendor = numberAt(limits, key) === 0 ? undefined : vendorOfResource(key);
    if (vendor) imply(sheet, 'hardware.accelerator_vendor', vendor, span, 'The resource name fixes the vendor.');
  }
  for (const taint of itemsAt(template, 'taints')) {
    const key = at(taint, 'key');
    const vendor = vendorOfResource(textAt(key) ?? '');
    if (vendor && key) imply(sheet, 'hardware.accelerator_vendor', vendor, key.span, 'The taint fixes the vendor.');
  }
}

/** The disk of the node class that the pool names, where it stands in the same file. */
function putNodeClass(sheet: Sheet, template: DataNode | undefined, all: readonly Manifest[]): void {
  const name = textAt(template, 'nodeClassRef', 'name') ?? textAt(template, 'providerRef', 'name');
  const found = all.find((one) => /NodeClass$|^AWSNodeTemplate$/.test(one.kind) && one.name === name);
  const sizes = itemsAt(found?.spec, 'blockDeviceMappings').map((one) => at(one, 'ebs', 'volumeSize'));
  put(sheet, 'resources.disk_gb', sizes.at(-1), gib('g'));
}
