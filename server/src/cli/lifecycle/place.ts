import { parseArgs } from 'node:util';
import { describePlacement } from '#core/report/placement.ts';
import type { Settings } from '#core/settings.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { settingsOf, settingsOptions } from '../options.ts';
import { positive } from './options.ts';
import { bytesOf } from './size.ts';

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

/** Tells of every job of some paths where its data and its machines are, and what the way between them costs. */
export async function runPlace(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...settingsOptions,
      'bucket-region': { type: 'string' },
      bytes: { type: 'string' },
      zones: { type: 'string' },
      format: { type: 'string', default: 'table' },
    },
  });
  if (positionals.length === 0) throw new KnownError('storage place needs a path', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const engine = await loadEngine(host);
  checkAccelerator(values.accelerator, engine.catalog);
  const zones = positive(values.zones, '--zones', 'zones');
  const region = values['bucket-region'];
  const bytes = values.bytes === undefined ? undefined : bytesOf(values.bytes, '--bytes');
  const bucket = { ...(region === undefined ? {} : { region }), ...(bytes === undefined ? {} : { bytes }) };
  const lifecycle = {
    ...(Object.keys(bucket).length > 0 ? { buckets: { '*': bucket } } : {}),
    ...(zones === undefined ? {} : { zones }),
  };
  const base = settingsOf(values, host);
  const settings: Settings = Object.keys(lifecycle).length > 0 ? { ...base, lifecycle } : base;
  const { workloads, problems } = await gatherPaths(positionals, engine, settings, host);
  const jobs = workloads.filter(({ spec }) => spec.task !== 'serving');
  if (values.format === 'json') {
    const placed = jobs.map(({ workload, estimate }) => ({
      main: host.show(workload.main),
      ...(estimate.placement ? { placement: estimate.placement } : { reason: unplaced }),
    }));
    host.out(JSON.stringify({ version, workloads: placed }, undefined, 2));
    return exit.fine;
  }
  const blocks = jobs.map(({ workload, estimate, report }) => {
    const { placement } = estimate;
    const sizeless = placement?.perGB && placement.bytes === undefined;
    const lines = [
      ...(placement ? describePlacement(placement) : [unplaced]),
      ...(sizeless ? ['--bytes 2TB tells it here, gb under buckets in flopwise.yaml for good'] : []),
    ];
    return [`${host.show(workload.main)}   ${report.title}`, ...lines.map((line) => `  ${line}`)].join('\n');
  });
  if (blocks.length === 0) blocks.push('No training job was found.');
  host.out([...blocks, ...problems.map(({ message }) => `not read: ${message}`)].join('\n\n'));
  return exit.fine;
}

const unplaced = 'no bucket and no place of the machines are stated';
