import { plainWord, type ShellWord } from '../evaluate/shell-word.ts';
import type { SourceFile } from '../source/source-file.ts';
import { at, type DataMap, type DataNode, entryOf } from '../syntax/data.ts';
import { putNameAndCount } from './dialects/accelerator-count.ts';
import { toAccelerator } from './dialects/accelerator-name.ts';
import { spellAccelerator } from './dialects/accelerator-spelling.ts';
import { mapEnvironment } from './dialects/embedded-command.ts';
import { count, cpus, type Form, flag, gib, without, words } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { entriesAt, itemsAt, scalarOf, textAt } from './dialects/manifest.ts';
import { putCommands } from './dialects/put-command.ts';
import { cloud, putPlace } from './dialects/region.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { commandsOf, scriptOf } from './dialects/script.ts';
import { add, has, imply, newSheet, put, type Sheet, type Survey, survey, valueOn } from './dialects/sheet.ts';
import { partsOf } from './dialects/slice.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Keys of a SkyPilot task; a file with others is another format's. */
const keys = new Set(
  'name resources num_nodes run setup envs secrets workdir file_mounts service inputs outputs config volumes event_callback pool experimental'.split(
    ' ',
  ),
);

/** SkyPilot tasks and services; each document of a pipeline is a task of its own. */
export const reader: Reader = jobReader({
  id: 'skypilot',
  info: { title: 'SkyPilot', files: '`*.sky.yaml`, tasks with `resources:` and `run:`' },
  languages: ['yaml'],
  mentions: (text) =>
    /^(?:resources|num_nodes|service|envs|run)\s*:/m.test(text) &&
    /^\s+(?:-\s+)?(?:accelerators|use_spot|instance_type|any_of|ordered|cloud|infra|cpus|image_id|disk_size)\s*:|^(?:num_nodes|service)\s*:/m.test(
      text,
    ),
  lacks: {
    'hardware.time_limit_hours': 'SkyPilot tasks have no time limit: they end with their command.',
    'hardware.instance_type': 'SkyPilot chooses the machine type by the accelerators that a task asks for.',
    'hardware.accelerator': 'The machine type or a list of choices decides the accelerator here.',
  },
  surveys: (file, context) =>
    context.syntax.data(file).flatMap(({ root }) => (root?.kind === 'map' ? readTask(file, root, context) : [])),
});

function readTask(file: SourceFile, root: DataMap, { syntax }: ReadContext): readonly Survey[] {
  const resources = at(root, 'resources');
  if (!root.entries.every(({ key }) => keys.has(key)) || (!resources && !at(root, 'run'))) return [];
  const sheet = newSheet(file);
  put(sheet, 'job.name', at(root, 'name'), words);
  put(sheet, 'hardware.nodes', at(root, 'num_nodes'), count);
  putResources(sheet, resources);
  putService(sheet, at(root, 'service'));
  putMounts(sheet, root);
  putBucket(sheet, root);
  const environment = new Map([...mapEnvironment(at(root, 'envs')), ...platformEnvironment(sheet, root)]);
  putCommands(sheet, commandsOf(syntax, scriptOf(at(root, 'run')), environment), syntax);
  const accelerators = entryOf(resources, 'accelerators');
  if (!accelerators && !namesDevice(sheet) && !statesWork(sheet)) return [];
  if (!has(sheet, 'hardware.nodes')) allow(sheet, 'hardware.nodes', root, 'num_nodes', String);
  const anchor = accelerators?.keySpan ?? entryOf(root, 'resources')?.keySpan ?? root.entries[0]?.keySpan ?? root.span;
  const role = at(root, 'service') ? 'serving' : 'job';
  return [survey(sheet, 'skypilot', textAt(root, 'name') ?? fileStem(file), role, anchor)];
}

/** A strategy by which a managed job is started anew; `none` is none. */
const recovers: Form<boolean> = {
  read: (text) => (/^[A-Za-z_]+$/.test(text) ? { value: !/^none$/i.test(text), derived: true } : undefined),
  spell: (value) => (value ? 'EAGER_NEXT_REGION' : 'none'),
};

