import { parseArgs } from 'node:util';
import type { AnalyzedWorkload } from '#core/analyze.ts';
import { describeCheckpointPlan, formatLoss, phraseInterval } from '#core/report/checkpoint-plan.ts';
import { describePreemption } from '#core/report/preemption.ts';
import { formatCount, formatDisk, formatDuration } from '#core/units/format.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { settingsOf, settingsOptions } from '../options.ts';
import { lifecycleOf, lifecycleOptions } from './options.ts';

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

/** Prints the checkpoint plan of every training job of some paths. */
export async function runPlan(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { ...settingsOptions, ...lifecycleOptions, format: { type: 'string', default: 'table' } },
  });
  if (positionals.length === 0) throw new KnownError('checkpoints plan needs a path', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const engine = await loadEngine(host);
  checkAccelerator(values.accelerator, engine.catalog);
  const { lifecycle, notes } = await lifecycleOf(values, host);
  const settings = { ...settingsOf(values, host), ...(Object.keys(lifecycle).length > 0 ? { lifecycle } : {}) };
  const { workloads, problems } = await gatherPaths(positionals, engine, settings, host);
  const jobs = workloads.filter(({ spec }) => spec.task !== 'serving');
  if (values.format === 'json') {
    const plans = jobs.map(({ workload, estimate }) => ({
      main: host.show(workload.main),
      ...(estimate.checkpoints
        ? { bytesPerSave: estimate.storage?.perSave, checkpoints: estimate.checkpoints }
        : { reason: reasonOf(estimate) }),
      ...(estimate.preemption ? { preemption: estimate.preemption } : {}),
    }));
    host.out(
      JSON.stringify(
        { version, notes, workloads: plans, problems: problems.map(({ code, message }) => ({ code, message })) },
        undefined,
        2,
      ),
    );
    return exit.fine;
  }
  const blocks = jobs.map((job) => describeJob(job, host));
  if (blocks.length === 0) blocks.push('No training job was found.');
  host.out(
    [
      ...(notes.length > 0 ? [notes.join('\n')] : []),
      ...blocks,
      ...problems.map(({ message }) => `not read: ${message}`),
    ].join('\n\n'),
  );
  return exit.fine;
}

function describeJob({ workload, estimate, report }: AnalyzedWorkload, host: CliHost): string {
  const plan = estimate.checkpoints;
  const head = `${host.show(workload.main)}   ${report.title}`;
  const safety = estimate.preemption
    ? ['when its capacity is taken back:', ...describePreemption(estimate.preemption).map((line) => `  ${line}`)]
    : [];
  if (!plan) return [head, `  unknown: ${reasonOf(estimate)}`, ...safety.map((line) => `  ${line}`)].join('\n');
  const size = estimate.storage ? [`a save is ${formatDisk(estimate.storage.perSave.likely)}`] : [];
  const told = describeCheckpointPlan(plan);
  const lines = [head, ...[...size, ...told, ...safety].map((line) => `  ${line}`)];
  if (plan.rate?.basis === 'unknown' || !plan.curve || !estimate.time) return lines.join('\n');
  const step = estimate.time.step.likely;
  const rows = plan.curve
    .filter((_, at) => at % 2 === 0)
    .map(({ seconds, waste }) => [
      formatDuration(seconds),
      `${formatCount(Math.max(1, Math.round(seconds / step)))} steps`,
      formatLoss(waste),
      Math.abs(seconds - (plan.best?.likely ?? 0)) < 1e-6 * seconds ? 'best' : '',
    ]);
  const own = plan.stated?.waste ? [`  ${phraseInterval(plan)} loses ${formatLoss(plan.stated.waste.likely)}`] : [];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    `    ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return [...lines, '  saved every, lost:', ...table, ...own].join('\n');
}

function reasonOf(estimate: AnalyzedWorkload['estimate']): string {
  if (!estimate.parameters) return 'the size of the model is not known';
  return 'the time of a step is not known: name the accelerator (--accelerator H100:8)';
}
