import type { FactValue } from '../facts/vocabulary.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type DataNode, entryOf } from '../syntax/data.ts';
import { listCommands } from './dialects/embedded-command.ts';
import { accelerator, choice, count, hours, words } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { putInstanceType } from './dialects/instances.ts';
import { jobReader } from './dialects/job-reader.ts';
import { anyCase, anyItems, anyKeySpan } from './dialects/keys.ts';
import { putTotals } from './dialects/kubernetes.ts';
import { numberAt, textAt } from './dialects/manifest.ts';
import { putCommands } from './dialects/put-command.ts';
import { namesDevice, statesWork } from './dialects/relevance.ts';
import { add, newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Custom jobs of Vertex AI as `gcloud` and the API take them. */
export const reader: Reader = jobReader({
  id: 'vertex',
  info: { title: 'Vertex AI CustomJob', files: 'YAML or JSON with `workerPoolSpecs`' },
  languages: ['yaml', 'json'],
  mentions: (text) => /worker_?pool_?specs/i.test(text),
  surveys: readJob,
});

function readJob(file: SourceFile, { syntax }: ReadContext): readonly Survey[] {
  const root = syntax.data(file)[0]?.root;
  const spec = anyCase(root, 'jobSpec') ?? anyCase(root, 'trialJobSpec') ?? root;
  const pools = anyItems(spec, 'workerPoolSpecs');
  const leading = pools.find((pool) => anyCase(pool, 'machineSpec', 'acceleratorType')) ?? pools[0];
  if (!leading) return [];
  const sheet = newSheet(file);
  put(sheet, 'job.name', anyCase(root, 'displayName'), words);
  putPool(sheet, leading);
  putNodes(sheet, pools);
  putTotals(sheet);
  const scheduling = anyCase(spec, 'scheduling');
  put(sheet, 'hardware.time_limit_hours', anyCase(scheduling, 'timeout'), hours('s'));
  put(sheet, 'hardware.max_wait_hours', anyCase(scheduling, 'maxWaitDuration'), hours('s'));
  put(sheet, 'hardware.spot', anyCase(scheduling, 'strategy'), choice('SPOT', 'STANDARD'));
  const seconds = (value: FactValue) => `${Math.round(Number(value) * 3600)}s`;
  allow(sheet, 'hardware.time_limit_hours', spec, ['scheduling', 'timeout'], seconds);
  allow(sheet, 'hardware.spot', spec, ['scheduling', 'strategy'], (value) => (value ? 'SPOT' : 'STANDARD'));
  allow(sheet, 'hardware.nodes', leading, entryOf(leading, 'machine_spec') ? 'replica_count' : 'replicaCount', String);
  const container = anyCase(leading, 'containerSpec');
  const lists = [anyCase(container, 'command'), anyCase(container, 'args')];
  putCommands(sheet, listCommands(syntax, lists), syntax);
  if (!namesDevice(sheet) && !statesWork(sheet)) return [];
  const anchor = anyKeySpan(leading, 'machineSpec') ?? leading.span;
  return [survey(sheet, 'vertex', textAt(anyCase(root, 'displayName')) ?? 'custom-job', 'job', anchor)];
}

function putPool(sheet: Sheet, pool: DataNode): void {
  const machine = anyCase(pool, 'machineSpec');
  put(sheet, 'hardware.accelerator', anyCase(machine, 'acceleratorType'), accelerator('enum'));
  put(sheet, 'hardware.gpus_per_node', anyCase(machine, 'acceleratorCount'), count);
  putInstanceType(sheet, anyCase(machine, 'machineType'));
  put(sheet, 'hardware.tpu_topology', anyCase(machine, 'tpuTopology'), words);
  put(sheet, 'resources.disk_gb', anyCase(pool, 'diskSpec', 'bootDiskSizeGb'), count);
  put(sheet, 'job.image', anyCase(pool, 'containerSpec', 'imageUri'), words);
  const package_ = anyCase(pool, 'pythonPackageSpec');
  put(sheet, 'job.image', anyCase(package_, 'executorImageUri'), words);
  put(sheet, 'job.config', anyCase(package_, 'pythonModule'), words);
}

/** Replicas of all pools that compute alike: the chief's pool has one, the workers' the rest. */
function putNodes(sheet: Sheet, pools: readonly DataNode[]): void {
  const counts = pools.map((pool) => anyCase(pool, 'replicaCount'));
  const fixed = counts.filter((node) => node !== undefined);
  const [only] = fixed;
  if (fixed.length <= 1) put(sheet, 'hardware.nodes', only, count);
  else if (fixed.every((node) => numberAt(node) !== undefined)) {
    const total = fixed.reduce((sum, node) => sum + (numberAt(node) ?? 0), 0);
    const last = fixed.at(-1);
    if (last) add(sheet, 'hardware.nodes', total, last.span, true, ...fixed.slice(0, -1).map((node) => node.span));
  }
}