/** Folders of a task that are a bucket or a volume, rather than a copy on the machine. */
function putMounts(sheet: Sheet, root: DataMap): void {
  const buckets = entriesAt(at(root, 'file_mounts')).filter(
    ({ value }) => value.kind === 'map' && !/^copy$/i.test(textAt(value, 'mode') ?? ''),
  );
  const mounts = [...buckets, ...entriesAt(at(root, 'volumes'))];
  const [first] = mounts;
  if (!first) return;
  const why = 'Mounts are written one by one.';
  const paths = mounts.map(({ key }) => key);
  imply(sheet, 'infra.mounts', paths, first.keySpan, why);
}

const bucketAddress = /^(?:s3|gs|gcs|r2|cos|oci|az|https):\/\//;

/** The first bucket that is no place for results: copied to the machines once, or mounted and read again. */
function putBucket(sheet: Sheet, root: DataMap): void {
  for (const { key, value } of entriesAt(at(root, 'file_mounts'))) {
    if (/ckpt|checkpoint|output|result|log/i.test(key)) continue;
    const source = scalarOf(value) ?? scalarOf(at(value, 'source'));
    if (!source || !bucketAddress.test(String(source.value))) continue;
    put(sheet, 'data.bucket', source, words);
    const mounted = value.kind === 'map' && !/^copy$/i.test(textAt(value, 'mode') ?? '');
    imply(sheet, 'data.bucket_rereads', mounted, source.span, 'The mode of the mount decides this.');
    return;
  }
}

function fileStem(file: SourceFile): string {
  return file.uri.slice(file.uri.lastIndexOf('/') + 1).replace(/(?:\.sky)?\.ya?ml$/, '');
}

function putResources(sheet: Sheet, resources: DataNode | undefined): void {
  putAccelerators(sheet, at(resources, 'accelerators'));
  const choices = [...itemsAt(resources, 'ordered'), ...itemsAt(resources, 'any_of')];
  if (choices.some((choice) => at(choice, 'accelerators'))) putChoices(sheet, choices);
  else if (choices[0]) putResources(sheet, choices[0]);
  putInstanceType(sheet, at(resources, 'instance_type'));
  const infra = scalarOf(at(resources, 'infra'));
  if (infra) {
    const [provider, region] = partsOf(infra, '/');
    put(sheet, 'infra.cloud', provider, cloud);
    if (String(region?.value ?? '*') !== '*') put(sheet, 'infra.region', region, words);
  }
  putPlace(sheet, at(resources, 'cloud'), at(resources, 'region') ?? at(resources, 'zone'));
  put(sheet, 'hardware.spot', at(resources, 'use_spot'), flag);
  put(sheet, 'resources.disk_gb', at(resources, 'disk_size'), gib('g'));
  put(sheet, 'resources.cpu_request', at(resources, 'cpus'), cpus);
  const memory = at(resources, 'memory');
  put(sheet, 'resources.memory_request_gib', memory, gib('g'));
  put(sheet, 'job.image', at(resources, 'image_id'), without(/^docker:/));
  const recovery = at(resources, 'job_recovery') ?? at(resources, 'spot_recovery');
  put(sheet, 'job.max_retries', at(recovery, 'max_restarts_on_errors'), count);
  put(sheet, 'job.requeue', at(recovery, 'strategy') ?? recovery, recovers);
  allow(sheet, 'job.requeue', resources, ['job_recovery', 'strategy'], (value) => recovers.spell(value === true, ''));
  allow(sheet, 'hardware.spot', resources, 'use_spot', String);
  if (!at(resources, 'accelerators') && !at(resources, 'instance_type') && choices.length === 0) {
    allow(sheet, 'hardware.accelerator', resources, 'accelerators', (value) =>
      spellAccelerator(String(value), 'short'),
    );
  }
}

