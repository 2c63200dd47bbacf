import type { FactValue } from '../facts/vocabulary.ts';
import type { SourceFile } from '../source/source-file.ts';
import { at, type DataMap, type DataNode, entryOf } from '../syntax/data.ts';
import { azureCommand, inputsOf, putFineTuning } from './dialects/azureml-inputs.ts';
import { accelerator, choice, count, gib, hours, without, words } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { keySpan, putTotals } from './dialects/kubernetes.ts';
import { entriesAt, textAt } from './dialects/manifest.ts';
import { putCommands } from './dialects/put-command.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { commandsOf } from './dialects/script.ts';
import { has, imply, newSheet, put, type Sheet, type Survey, survey, valueOn } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Azure Machine Learning: command, sweep and pipeline jobs, and clusters of machines with accelerators. */
export const reader: Reader = jobReader({
  id: 'azureml',
  info: { title: 'Azure Machine Learning job', files: '`commandJob`, `pipelineJob` and `sweepJob` YAML' },
  languages: ['yaml'],
  mentions: (text) =>
    /azuremlschemas|azureml:/.test(text) || (/^compute\s*:/m.test(text) && /^command\s*:/m.test(text)),
  surveys: (file, context) => {
    const root = context.syntax.data(file)[0]?.root;
    return root?.kind === 'map' ? readRoot(file, root, context) : [];
  },
});

function readRoot(file: SourceFile, root: DataMap, context: ReadContext): readonly Survey[] {
  const schema = textAt(root, '$schema') ?? '';
  if (/Deployment|Endpoint|[eE]nvironment\.|[dD]ata\.|[mM]odel\./.test(schema)) return [];
  if (textAt(root, 'type') === 'amlcompute') return readCompute(file, root);
  const jobs = entriesAt(root, 'jobs');
  if (jobs.length > 0) return readPipeline(file, root, context);
  const trial = at(root, 'trial');
  const command = at(root, 'command') ?? at(trial, 'command');
  if (!command || !(at(root, 'compute') ?? at(root, 'resources'))) return [];
  const sheet = newSheet(file);
  putNames(sheet, root);
  if (trial) putSweep(sheet, root);
  putRun(sheet, root, root, context);
  if (trial?.kind === 'map') putRun(sheet, trial, root, context);
  return relevant(sheet, root) ? [survey(sheet, 'azureml', nameOf(root), 'job', anchorOf(root))] : [];
}

function putNames(sheet: Sheet, root: DataMap): void {
  const name = at(root, 'experiment_name') ?? at(root, 'name') ?? at(root, 'display_name');
  put(sheet, 'job.name', name, words);
}

/** Trials of a sweep, and the policy by which it stops poor ones. */
function putSweep(sheet: Sheet, root: DataMap): void {
  const trials = at(root, 'limits', 'max_total_trials');
  if (!trials || !put(sheet, 'sweep.trials', trials, count)) return;
  const policy = at(root, 'early_termination', 'type');
  if (policy) put(sheet, 'sweep.early_stopping', policy, words);
  else imply(sheet, 'sweep.early_stopping', 'none', trials.span, 'The sweep names no early_termination policy.');
}

function nameOf(root: DataMap): string {
  return textAt(root, 'experiment_name') ?? textAt(root, 'name') ?? textAt(root, 'display_name') ?? 'job';
}

function anchorOf(root: DataMap) {
  return keySpan(root, 'resources') ?? keySpan(root, 'compute') ?? keySpan(root, 'jobs') ?? root.span;
}

/** A command is work of ours where it trains or serves, is distributed, or runs on a cluster of GPUs. */
function relevant(sheet: Sheet, root: DataMap): boolean {
  const compute = `${textAt(root, 'compute') ?? ''} ${textAt(root, 'settings', 'default_compute') ?? ''}`;
  return namesDevice(sheet) || statesWork(sheet) || at(root, 'distribution') !== undefined || /gpu/i.test(compute);
}

