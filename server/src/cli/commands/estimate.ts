import { parseArgs } from 'node:util';
import { estimateSpec } from '#core/index.ts';
import type { Settings } from '#core/settings.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { passes, settingsOf, settingsOptions, thresholdOf } from '../options.ts';
import { type Reported, reporterOf } from '../reporters/index.ts';
import { decodeSpec } from '../spec/schema.ts';
import type { Command } from './index.ts';

/** Prints what the jobs of some files, or of a spec file, cost. */
export const command: Command = {
  name: 'estimate',
  usage: 'estimate PATH... | --spec FILE  [--format FORMAT] [--accelerator H100:8] [--region R] [--price KIND]',
  summary: 'memory, time, money, storage and energy of each job',
  run: runEstimate,
};

async function runEstimate(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...settingsOptions,
      format: { type: 'string', default: 'table' },
      spec: { type: 'string' },
    },
  });
  const reporter = reporterOf(values.format);
  const threshold = thresholdOf(values['fail-on']);
  if (positionals.length === 0 && values.spec === undefined)
    throw new KnownError('estimate needs a path or --spec', exit.usage);
  const engine = await loadEngine(host);
  const settings = settingsOf(values, host);
  checkAccelerator(values.accelerator, engine.catalog);
  const reported: Reported =
    values.spec === undefined
      ? await gatherPaths(positionals, engine, settings, host)
      : {
          workloads: [await specWorkload(values.spec, engine, settings, host)],
          problems: [],
          files: new Map(),
          pricesAsOf: engine.catalog.pricesAsOf,
          worldOf: () => ({ catalog: engine.catalog, settings }),
        };
  host.out(reporter.report(reported, host));
  return passes(reported.workloads, threshold) ? exit.fine : exit.findings;
}

async function specWorkload(
  path: string,
  engine: Awaited<ReturnType<typeof loadEngine>>,
  settings: Settings,
  host: CliHost,
): Promise<Reported['workloads'][number]> {
  const text = await host.readFile(host.uriOf(path));
  if (text === undefined) throw new KnownError(`${path}: no such file`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new KnownError(`${path}: no valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const decoded = decodeSpec(json);
  if ('errors' in decoded) throw new KnownError(`${path}: ${decoded.errors.slice(0, 5).join('; ')}`);
  return estimateSpec(decoded.spec, host.uriOf(path), engine.catalog, settings);
}
