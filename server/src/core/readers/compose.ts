import type { SourceFile } from '../source/source-file.ts';
import { at, type DataEntry, type DataMap, type DataNode, entryOf } from '../syntax/data.ts';
import { putComposeCommand, withDefault } from './dialects/compose-command.ts';
import { count, gib, words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { entriesAt, itemsAt, scalarOf, textAt } from './dialects/manifest.ts';
import { statesWork } from './dialects/relevance.ts';
import { putEngineOfImage } from './dialects/serving-image.ts';
import { add, imply, leaveOpen, newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import { textIn } from './dialects/slice.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Docker Compose: a workload for each service that reserves GPUs or serves a model. */
export const reader: Reader = jobReader({
  id: 'compose',
  info: { title: 'Docker Compose', files: '`compose.yaml` with GPU reservations' },
  languages: ['yaml'],
  mentions: (text) =>
    /^services\s*:/m.test(text) && /nvidia|\bgpus?\b|vllm|sglang|text-generation|tritonserver|rocm|habana/i.test(text),
  surveys: (file, { syntax }: ReadContext) => {
    const services = at(syntax.data(file)[0]?.root, 'services');
    return entriesAt(services).flatMap((service) => readService(file, service, syntax));
  },
});

function readService(
  file: SourceFile,
  { key, keySpan, value }: DataEntry,
  syntax: ReadContext['syntax'],
): readonly Survey[] {
  if (value.kind !== 'map') return [];
  const sheet = newSheet(file);
  const asks = putDevices(sheet, value);
  add(sheet, 'job.name', textAt(value, 'container_name') ?? key, at(value, 'container_name')?.span ?? keySpan);
  const image = withDefault(at(value, 'image'));
  put(sheet, 'job.image', image, words);
  put(sheet, 'serving.replicas', withDefault(at(value, 'deploy', 'replicas')), count);
  put(sheet, 'resources.shm_gb', withDefault(at(value, 'shm_size')), gib());
  const limits = at(value, 'deploy', 'resources', 'limits');
  put(sheet, 'resources.memory_limit_gib', withDefault(at(limits, 'memory') ?? at(value, 'mem_limit')), gib());
  putComposeCommand(sheet, syntax, value);
  putEngineOfImage(sheet, image);
  if (!asks && !statesWork(sheet)) return [];
  const anchor = entryOf(at(value, 'deploy'), 'resources')?.keySpan ?? entryOf(value, 'gpus')?.keySpan ?? keySpan;
  const serves = sheet.facts.some(({ name }) => name === 'serving.engine');
  return [survey(sheet, 'compose', key, serves ? 'serving' : 'job', anchor)];
}

/** Puts the GPUs that a service reserves; true where it asks for any. */
function putDevices(sheet: Sheet, service: DataMap): boolean {
  const devices = itemsAt(service, 'deploy', 'resources', 'reservations', 'devices');
  const gpus = at(service, 'gpus');
  const asked = [...devices.filter(isGpu), ...(gpus?.kind === 'list' ? gpus.items : [])];
  for (const device of asked) putDevice(sheet, device);
  const number = withDefault(gpus);
  if (number?.kind === 'scalar') putCount(sheet, number);
  const runtime = scalarOf(at(service, 'runtime'));
  const runs = runtime !== undefined && /^(?:nvidia|habana|amd)$/.test(textIn(runtime));
  if (runtime && runs) {
    const vendor = textIn(runtime) === 'habana' ? 'intel' : textIn(runtime);
    imply(sheet, 'hardware.accelerator_vendor', vendor, runtime.span, 'The runtime fixes the vendor.');
    leaveOpen(sheet, 'hardware.gpus_per_node', 'Every GPU of the host is visible.', runtime.span);
  }
  return asked.length > 0 || gpus !== undefined || runs;
}

function isGpu(device: DataNode): boolean {
  const driver = textAt(device, 'driver') ?? '';
  return (
    /nvidia|amd|cdi|habana/.test(driver) ||
    itemsAt(device, 'capabilities').some((one) => /gpu|nvidia/.test(textAt(one) ?? ''))
  );
}

function putDevice(sheet: Sheet, device: DataNode): void {
  const ids = at(device, 'device_ids');
  if (ids?.kind === 'list') add(sheet, 'hardware.gpus_per_node', ids.items.length, ids.span, true);
  const number = withDefault(at(device, 'count'));
  if (number) putCount(sheet, number);
  else if (!ids) leaveOpen(sheet, 'hardware.gpus_per_node', 'Every GPU of the host is reserved.', device.span);
  const driver = at(device, 'driver');
  const vendor = /nvidia/.test(textAt(driver) ?? '') ? 'nvidia' : undefined;
  if (driver && vendor)
    imply(sheet, 'hardware.accelerator_vendor', vendor, driver.span, 'The driver fixes the vendor.');
}

function putCount(sheet: Sheet, node: DataNode): void {
  const text = textAt(node) ?? '';
  if (/^(?:all|-1)$/.test(text))
    leaveOpen(sheet, 'hardware.gpus_per_node', 'Every GPU of the host is reserved.', node.span);
  else put(sheet, 'hardware.gpus_per_node', node, count);
}
