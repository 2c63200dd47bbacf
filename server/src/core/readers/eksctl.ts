import type { SourceFile } from '../source/source-file.ts';
import { at, type DataNode } from '../syntax/data.ts';
import { count, flag, words } from './dialects/form.ts';
import { acceleratorsOf, putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { keySpan } from './dialects/kubernetes.ts';
import { itemsAt, manifestsOf, textAt } from './dialects/manifest.ts';
import { add, leaveOpen, newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** EKS clusters as eksctl makes them: a workload for each node group with accelerators. */
export const reader: Reader = jobReader({
  id: 'eksctl',
  info: { title: 'eksctl ClusterConfig', files: '`apiVersion: eksctl.io/...`' },
  languages: ['yaml', 'json'],
  mentions: (text) => text.includes('eksctl.io/') && text.includes('ClusterConfig'),
  surveys: readClusters,
});

function readClusters(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  return manifestsOf(file, syntax).flatMap(({ apiVersion, root }) => {
    if (!apiVersion.startsWith('eksctl.io/')) return [];
    const groups = [...itemsAt(root, 'managedNodeGroups'), ...itemsAt(root, 'nodeGroups')];
    const accelerated = groups.filter(isAccelerated);
    return accelerated.map((group) => {
      const sheet = newSheet(file);
      put(sheet, 'infra.cluster_name', at(root, 'metadata', 'name'), words);
      put(sheet, 'infra.region', at(root, 'metadata', 'region'), words);
      putGroup(sheet, group);
      const anchor = keySpan(group, 'instanceType') ?? keySpan(group, 'instanceTypes') ?? group.span;
      const name = textAt(group, 'name') ?? textAt(root, 'metadata', 'name') ?? 'cluster';
      return survey(sheet, 'eksctl', name, 'infrastructure', anchor);
    });
  });
}

function typesOf(group: DataNode): readonly DataNode[] {
  const one = at(group, 'instanceType');
  const several = [...itemsAt(group, 'instanceTypes'), ...itemsAt(group, 'instancesDistribution', 'instanceTypes')];
  return one && textAt(one) !== 'mixed' ? [one, ...several] : several;
}

/** Groups whose machine type has accelerators, or is filled in later in a file that is made for accelerators. */
function isAccelerated(group: DataNode): boolean {
  return (
    typesOf(group).some((type) => acceleratorsOf(textAt(type) ?? '') !== undefined) ||
    at(group, 'efaEnabled') !== undefined
  );
}

function putGroup(sheet: Sheet, group: DataNode): void {
  const [type, ...others] = typesOf(group);
  if (others.length === 0) putInstanceType(sheet, type);
  else if (type) leaveOpen(sheet, 'hardware.instance_type', 'Any of several machine types will do.', type.span);
  put(sheet, 'infra.min_nodes', at(group, 'minSize'), count);
  put(sheet, 'infra.desired_nodes', at(group, 'desiredCapacity'), count);
  put(sheet, 'infra.max_nodes', at(group, 'maxSize'), count);
  put(sheet, 'hardware.spot', at(group, 'spot'), flag);
  put(sheet, 'resources.disk_gb', at(group, 'volumeSize'), count);
  put(sheet, 'infra.efa', at(group, 'efaEnabled'), flag);
  const market = at(group, 'instanceMarketOptions', 'marketType');
  if (textAt(market) === 'spot' && market) add(sheet, 'hardware.spot', true, market.span, true);
  else put(sheet, 'infra.capacity_type', market, words);
}
