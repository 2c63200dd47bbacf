import type { FactValue } from '../../facts/vocabulary.ts';
import type { DataNode } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import { listCommands } from './embedded-command.ts';
import { count, type Form, hours, words } from './form.ts';
import { allow } from './insert.ts';
import { putInstanceType } from './instances.ts';
import { anyCase, anyItems, isPascal } from './keys.ts';
import { putTotals } from './kubernetes.ts';
import { textAt } from './manifest.ts';
import { putCommands } from './put-command.ts';
import { put, type Sheet } from './sheet.ts';

/** Mebibytes, as Batch counts memory. */
export const mebibytes: Form<number> = {
  read: (text) =>
    /^\d+$/.test(text) ? { value: Math.round((Number(text) / 1024) * 1000) / 1000, derived: true } : undefined,
  spell: (value) => String(Math.round(value * 1024)),
};

/** Puts a job definition of AWS Batch, in any spelling of its keys: one container, or nodes of a parallel job. */
export function putBatchJob(sheet: Sheet, definition: DataNode, syntax: Syntax): void {
  const nodes = anyCase(definition, 'nodeProperties');
  const group = anyItems(nodes, 'nodeRangeProperties')[0];
  const tasks = anyItems(anyCase(definition, 'ecsProperties') ?? anyCase(group, 'ecsProperties'), 'taskProperties')[0];
  const container =
    anyCase(definition, 'containerProperties') ?? anyCase(group, 'container') ?? anyItems(tasks, 'containers')[0];
  put(sheet, 'job.name', anyCase(definition, 'jobDefinitionName'), words);
  put(sheet, 'hardware.nodes', anyCase(nodes, 'numNodes'), count);
  put(sheet, 'job.image', anyCase(container, 'image'), words);
  for (const one of anyItems(container, 'resourceRequirements')) {
    const value = anyCase(one, 'value');
    const type = textAt(anyCase(one, 'type'))?.toUpperCase();
    if (type === 'GPU') put(sheet, 'hardware.gpus_per_node', value, count);
    if (type === 'VCPU') put(sheet, 'resources.cpu_request', value, count);
    if (type === 'MEMORY') put(sheet, 'resources.memory_request_gib', value, mebibytes);
  }
  put(sheet, 'resources.cpu_request', anyCase(container, 'vcpus'), count);
  put(sheet, 'resources.memory_request_gib', anyCase(container, 'memory'), mebibytes);
  putInstanceType(sheet, anyCase(container, 'instanceType') ?? anyCase(group, 'instanceTypes'));
  put(sheet, 'job.max_retries', anyCase(definition, 'retryStrategy', 'attempts'), count);
  put(sheet, 'hardware.time_limit_hours', anyCase(definition, 'timeout', 'attemptDurationSeconds'), hours('s'));
  const path = isPascal(definition) ? ['Timeout', 'AttemptDurationSeconds'] : ['timeout', 'attemptDurationSeconds'];
  const seconds = (value: FactValue) => String(Math.round(Number(value) * 3600));
  allow(sheet, 'hardware.time_limit_hours', definition, path, seconds);
  putCommands(sheet, listCommands(syntax, [anyCase(container, 'command')]), syntax);
  putTotals(sheet);
}
