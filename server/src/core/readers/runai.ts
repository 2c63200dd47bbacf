import { readArguments, type ShellCommand } from '../evaluate/shell.ts';
import type { ShellWord } from '../evaluate/shell-word.ts';
import { at, type DataNode } from '../syntax/data.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { type Environment, wordOfScalar } from './dialects/embedded-command.ts';
import { count, cpus, gib, words } from './dialects/form.ts';
import { keySpan, kubernetesReader, putTotals } from './dialects/kubernetes.ts';
import { entriesAt, firstOf, itemsAt, textAt } from './dialects/manifest.ts';
import { putCommands, putEngineFlags } from './dialects/put-command.ts';
import { commandsOf, scriptOf } from './dialects/script.ts';
import { putEngineEnvironment } from './dialects/serving-container.ts';
import { engineOfImage, putEngineOfImage } from './dialects/serving-image.ts';
import { imply, leaveOpen, put, type Sheet } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Run:ai's own workloads: every setting stands under its name as `value` or `items`. */
export const reader: Reader = kubernetesReader({
  id: 'runai',
  info: { title: 'Run:ai workloads', files: '`apiVersion: run.ai/...`' },
  kinds: ['TrainingWorkload', 'InteractiveWorkload', 'InferenceWorkload', 'DistributedWorkload'],
  group: /^run\.ai\//,
  role: ({ kind }) => (kind === 'InferenceWorkload' ? 'serving' : 'job'),
  fill(sheet, { kind, spec, root }, { syntax }) {
    const setting = (...names: readonly string[]) =>
      firstOf(...names.map((name) => at(spec, name, 'value') ?? at(spec, 'compute', name)));
    put(sheet, 'job.image', setting('image'), words);
    putDevices(sheet, setting('gpuDevicesRequest', 'gpuDevices', 'gpu'), setting('gpuPortionRequest'));
    put(sheet, 'resources.cpu_request', setting('cpuCoreRequest', 'cpu'), cpus);
    put(sheet, 'resources.cpu_limit', setting('cpuCoreLimit', 'cpuLimit'), cpus);
    put(sheet, 'resources.memory_request_gib', setting('cpuMemoryRequest', 'memory'), gib());
    put(sheet, 'resources.memory_limit_gib', setting('cpuMemoryLimit', 'memoryLimit'), gib());
    put(sheet, 'job.backoff_limit', setting('backoffLimit'), count);
    if (kind === 'DistributedWorkload') putWorkers(sheet, spec);
    if (kind === 'InferenceWorkload') {
      put(sheet, 'serving.min_replicas', setting('minScale', 'minReplicas'), count);
      put(sheet, 'serving.max_replicas', setting('maxScale', 'maxReplicas'), count);
    }
    putProgram(sheet, syntax, spec, setting);
    putTotals(sheet);
    return keySpan(spec, 'gpuDevicesRequest') ?? keySpan(spec, 'gpu') ?? keySpan(spec, 'compute') ?? at(root, 'kind');
  },
});

/** Whole devices are a number; a part of one is asked for by its share. */
function putDevices(sheet: Sheet, devices: DataNode | undefined, portion: DataNode | undefined): void {
  const share = portion ?? devices;
  const part = share?.kind === 'scalar' && Number(share.value) > 0 && Number(share.value) < 1;
  if (part) leaveOpen(sheet, 'hardware.gpus_per_node', 'A part of one device is asked for.', share.span);
  else put(sheet, 'hardware.gpus_per_node', devices, count);
}

/** Workers of PyTorch stand beside a master that trains too; the launcher of MPI has no device. */
function putWorkers(sheet: Sheet, spec: DataNode | undefined): void {
  const node = firstOf(...['numWorkers', 'workers'].map((name) => at(spec, name, 'value') ?? at(spec, name)));
  const framework = at(spec, 'distributedFramework', 'value') ?? at(spec, 'distributedFramework');
  const workers = node?.kind === 'scalar' ? Number(node.value) : Number.NaN;
  if (framework?.kind !== 'scalar' || !/^pytorch$/i.test(String(framework.value)) || !Number.isInteger(workers)) {
    put(sheet, 'hardware.nodes', node, count);
    return;
  }
  const master = textAt(spec, 'noMaster', 'value') === 'true' ? 0 : 1;
  if (node) imply(sheet, 'hardware.nodes', workers + master, node.span, 'These are the workers and their master.');
}

function putProgram(
  sheet: Sheet,
  syntax: Syntax,
  spec: DataNode | undefined,
  setting: (...names: readonly string[]) => DataNode | undefined,
): void {
  const environment = environmentOf(spec);
  const [command, rest] = [setting('command'), setting('args', 'arguments')];
  const image = setting('image');
  const engine = image?.kind === 'scalar' ? engineOfImage(String(image.value)) : undefined;
  const started = startedBy([command, rest], syntax, environment);
  if (command || engine === undefined) putCommands(sheet, started, syntax);
  else putEngineFlags(sheet, started, engine);
  if (engine !== undefined) putEngineEnvironment(sheet, environment);
  putEngineOfImage(sheet, image);
}

/** A text is cut into words as a shell does, a list has them one by one; the arguments follow the command. */
function startedBy(
  nodes: readonly (DataNode | undefined)[],
  syntax: Syntax,
  environment: Environment,
): readonly ShellCommand[] {
  const given = nodes.flatMap((node) => node ?? []);
  const [only] = given;
  if (only && given.length === 1 && only.kind === 'scalar') return commandsOf(syntax, scriptOf(only), environment);
  const cut = given.flatMap((node) => {
    if (node.kind !== 'scalar')
      return itemsAt(node).flatMap((item) => (item.kind === 'scalar' ? [wordOfScalar(item)] : []));
    return commandsOf(syntax, scriptOf(node), environment).flatMap(({ words: told }) => told);
  });
  return readArguments(cut, environment, { parse: (text) => syntax.parse('bash', text) });
}

function environmentOf(spec: DataNode | undefined): Environment {
  const found = new Map<string, ShellWord>();
  for (const { key, value } of entriesAt(spec, 'environment', 'items')) {
    const node = at(value, 'value');
    if (node?.kind === 'scalar' && node.value !== null) found.set(key, wordOfScalar(node));
  }
  return found;
}
