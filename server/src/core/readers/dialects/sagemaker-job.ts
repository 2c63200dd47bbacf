import type { DataMap, DataNode } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import { listCommands } from './embedded-command.ts';
import { count, flag, hours, words } from './form.ts';
import { allow, setEntry, together } from './insert.ts';
import { putInstanceType } from './instances.ts';
import { anyCase, anyItems, isPascal } from './keys.ts';
import { putTotals } from './kubernetes.ts';
import { entriesAt, textAt } from './manifest.ts';
import { putCommands } from './put-command.ts';
import { putSettings, withoutQuotes } from './put-settings.ts';
import { add, has, put, type Sheet, valueOn } from './sheet.ts';

/** Puts a training job of SageMaker, as the API and CloudFormation take it. */
export function putTrainingJob(sheet: Sheet, job: DataMap, syntax: Syntax): void {
  put(sheet, 'job.name', anyCase(job, 'trainingJobName'), words);
  const algorithm = anyCase(job, 'algorithmSpecification');
  put(sheet, 'job.image', anyCase(algorithm, 'trainingImage'), words);
  const resources = anyCase(job, 'resourceConfig');
  const group = anyItems(resources, 'instanceGroups')[0] ?? resources;
  putInstanceType(sheet, anyCase(group, 'instanceType'));
  put(sheet, 'hardware.nodes', anyCase(group, 'instanceCount'), count);
  put(sheet, 'resources.disk_gb', anyCase(resources, 'volumeSizeInGB'), count);
  put(sheet, 'hardware.spot', anyCase(job, 'enableManagedSpotTraining'), flag);
  const stopping = anyCase(job, 'stoppingCondition');
  put(sheet, 'hardware.time_limit_hours', anyCase(stopping, 'maxRuntimeInSeconds'), hours('s'));
  put(sheet, 'hardware.max_wait_hours', anyCase(stopping, 'maxWaitTimeInSeconds'), hours('s'));
  allowLimits(sheet, job);
  put(sheet, 'checkpoint.output_dir', anyCase(job, 'checkpointConfig', 's3Uri'), words);
  const lists = [anyCase(algorithm, 'containerEntrypoint'), anyCase(algorithm, 'containerArguments')];
  putCommands(sheet, listCommands(syntax, lists), syntax);
  putHyperparameters(sheet, anyCase(job, 'hyperParameters'));
  putTotals(sheet);
}

/** Time limit and spot capacity; the service asks how long to wait for spot capacity, at least as long as the job may run. */
function allowLimits(sheet: Sheet, job: DataMap): void {
  const key = (name: string) => (isPascal(job) ? name : name.charAt(0).toLowerCase() + name.slice(1));
  const limit = [key('StoppingCondition'), key('MaxRuntimeInSeconds')];
  const wait = [key('StoppingCondition'), key('MaxWaitTimeInSeconds')];
  const seconds = (value: unknown) => String(Math.round(Number(value) * 3600));
  allow(sheet, 'hardware.time_limit_hours', job, limit, seconds);
  const runs = valueOn(sheet, 'hardware.time_limit_hours') ?? 24;
  const waits = has(sheet, 'hardware.max_wait_hours');
  const stated = sheet.writers.get('hardware.spot');
  sheet.writers.set('hardware.spot', (value) =>
    together(
      stated?.(value) ?? setEntry(sheet.file, job, [key('EnableManagedSpotTraining')], String(value)),
      value && !waits ? setEntry(sheet.file, job, wait, seconds(2 * runs)) : { edits: [] },
    ),
  );
}

/** Hyperparameters become the flags of the program. */
function putHyperparameters(sheet: Sheet, node: DataNode | undefined): void {
  putSettings(sheet, node);
  for (const { key, value } of entriesAt(node)) {
    if (!/^sagemaker_(?:submit_)?program$/.test(key) || value.kind !== 'scalar') continue;
    put(sheet, 'job.config', withoutQuotes(value), words);
  }
}

/** Puts one variant of an endpoint configuration. */
export function putVariant(sheet: Sheet, variant: DataNode): void {
  put(sheet, 'job.name', anyCase(variant, 'variantName'), words);
  putInstanceType(sheet, anyCase(variant, 'instanceType'));
  put(sheet, 'serving.replicas', anyCase(variant, 'initialInstanceCount'), count);
  const scaling = anyCase(variant, 'managedInstanceScaling');
  put(sheet, 'serving.min_replicas', anyCase(scaling, 'minInstanceCount'), count);
  put(sheet, 'serving.max_replicas', anyCase(scaling, 'maxInstanceCount'), count);
}

/** Puts one instance group of a HyperPod cluster. */
export function putClusterGroup(sheet: Sheet, cluster: DataNode, group: DataNode): void {
  put(sheet, 'infra.cluster_name', anyCase(cluster, 'clusterName'), words);
  put(sheet, 'job.name', anyCase(group, 'instanceGroupName'), words);
  putInstanceType(sheet, anyCase(group, 'instanceType'));
  put(sheet, 'hardware.nodes', anyCase(group, 'instanceCount'), count);
  for (const storage of anyItems(group, 'instanceStorageConfigs')) {
    put(sheet, 'resources.disk_gb', anyCase(storage, 'ebsVolumeConfig', 'volumeSizeInGB'), count);
  }
  const spot = anyCase(group, 'capacityRequirements', 'spot');
  if (spot) add(sheet, 'hardware.spot', true, spot.span, true);
  putTotals(sheet);
}

/** True for a map that is a training job. */
export function isTrainingJob(node: DataNode | undefined): node is DataMap {
  return anyCase(node, 'resourceConfig') !== undefined && textAt(anyCase(node, 'resourceConfig')) === undefined;
}
