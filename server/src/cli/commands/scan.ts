import { parseArgs } from 'node:util';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { openCache } from '../kept-readings.ts';
import { passes, settingsOf, settingsOptions, thresholdOf } from '../options.ts';
import { reporterOf } from '../reporters/index.ts';
import { reporter as list } from '../reporters/list.ts';
import type { Command } from './index.ts';

/** Prints every job of a repository with the sum. */
export const command: Command = {
  name: 'scan',
  usage:
    'scan [PATH...] [--format list|table|json|markdown|html|sarif|junit|github|csv] [--fail-on SEVERITY] [--cache FOLDER]',
  summary: 'all jobs of a repository, with totals',
  details: [
    '--cache FOLDER keeps what was read of each file, by its content, so that the next scan reads only what has changed.',
    'The folder may be carried from one machine to another, as continuous integration does; a build of Flopwise',
    'uses only what the same build has kept.',
  ].join('\n'),
  run: runScan,
};

async function runScan(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { ...settingsOptions, format: { type: 'string', default: list.id }, cache: { type: 'string' } },
  });
  const reporter = values.format === list.id ? list : reporterOf(values.format);
  const threshold = thresholdOf(values['fail-on']);
  const engine = await loadEngine(host);
  const settings = settingsOf(values, host);
  checkAccelerator(values.accelerator, engine.catalog);
  const paths = positionals.length === 0 ? ['.'] : positionals;
  const kept = await openCache(values.cache, host);
  const reported = await gatherPaths(paths, engine, settings, host, host.progress, kept.readings, kept.ahead);
  host.progress('');
  await kept.keep();
  host.out(reporter.report(reported, host));
  return passes(reported.workloads, threshold) ? exit.fine : exit.findings;
}
