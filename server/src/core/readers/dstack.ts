import { plainWord, type ShellWord } from '../evaluate/shell-word.ts';
import type { SourceFile } from '../source/source-file.ts';
import { at, type DataMap, type DataNode, entryOf } from '../syntax/data.ts';
import { wordOfScalar } from './dialects/embedded-command.ts';
import { choice, count, cpus, gib, hours, words } from './dialects/form.ts';
import { putGpuRange } from './dialects/gpu-range.ts';
import { allow } from './dialects/insert.ts';
import { putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { itemsAt, scalarOf, textAt } from './dialects/manifest.ts';
import { putModelOfRepository } from './dialects/model-uri.ts';
import { putCommands } from './dialects/put-command.ts';
import { putPlace } from './dialects/region.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { commandsOf, scriptOf } from './dialects/script.ts';
import { newSheet, put, type Sheet, type Survey, survey, valueOn } from './dialects/sheet.ts';
import { sliceScalar, textIn } from './dialects/slice.ts';
import type { ReadContext, Reader } from './reader.ts';

/** dstack tasks, services, development environments and fleets. */
export const reader: Reader = jobReader({
  id: 'dstack',
  info: { title: 'dstack', files: '`.dstack.yml`, `type: task`, `type: service`' },
  languages: ['yaml'],
  mentions: (text, uri) =>
    /^type\s*:\s*["']?(?:task|service|dev-environment|fleet)\b/m.test(text) &&
    (/\.dstack\.ya?ml$/.test(uri) || /^(?:resources|commands|nodes|fleets|spot_policy)\s*:/m.test(text)),
  surveys: (file, context) =>
    context.syntax.data(file).flatMap(({ root }) => (root?.kind === 'map' ? readRun(file, root, context) : [])),
});

function readRun(file: SourceFile, root: DataMap, { syntax }: ReadContext): readonly Survey[] {
  const type = textAt(root, 'type');
  if (type === undefined || !/^(?:task|service|dev-environment|fleet)$/.test(type)) return [];
  const sheet = newSheet(file);
  put(sheet, 'job.name', at(root, 'name'), words);
  put(sheet, 'hardware.nodes', at(root, 'nodes'), count);
  put(sheet, 'job.image', at(root, 'image'), words);
  putResources(sheet, at(root, 'resources'));
  putPolicy(sheet, root);
  const replicas = at(root, 'replicas');
  putReplicas(sheet, replicas);
  putModelOfRepository(sheet, at(root, 'model', 'name') ?? at(root, 'model'));
  putCommands(sheet, commandsOf(syntax, scriptOf(at(root, 'commands')), environmentOf(sheet, root)), syntax);
  const manyNodes = type === 'task' && (valueOn(sheet, 'hardware.nodes') ?? 1) > 1;
  if (!manyNodes && !namesDevice(sheet) && !statesWork(sheet) && !at(root, 'resources', 'gpu')) return [];
  const anchor = entryOf(at(root, 'resources'), 'gpu')?.keySpan ?? entryOf(root, 'type')?.keySpan ?? root.span;
  const role = type === 'service' ? 'serving' : type === 'fleet' ? 'infrastructure' : 'job';
  return [survey(sheet, 'dstack', textAt(root, 'name') ?? type, role, anchor)];
}

function putResources(sheet: Sheet, resources: DataNode | undefined): void {
  putGpuRange(sheet, at(resources, 'gpu'));
  const single = (node: DataNode | undefined) => {
    const scalar = scalarOf(node);
    return scalar && /\.\./.test(textIn(scalar)) ? undefined : scalar;
  };
  put(sheet, 'resources.shm_gb', at(resources, 'shm_size'), gib('g'));
  put(sheet, 'resources.cpu_request', single(at(resources, 'cpu')), cpus);
  put(sheet, 'resources.memory_request_gib', single(at(resources, 'memory')), gib('g'));
  put(sheet, 'resources.disk_gb', single(at(resources, 'disk', 'size') ?? at(resources, 'disk')), gib('g'));
}

function putPolicy(sheet: Sheet, root: DataMap): void {
  put(sheet, 'hardware.spot', at(root, 'spot_policy'), choice('spot', 'on-demand'));
  put(sheet, 'hardware.time_limit_hours', at(root, 'max_duration'), hours('s'));
  const [backend, ...backends] = itemsAt(root, 'backends');
  const [region, ...regions] = itemsAt(root, 'regions');
  const one = <T>(first: T, rest: readonly T[]) => (rest.length === 0 ? first : undefined);
  putPlace(sheet, one(backend, backends), one(region, regions));
  const [type, ...types] = itemsAt(root, 'instance_types');
  putInstanceType(sheet, one(type, types));
  allow(sheet, 'hardware.spot', root, 'spot_policy', (value) => (value ? 'spot' : 'on-demand'));
  allow(sheet, 'hardware.time_limit_hours', root, 'max_duration', (value) => `${Number(value)}h`);
  allow(sheet, 'hardware.nodes', root, 'nodes', String);
}

/** Replicas of a service: a number, or bounds. */
function putReplicas(sheet: Sheet, node: DataNode | undefined): void {
  const scalar = scalarOf(node);
  const bounds = scalar ? /^(\d+)\.\.(\d+)$/.exec(textIn(scalar)) : null;
  if (!scalar || !bounds) {
    put(sheet, 'serving.replicas', node, count);
    return;
  }
  const low = (bounds[1] ?? '').length;
  put(sheet, 'serving.min_replicas', sliceScalar(scalar, 0, low), count);
  put(sheet, 'serving.max_replicas', sliceScalar(scalar, low + 2, textIn(scalar).length), count);
}

/** The environment block (a list of `NAME=value`, or a map) and what dstack itself sets. */
function environmentOf(sheet: Sheet, root: DataMap): ReadonlyMap<string, ShellWord> {
  const found = new Map<string, ShellWord>();
  const block = at(root, 'env');
  for (const item of itemsAt(block)) {
    const scalar = scalarOf(item);
    const equals = scalar ? textIn(scalar).indexOf('=') : -1;
    if (!scalar || equals <= 0) continue;
    const value = sliceScalar(scalar, equals + 1, textIn(scalar).length);
    found.set(textIn(scalar).slice(0, equals), wordOfScalar(value));
  }
  if (block?.kind === 'map') {
    for (const { key, value } of block.entries) {
      if (value.kind === 'scalar' && value.value !== null) found.set(key, wordOfScalar(value));
    }
  }
  const set = (name: string, value: number | undefined, node: DataNode | undefined) => {
    if (value !== undefined) found.set(name, plainWord(String(value), (node ?? root).span, false));
  };
  const gpus = valueOn(sheet, 'hardware.gpus_per_node');
  const nodes = at(root, 'nodes') ? valueOn(sheet, 'hardware.nodes') : 1;
  set('DSTACK_GPUS_PER_NODE', gpus, at(root, 'resources', 'gpu'));
  set('DSTACK_NODES_NUM', nodes, at(root, 'nodes'));
  const all = gpus === undefined || nodes === undefined ? undefined : gpus * nodes;
  set('DSTACK_GPUS_NUM', all, at(root, 'nodes') ?? at(root, 'resources', 'gpu'));
  set('DSTACK_NODE_RANK', 0, undefined);
  return found;
}
