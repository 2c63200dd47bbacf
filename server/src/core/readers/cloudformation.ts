import type { SourceFile } from '../source/source-file.ts';
import { at, type DataEntry } from '../syntax/data.ts';
import { putBatchJob } from './dialects/aws-batch-job.ts';
import { withParameters } from './dialects/cloudformation-parameters.ts';
import { words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { anyCase } from './dialects/keys.ts';
import { machinePools, poolAnchor, putCapacity, putMachinePool } from './dialects/machine-pool.ts';
import { entriesAt, itemsAt, textAt } from './dialects/manifest.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { putClusterGroup, putTrainingJob, putVariant } from './dialects/sagemaker-job.ts';
import { newSheet, put, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** CloudFormation: Batch, SageMaker, EKS and EC2 resources with accelerators, each a workload. */
export const reader: Reader = jobReader({
  id: 'cloudformation',
  info: { title: 'AWS CloudFormation', files: 'templates with GPU machines, Batch jobs or SageMaker resources' },
  languages: ['yaml', 'json'],
  mentions: (text) =>
    /AWSTemplateFormatVersion|Type["']?\s*:\s*["']?AWS::/.test(text) &&
    /InstanceTypes?|ResourceRequirements|ResourceConfig|ProductionVariants/.test(text),
  surveys: readTemplate,
});

function readTemplate(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  const root = syntax.data(file)[0]?.root;
  if (root?.kind !== 'map') return [];
  const resources = entriesAt(withParameters(root, file), 'Resources');
  // Machines come first: a template's jobs run on them.
  return [
    ...resources.flatMap((resource) => readMachines(file, resource, resources)),
    ...resources.flatMap((resource) => readJob(file, resource, syntax)),
  ];
}

function readMachines(file: SourceFile, { key, value }: DataEntry, resources: readonly DataEntry[]): readonly Survey[] {
  const type = textAt(value, 'Type') ?? '';
  const properties = at(value, 'Properties');
  if (properties?.kind !== 'map') return [];
  if (type === 'AWS::SageMaker::Cluster') {
    return itemsAt(properties, 'InstanceGroups').flatMap((group) => {
      const sheet = newSheet(file);
      putClusterGroup(sheet, properties, group);
      const name = textAt(group, 'InstanceGroupName') ?? key;
      return namesDevice(sheet) ? [survey(sheet, 'cloudformation', name, 'infrastructure', group.span)] : [];
    });
  }
  if (!/^AWS::(?:Batch::ComputeEnvironment|EC2::|EKS::Nodegroup|AutoScaling::|ECS::)/.test(type)) return [];
  return machinePools(properties).flatMap((pool) => {
    const sheet = newSheet(file);
    put(sheet, 'infra.cluster_name', at(properties, 'ClusterName'), words);
    const template = anyCase(pool.block, 'launchTemplate');
    const named = textAt(anyCase(template, 'launchTemplateId')) ?? textAt(anyCase(template, 'launchTemplateName'));
    const launch = resources.find((one) => one.key === named)?.value;
    putCapacity(sheet, at(launch, 'Properties', 'LaunchTemplateData'));
    return putMachinePool(sheet, pool)
      ? [survey(sheet, 'cloudformation', key, 'infrastructure', poolAnchor(pool))]
      : [];
  });
}

function readJob(
  file: SourceFile,
  { key, keySpan, value }: DataEntry,
  syntax: ReadContext['syntax'],
): readonly Survey[] {
  const type = textAt(value, 'Type') ?? '';
  const properties = at(value, 'Properties');
  if (properties?.kind !== 'map') return [];
  if (type === 'AWS::SageMaker::EndpointConfig') {
    return itemsAt(properties, 'ProductionVariants').flatMap((variant) => {
      const sheet = newSheet(file);
      putVariant(sheet, variant);
      return namesDevice(sheet) ? [survey(sheet, 'cloudformation', key, 'serving', variant.span)] : [];
    });
  }
  if (type !== 'AWS::Batch::JobDefinition' && type !== 'AWS::SageMaker::TrainingJob') return [];
  const sheet = newSheet(file);
  if (type === 'AWS::Batch::JobDefinition') putBatchJob(sheet, properties, syntax);
  else putTrainingJob(sheet, properties, syntax);
  return namesDevice(sheet) || statesWork(sheet) ? [survey(sheet, 'cloudformation', key, 'job', keySpan)] : [];
}
