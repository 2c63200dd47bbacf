import type { SourceFile } from '../source/source-file.ts';
import type { DataMap } from '../syntax/data.ts';
import { putBatchJob } from './dialects/aws-batch-job.ts';
import { count, words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { anyCase, anyKeySpan } from './dialects/keys.ts';
import { machinePools, poolAnchor, putMachinePool } from './dialects/machine-pool.ts';
import { textAt } from './dialects/manifest.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { newSheet, put, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** AWS Batch as its command line takes it: job definitions, submitted jobs and compute environments. */
export const reader: Reader = jobReader({
  id: 'aws-batch',
  info: { title: 'AWS Batch', files: 'JSON or YAML with `jobDefinitionName` or `computeEnvironmentName`' },
  languages: ['json', 'yaml'],
  mentions: (text) => /["']?(?:jobDefinitionName|computeEnvironmentName|containerOverrides)["']?\s*:/.test(text),
  surveys: (file, context) => {
    const root = context.syntax.data(file)[0]?.root;
    if (root?.kind !== 'map') return [];
    return anyCase(root, 'computeResources') ? readEnvironment(file, root) : readDefinition(file, root, context);
  },
});

function readDefinition(file: SourceFile, root: DataMap, { syntax }: ReadContext): readonly Survey[] {
  const sheet = newSheet(file);
  putBatchJob(sheet, root, syntax);
  put(sheet, 'job.name', anyCase(root, 'jobName'), words);
  put(sheet, 'job.queue', anyCase(root, 'jobQueue'), words);
  if (!namesDevice(sheet) && !statesWork(sheet)) return [];
  const name = textAt(anyCase(root, 'jobDefinitionName')) ?? textAt(anyCase(root, 'jobName')) ?? 'job';
  const anchor = anyKeySpan(root, 'containerProperties') ?? anyKeySpan(root, 'nodeProperties') ?? root.span;
  return [survey(sheet, 'aws-batch', name, 'job', anchor)];
}

function readEnvironment(file: SourceFile, root: DataMap): readonly Survey[] {
  return machinePools(root).flatMap((pool) => {
    const sheet = newSheet(file);
    put(sheet, 'infra.cluster_name', anyCase(root, 'computeEnvironmentName'), words);
    put(sheet, 'resources.disk_gb', anyCase(pool.block, 'diskSize'), count);
    if (!putMachinePool(sheet, pool)) return [];
    const name = textAt(anyCase(root, 'computeEnvironmentName')) ?? 'compute';
    return [survey(sheet, 'aws-batch', name, 'infrastructure', poolAnchor(pool))];
  });
}
