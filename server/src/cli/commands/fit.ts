import { parseArgs } from 'node:util';
import { whatIfInput } from '#core/index.ts';
import { describeInverse } from '#core/report/inverse.ts';
import { invert } from '#core/search/inverse.ts';
import { jobPlan } from '#core/search/search.ts';
import { defaultSettings } from '#core/settings.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import type { Command } from './index.ts';

/** Prints how far each job can go on its card, and which card would do. */
export const command: Command = {
  name: 'fit',
  usage: 'fit PATH... [--accelerator H100:8] [--format table|json]',
  summary: 'largest micro batch, longest sequence and smallest card that fit',
  run: runFit,
};

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

async function runFit(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { accelerator: { type: 'string' }, format: { type: 'string', default: 'table' } },
  });
  if (positionals.length === 0) throw new KnownError('fit needs a path', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const engine = await loadEngine(host);
  checkAccelerator(values.accelerator, engine.catalog);
  const settings = {
    ...defaultSettings,
    today: host.today(),
    ...(values.accelerator === undefined ? {} : { accelerator: values.accelerator }),
  };
  const gathered = await gatherPaths(positionals, engine, settings, host);
  const jobs = gathered.workloads.map(({ workload, spec, report }) => {
    const world = whatIfInput(workload, { ...gathered.engine, files: gathered.files, settings: gathered.settings });
    const job = jobPlan({ ...world, spec });
    const head = { main: host.show(workload.main), verdict: report.verdict };
    return 'reason' in job ? { ...head, reason: job.reason } : { ...head, fits: invert(job) };
  });
  if (values.format === 'json') {
    const problems = gathered.problems.map(({ code, message }) => ({ code, message }));
    host.out(JSON.stringify({ version, workloads: jobs, problems }, undefined, 2));
    return exit.fine;
  }
  const blocks = jobs.map((job) => {
    const head = `${job.main}   ${job.verdict}`;
    if ('reason' in job) return `${head}\n  unknown: ${job.reason}`;
    const rows = describeInverse(job.fits);
    if (rows.length === 0) return `${head}\n  unknown: no accelerator is stated or set`;
    const width = Math.max(...rows.map(({ label }) => label.length));
    return [
      head,
      ...rows.map((row) => `  ${row.label.padEnd(width)}  ${row.value}${row.note ? `   ${row.note}` : ''}`),
    ].join('\n');
  });
  if (blocks.length === 0) blocks.push('No training or serving job was found.');
  host.out([...blocks, ...gathered.problems.map(({ message }) => `not read: ${message}`)].join('\n\n'));
  return exit.fine;
}