function putRun(sheet: Sheet, run: DataMap, root: DataMap, { syntax }: ReadContext): void {
  putCompute(sheet, at(run, 'compute'));
  const resources = at(run, 'resources');
  putInstanceType(sheet, at(resources, 'instance_type'));
  put(sheet, 'hardware.nodes', at(resources, 'instance_count'), count);
  put(sheet, 'resources.shm_gb', at(resources, 'shm_size'), gib());
  put(sheet, 'hardware.time_limit_hours', at(run, 'limits', 'timeout'), hours('s'));
  put(sheet, 'job.image', at(run, 'environment', 'image'), words);
  putDistribution(sheet, at(run, 'distribution'));
  const script = azureCommand(at(run, 'command'), [inputsOf(run), inputsOf(root)], at(run, 'search_space'));
  putCommands(sheet, commandsOf(syntax, script), syntax);
  if (namesDevice(sheet)) putTotals(sheet);
  allow(sheet, 'hardware.nodes', run, ['resources', 'instance_count'], String);
  const seconds = (value: FactValue) => String(Math.round(Number(value) * 3600));
  allow(sheet, 'hardware.time_limit_hours', run, ['limits', 'timeout'], seconds);
}

/** A named cluster; its name may tell the accelerator. */
function putCompute(sheet: Sheet, node: DataNode | undefined): void {
  if (!put(sheet, 'infra.compute', node, without(/^azureml:/)) || !node) return;
  const name = accelerator('short').read(valueOn(sheet, 'infra.compute') ?? '');
  if (name)
    imply(sheet, 'hardware.accelerator', name.value, node.span, 'The name of the cluster tells the accelerator.');
}

/** Processes per node are GPUs where the accelerator is known. */
function putDistribution(sheet: Sheet, distribution: DataNode | undefined): void {
  const processes = at(distribution, 'process_count_per_instance');
  put(sheet, 'hardware.processes_per_node', processes, count);
  if (valueOn(sheet, 'hardware.accelerator')) put(sheet, 'hardware.gpus_per_node', processes, count);
  if (textAt(distribution, 'type') === 'tensorflow') {
    put(sheet, 'hardware.nodes', at(distribution, 'worker_count'), count);
  }
}

function readPipeline(file: SourceFile, root: DataMap, context: ReadContext): readonly Survey[] {
  const shared = newSheet(file);
  putNames(shared, root);
  const steps = entriesAt(root, 'jobs').filter(({ value }) => at(value, 'component') !== undefined);
  putFineTuning(shared, [inputsOf(root), ...steps.map(({ value }) => inputsOf(value))]);
  if (statesWork(shared) || namesDevice(shared)) {
    putCompute(shared, at(root, 'settings', 'default_compute'));
    return [survey(shared, 'azureml', nameOf(root), 'job', keySpan(root, 'inputs') ?? anchorOf(root))];
  }
  return entriesAt(root, 'jobs').flatMap(({ key, keySpan: span, value }) => {
    if (value.kind !== 'map' || !at(value, 'command')) return [];
    const sheet = newSheet(file);
    putNames(sheet, root);
    putRun(sheet, value, root, context);
    putCompute(sheet, at(root, 'settings', 'default_compute'));
    return relevant(sheet, value) || (relevant(sheet, root) && has(sheet, 'hardware.nodes'))
      ? [survey(sheet, 'azureml', key, 'job', span)]
      : [];
  });
}

function readCompute(file: SourceFile, root: DataMap): readonly Survey[] {
  const sheet = newSheet(file);
  put(sheet, 'infra.cluster_name', at(root, 'name'), words);
  putInstanceType(sheet, at(root, 'size'));
  put(sheet, 'infra.min_nodes', at(root, 'min_instances'), count);
  put(sheet, 'infra.max_nodes', at(root, 'max_instances'), count);
  put(sheet, 'infra.region', at(root, 'location'), words);
  put(sheet, 'hardware.spot', at(root, 'tier'), choice('low_priority', 'dedicated'));
  if (!namesDevice(sheet)) return [];
  const anchor = entryOf(root, 'size')?.keySpan ?? root.span;
  return [survey(sheet, 'azureml', textAt(root, 'name') ?? 'compute', 'infrastructure', anchor)];
}