/** One accelerator as text or as a map of one; several leave the choice to the optimiser. */
function putAccelerators(sheet: Sheet, node: DataNode | undefined): void {
  if (node?.kind === 'scalar') {
    putNameAndCount(sheet, node);
    return;
  }
  const candidates = node?.kind === 'list' ? node.items : [];
  if (candidates.length === 1) putNameAndCount(sheet, scalarOf(candidates[0]));
  else if (candidates.length > 1)
    putCandidates(
      sheet,
      candidates.map((one) => String(scalarOf(one)?.value)),
      node,
    );
  const [first, ...more] = entriesAt(node);
  if (!first || !node) return;
  if (more.length > 0) {
    // `{A100:8, L4:4}` without blanks is a set of `name:count`, as YAML reads it.
    const names = entriesAt(node).map(({ key, value }) =>
      /:\d+$/.test(key) ? key : `${key}:${String(scalarOf(value)?.value ?? 1)}`,
    );
    putCandidates(sheet, names, node);
    return;
  }
  const [, alone, number] = /^([^:]+):(\d+)$/.exec(first.key) ?? [];
  const name = toAccelerator(alone ?? first.key);
  if (number)
    imply(sheet, 'hardware.gpus_per_node', Number(number), first.keySpan, 'The name and the count are one key.');
  if (name) add(sheet, 'hardware.accelerator', name, first.keySpan, name !== first.key);
  put(sheet, 'hardware.gpus_per_node', first.value, count);
}

/** Alternatives that differ in their accelerators. */
function putChoices(sheet: Sheet, choices: readonly DataNode[]): void {
  const named = choices.flatMap((choice) => scalarOf(at(choice, 'accelerators')) ?? []);
  const [first] = named;
  if (named.length === 1) putNameAndCount(sheet, first);
  else
    putCandidates(
      sheet,
      named.map((one) => String(one.value)),
      first,
    );
  const spots = choices.flatMap((choice) => scalarOf(at(choice, 'use_spot')) ?? []);
  if (spots.length === choices.length && new Set(spots.map(({ value }) => value)).size === 1) {
    put(sheet, 'hardware.spot', spots[0], flag);
    const refused = 'Every alternative says this for itself; change them one by one.';
    if (choices.length > 1) sheet.writers.set('hardware.spot', () => ({ refused }));
  }
}

function putCandidates(sheet: Sheet, written: readonly string[], node: DataNode | undefined): void {
  const names = written.flatMap((text) => toAccelerator(text.split(':')[0] ?? '') ?? []);
  const counts = new Set(written.map((text) => Number(/:(\d+)$/.exec(text)?.[1] ?? 1)));
  if (!node || names.length === 0) return;
  const why = 'Several accelerators are allowed; leave one of them.';
  const [only] = new Set(names);
  if (new Set(names).size === 1 && only) imply(sheet, 'hardware.accelerator', only, node.span, why);
  else imply(sheet, 'hardware.accelerator_candidates', [...new Set(names)], node.span, why);
  const [count_] = counts;
  if (counts.size === 1 && count_ !== undefined) imply(sheet, 'hardware.gpus_per_node', count_, node.span, why);
}

function putService(sheet: Sheet, service: DataNode | undefined): void {
  put(sheet, 'serving.replicas', at(service, 'replicas'), count);
  const policy = at(service, 'replica_policy');
  put(sheet, 'serving.min_replicas', at(policy, 'min_replicas'), count);
  put(sheet, 'serving.max_replicas', at(policy, 'max_replicas'), count);
}

/** What SkyPilot itself sets in the environment of a task. */
function platformEnvironment(sheet: Sheet, root: DataMap): Map<string, ShellWord> {
  const found = new Map<string, ShellWord>();
  const set = (name: string, value: number | undefined, node: DataNode | undefined) => {
    if (value !== undefined) found.set(name, plainWord(String(value), (node ?? root).span, false));
  };
  set('SKYPILOT_NUM_GPUS_PER_NODE', valueOn(sheet, 'hardware.gpus_per_node'), at(root, 'resources', 'accelerators'));
  set('SKYPILOT_NUM_NODES', valueOn(sheet, 'hardware.nodes') ?? 1, at(root, 'num_nodes'));
  set('SKYPILOT_NODE_RANK', 0, undefined);
  return found;
}
