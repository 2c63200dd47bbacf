import type { SourceFile } from '../source/source-file.ts';
import { at, type DataMap, type DataNode } from '../syntax/data.ts';
import { words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { machinePools, poolAnchor, putMachinePool } from './dialects/machine-pool.ts';
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
  return machinePools(resolved).flatMap((pool) => {
    const sheet = newSheet(file);
    if (!putMachinePool(sheet, pool)) return [];
    putCluster(sheet, resolved, pool.around);
    const name = pool.name || pool.around.flatMap((map) => textAt(map, 'name') ?? [])[0] || 'machines';
    return [survey(sheet, 'terraform', name, 'infrastructure', poolAnchor(pool))];
  });
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
}

/** SageMaker's machines belong to the HyperPod cluster, the others to the plain one. */
function clusterName(sheet: Sheet, root: DataMap): DataNode | undefined {
  const named = root.entries.filter(({ key, value }) => /(?:^|_)cluster_name$/.test(key) && value.kind === 'scalar');
  const managed = valueOn(sheet, 'hardware.instance_type')?.startsWith('ml.') === true;
  const wanted = managed ? /hyperpod|sagemaker/ : /^cluster_name$|eks|gke|aks|kubernetes/;
  return (named.find(({ key }) => wanted.test(key)) ?? named[0])?.value;
}
