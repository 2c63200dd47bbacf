import { parseArgs } from 'node:util';
import { readers } from '#core/readers/index.ts';
import { type Unknown, unknownsOf } from '#core/report/unknowns.ts';
import { rules } from '#core/rules/index.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { settingsOf, settingsOptions } from '../options.ts';
import { formatFiles } from '../reporters/place.ts';
import type { Command } from './index.ts';

/** Prints what Flopwise has to work with here, and what would make its answers whole. */
export const command: Command = {
  name: 'doctor',
  usage: 'doctor [PATH...] [--format table|json]',
  summary: 'what was found, how old the prices are, what is unknown and how to tell',
  run: runDoctor,
};

async function runDoctor(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { ...settingsOptions, format: { type: 'string', default: 'table' } },
  });
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const engine = await loadEngine(host);
  const { catalog } = engine;
  const settings = settingsOf(values, host);
  const paths = positionals.length === 0 ? ['.'] : positionals;
  const gathered = await gatherPaths(paths, engine, settings, host, (text) => host.progress(text));
  host.progress('');
  const jobs = gathered.workloads.map((one) => ({
    files: formatFiles(one.workload.files, one.workload.main, host),
    readers: [...new Set(one.workload.readings.map(({ reader }) => reader))],
    unknown: unknownsOf(one),
  }));
  const data = {
    version: host.version,
    readers: readers.length,
    rules: rules.length,
    accelerators: catalog.accelerators.length,
    pricesAsOf: catalog.pricesAsOf,
    keptPrices: (await host.readKeptPrices?.()) !== undefined,
    files: gathered.files.size,
  };
  const problems = gathered.problems.map(({ code, message }) => ({ code, message }));
  if (values.format === 'json') {
    host.out(JSON.stringify({ ...data, jobs, problems }, undefined, 2));
    return exit.fine;
  }
  const lines = [
    `flopwise ${data.version}: ${data.readers} readers, ${data.rules} rules, ${data.accelerators} accelerators`,
    `prices: newest of ${data.pricesAsOf}${data.keptPrices ? ', refreshed ones are kept on this machine' : '; flopwise prices refresh brings newer ones'}`,
    `found: ${data.files} files, ${jobs.length} jobs`,
    ...jobs.map((job) => `  ${job.files} (${job.readers.join(', ')})`),
  ];
  const unknown = grouped(jobs);
  if (unknown.length > 0) {
    lines.push('unknown, and how to tell:');
    for (const { what, how, count } of unknown) lines.push(`  ${what} of ${count} of ${jobs.length} jobs: ${how}`);
  } else if (jobs.length > 0) lines.push('nothing is unknown that a figure needs');
  for (const { message } of problems) lines.push(`not read: ${message}`);
  host.out(lines.join('\n'));
  return exit.fine;
}

function grouped(jobs: readonly { readonly unknown: readonly Unknown[] }[]) {
  const all = jobs.flatMap(({ unknown }) => unknown);
  return [...new Map(all.map((one) => [one.what, one])).values()].map((one) => ({
    ...one,
    count: all.filter(({ what }) => what === one.what).length,
  }));
}
