import { parseArgs } from 'node:util';
import { whatIfInput } from '#core/index.ts';
import { answerSpot, type SpotAnswer } from '#core/lifecycle/spot-plan.ts';
import { describeSpot, policyCells } from '#core/report/spot.ts';
import { whatIfs } from '#core/what-if.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { lifecycleOptions, openTrace, positive } from '../lifecycle/options.ts';
import { questionOf } from '../lifecycle/spot-question.ts';
import { settingsOf, settingsOptions } from '../options.ts';
import type { Command } from './index.ts';

/** Replays a job on traces of spot capacity. */
export const command: Command = {
  name: 'spot',
  usage: 'spot PATH... --trace FILE... --deadline H [--restart S] [--write-rate GB/s] [--format table|json]',
  summary: 'what a job costs on spot by policy, and whether it meets its deadline',
  details: `Plays every training job of the paths over each trace, from 60 starts, under three policies: on demand; greedy (spot, until only
on-demand can be in time); uniform progress (on-demand while behind the line to the deadline). A trace is rows of time,available or
JSON of gap_seconds and data; a job of several nodes needs them all at once. The deadline is in hours from the start.`,
  run: runSpot,
};

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

async function runSpot(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...settingsOptions,
      restart: lifecycleOptions.restart,
      'write-rate': lifecycleOptions['write-rate'],
      trace: { type: 'string', multiple: true },
      deadline: { type: 'string' },
      format: { type: 'string', default: 'table' },
    },
  });
  const deadline = positive(values.deadline, '--deadline', 'hours');
  if (positionals.length === 0) throw new KnownError('spot needs a path', exit.usage);
  if (!values.trace?.length || deadline === undefined)
    throw new KnownError('spot needs --trace FILE and --deadline HOURS', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const engine = await loadEngine(host);
  checkAccelerator(values.accelerator, engine.catalog);
  const traces = await Promise.all(values.trace.map((path) => openTrace(path, host)));
  const restart = positive(values.restart, '--restart', 'seconds');
  const rate = positive(values['write-rate'], '--write-rate', 'GB a second and node');
  const settings = {
    ...settingsOf(values, host),
    lifecycle: {
      ...(restart === undefined ? {} : { restartSeconds: restart }),
      ...(rate === undefined ? {} : { writeRate: rate * 1e9 }),
    },
  };
  const gathered = await gatherPaths(positionals, engine, settings, host);
  const jobs = gathered.workloads
    .filter(({ spec }) => spec.task !== 'serving')
    .map((one) => {
      const { reestimate } = whatIfs(
        whatIfInput(one.workload, { files: gathered.files, ...gathered.engine, settings }),
      );
      const asked = questionOf(one, reestimate, deadline * 3600);
      const head = { main: host.show(one.workload.main), title: one.report.title };
      if ('reason' in asked) return { ...head, reason: asked.reason };
      const answers = traces.map((trace) => ({ trace: trace.name, answer: answerSpot(trace, asked.question) }));
      return { ...head, ...asked, answers };
    });
  if (values.format === 'json') {
    const problems = gathered.problems.map(({ code, message }) => ({ code, message }));
    host.out(JSON.stringify({ version, deadlineHours: deadline, workloads: jobs, problems }, undefined, 2));
    return exit.fine;
  }
  const blocks = jobs.map((job) => {
    if ('reason' in job) return `${job.main}   ${job.title}\n  unknown: ${job.reason}`;
    return [
      `${job.main}   ${job.words}`,
      ...job.answers.map(({ trace, answer }) => tell(trace, answer, job.currency)),
    ].join('\n');
  });
  if (blocks.length === 0) blocks.push('No training job was found.');
  host.out([...blocks, ...gathered.problems.map(({ message }) => `not read: ${message}`)].join('\n\n'));
  return exit.fine;
}

function tell(trace: string, answer: SpotAnswer | { readonly reason: string }, currency: string): string {
  if ('reason' in answer) return `  ${trace}: unknown, ${answer.reason}`;
  const rows = answer.policies.map((one) => policyCells(one, currency));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    `  ${trace}`,
    ...describeSpot(answer, currency).map((line) => `    ${line}`),
    ...lines.map((line) => `      ${line}`),
  ].join('\n');
}
