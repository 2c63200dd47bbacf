import type { SourceFile } from '../source/source-file.ts';
import { at, type DataEntry, type DataMap, type DataNode } from '../syntax/data.ts';
import { words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { type MachinePool, machinePools, poolAnchor, putMachinePool } from './dialects/machine-pool.ts';
import { entriesAt, textAt } from './dialects/manifest.ts';
import { newSheet, put, type Sheet, type Survey, survey, valueOn } from './dialects/sheet.ts';
import { withVariables } from './dialects/terraform-variables.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Terraform and OpenTofu: a workload for each group of machines with accelerators, in resources, modules, variable defaults and tfvars. */
export const reader: Reader = jobReader({
  id: 'terraform',
  info: { title: 'Terraform', files: '`.tf` and `.tfvars` with GPU or TPU machines' },
  languages: ['hcl'],
  mentions: (text) =>
    /instance_types?|machine_type|vm_size|accelerator_type|guest_accelerator/.test(text) &&
    /["'](?:ml\.)?(?:p\d|g\d|trn|inf|dl\d)[a-z\d]*\.\w+["']|accelerator|Standard_N|a[23]-|g2-|g4-|a4x?-|ct\d|nvidia|tpu|BM\.GPU|VM\.GPU/i.test(
      text,
    ),
  surveys: readModule,
});

function readModule(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  const root = syntax.data(file)[0]?.root;
  if (root?.kind !== 'map') return [];
  const resolved = withVariables(root);
  const pools = machinePools(resolved);
  return [...pools, ...(pools.length === 0 ? flatPool(resolved) : [])].flatMap((pool) => {
    const sheet = newSheet(file);
    if (!putMachinePool(sheet, pool)) return [];
    putCluster(sheet, resolved, pool.around);
    const name = pool.name || pool.around.flatMap((map) => textAt(map, 'name') ?? [])[0] || 'machines';
    return [survey(sheet, 'terraform', name, 'infrastructure', poolAnchor(pool))];
  });
}

/** The variables of a module with their defaults. */
function variablesOf(root: DataMap): readonly DataEntry[] {
  return root.entries
    .filter(({ key }) => key === 'variable')
    .flatMap((block) => entriesAt(block.value))
    .flatMap((entry) => {
      const value = at(entry.value, 'default');
      return value ? [{ ...entry, value }] : [];
    });
}

/** Words before a setting's own name in the name of a variable (`gpu_node_machine_type`). */
const before =
  /^(?:(?:gpu|accelerator|worker|compute|node|nodes|pool|node_?pool|instance(?=_(?:type|count)$)?)_)*?(?=(?:machine_type|instance_types?|vm_size|accelerator_type|accelerator_count|gpu_count|gpu_type|node_count|min_nodes|max_nodes|min_size|max_size|desired_size|disk_size_gb|disk_size|capacity_type|spot)$)/;

/** Variables that name a machine one by one, each with its default: together they are one group of machines. */
function flatPool(root: DataMap): readonly MachinePool[] {
  const entries = variablesOf(root).flatMap((entry) => {
    const gpu = /(?:^|_)(?:gpu|accelerator|guest)/.test(entry.key);
    const plain = /^(?:machine_type|instance_type|vm_size|region|zone)$/.test(entry.key);
    return gpu || plain ? [{ ...entry, key: entry.key.replace(before, '') }] : [];
  });
  return entries.length === 0 ? [] : [{ block: { ...root, entries }, around: [root], name: 'variables' }];
}

/** Cluster and region: of the resource itself, else of the file's variables or provider. */
function putCluster(sheet: Sheet, root: DataMap, around: readonly DataMap[]): void {
  for (const map of around) {
    for (const key of [
      'region',
      'zone',
      'location',
      'cluster_location',
      'cluster_region',
      'aws_region',
      'gcp_region',
    ]) {
      put(sheet, 'infra.region', at(map, key), words);
    }
    if (map !== root) continue;
    put(sheet, 'infra.cluster_name', clusterName(sheet, map), words);
  }
  for (const { value } of entriesAt(root, 'provider')) put(sheet, 'infra.region', at(value, 'region'), words);
  const variable = (name: RegExp) => variablesOf(root).find(({ key }) => name.test(key))?.value;
  put(sheet, 'infra.region', variable(/^(?:aws_|gcp_|azure_)?(?:region|location|zone)$/), words);
  put(sheet, 'infra.cluster_name', variable(/^(?:eks_|gke_|aks_)?cluster_name$/), words);
}

/** SageMaker's machines belong to the HyperPod cluster, the others to the plain one. */
function clusterName(sheet: Sheet, root: DataMap): DataNode | undefined {
  const named = root.entries.filter(({ key, value }) => /(?:^|_)cluster_name$/.test(key) && value.kind === 'scalar');
  const managed = valueOn(sheet, 'hardware.instance_type')?.startsWith('ml.') === true;
  const wanted = managed ? /hyperpod|sagemaker/ : /^cluster_name$|eks|gke|aks|kubernetes/;
  return (named.find(({ key }) => wanted.test(key)) ?? named[0])?.value;
}
