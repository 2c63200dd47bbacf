import type { SourceFile } from '../source/source-file.ts';
import { jobReader } from './dialects/job-reader.ts';
import { anyCase, anyItems, anyKeySpan } from './dialects/keys.ts';
import { textAt } from './dialects/manifest.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { isTrainingJob, putClusterGroup, putTrainingJob, putVariant } from './dialects/sagemaker-job.ts';
import { newSheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** SageMaker requests in JSON or YAML: training jobs, endpoint configurations and HyperPod clusters. */
export const reader: Reader = jobReader({
  id: 'sagemaker',
  info: {
    title: 'Amazon SageMaker requests',
    files: 'JSON or YAML of `create-training-job`, `create-cluster`, `create-endpoint-config`',
  },
  languages: ['json', 'yaml'],
  mentions: (text) =>
    /["']?(?:TrainingJobName|ResourceConfig|ProductionVariants|InstanceGroups|AlgorithmSpecification)["']?\s*:/.test(
      text,
    ) && !/AWSTemplateFormatVersion|AWS::|^apiVersion\s*:/m.test(text),
  surveys: readRequest,
});

function readRequest(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  const root = syntax.data(file)[0]?.root;
  if (isTrainingJob(root)) {
    const sheet = newSheet(file);
    putTrainingJob(sheet, root, syntax);
    const name = textAt(anyCase(root, 'trainingJobName')) ?? 'training-job';
    const anchor = anyKeySpan(root, 'resourceConfig') ?? root.span;
    return namesDevice(sheet) || statesWork(sheet) ? [survey(sheet, 'sagemaker', name, 'job', anchor)] : [];
  }
  const variants = anyItems(root, 'productionVariants').flatMap((variant) => {
    const sheet = newSheet(file);
    putVariant(sheet, variant);
    const name = textAt(anyCase(variant, 'variantName')) ?? 'variant';
    const anchor = anyKeySpan(variant, 'instanceType') ?? variant.span;
    return namesDevice(sheet) ? [survey(sheet, 'sagemaker', name, 'serving', anchor)] : [];
  });
  const groups = anyItems(root, 'instanceGroups').flatMap((group) => {
    const sheet = newSheet(file);
    if (root) putClusterGroup(sheet, root, group);
    const name = textAt(anyCase(group, 'instanceGroupName')) ?? 'group';
    const anchor = anyKeySpan(group, 'instanceType') ?? group.span;
    return namesDevice(sheet) ? [survey(sheet, 'sagemaker', name, 'infrastructure', anchor)] : [];
  });
  return [...variants, ...groups];
}
