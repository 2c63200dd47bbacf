import { parseArgs } from 'node:util';
import type { PriceKind } from '#core/catalog/offer.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { type AskedLimits, optimizePaths } from '../optimized.ts';
import { candidatesTable, toCandidatesJson } from '../reporters/candidates.ts';
import type { Command } from './index.ts';

/** Prints cheaper and faster ways to run the jobs of some files. */
export const command: Command = {
  name: 'optimize',
  usage:
    'optimize PATH... [--deadline 24h] [--budget 500] [--cloud C]... [--region R] [--accelerator NAME]... [--kind KIND]... [--max-devices N] [--keep-numerics] [--any-batch] [--format table|json]',
  summary: 'cheaper and faster ways to run each job, within limits',
  details:
    'Looks at machines of every cloud in the tables (or those named), counts, number formats, micro batches and accumulation, recomputation and sharding. Listed is what nothing else found is both cheaper and faster than. The global batch stays unless --any-batch is given; with --keep-numerics the number format stays too. Of a server: machines, tensor parallelism, formats of weights and cache and sequences at once, by the cost of a million tokens under full load and the wait for one request; deadline and budget are of runs that end. Pools of flopwise.yaml are looked at beside the clouds.',
  run: runOptimize,
};

const kinds: readonly PriceKind[] = ['on-demand', 'spot', 'reserved'];

async function runOptimize(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      deadline: { type: 'string' },
      budget: { type: 'string' },
      cloud: { type: 'string', multiple: true },
      region: { type: 'string' },
      accelerator: { type: 'string', multiple: true },
      kind: { type: 'string', multiple: true },
      'max-devices': { type: 'string' },
      'keep-numerics': { type: 'boolean', default: false },
      'any-batch': { type: 'boolean', default: false },
      format: { type: 'string', default: 'table' },
    },
  });
  if (positionals.length === 0) throw new KnownError('optimize needs a path', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const kind = values.kind?.map((one) => {
    const known = kinds.find((other) => other === one);
    if (!known) throw new KnownError(`--kind ${one}: one of ${kinds.join(', ')}`, exit.usage);
    return known;
  });
  const asked: AskedLimits = {
    keepNumerics: values['keep-numerics'],
    keepGlobalBatch: !values['any-batch'],
    deadlineHours: values.deadline === undefined ? undefined : hoursOf(values.deadline),
    budget: values.budget === undefined ? undefined : positive('--budget', values.budget),
    clouds: values.cloud,
    region: values.region,
    accelerators: values.accelerator,
    kinds: kind,
    maximumDevices: values['max-devices'] === undefined ? undefined : positive('--max-devices', values['max-devices']),
  };
  const optimized = await optimizePaths(positionals, asked, await loadEngine(host), host);
  host.out(
    values.format === 'json' ? JSON.stringify(toCandidatesJson(optimized), undefined, 2) : candidatesTable(optimized),
  );
  return exit.fine;
}

function positive(option: string, text: string): number {
  const value = Number(text.replace(/^\$/, ''));
  if (!(value > 0) || !Number.isFinite(value))
    throw new KnownError(`${option} ${text}: a number above zero`, exit.usage);
  return value;
}

/** "24h", "90m", "2d" or plain hours. */
function hoursOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(m|min|h|d)?$/.exec(text.trim());
  const value = Number(match?.[1]);
  if (!(value > 0)) throw new KnownError(`--deadline ${text}: a stretch of time such as 24h, 90m or 2d`, exit.usage);
  const unit = match?.[2] ?? 'h';
  return unit === 'd' ? value * 24 : unit === 'h' ? value : value / 60;
}
