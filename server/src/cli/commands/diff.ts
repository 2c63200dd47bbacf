import { parseArgs } from 'node:util';
import { diffStates, type State } from '#core/diff/diff.ts';
import { breachesOf } from '#core/diff/policy.ts';
import { type AnalyzeInput, analyze, whatIfInput } from '#core/index.ts';
import type { Settings } from '#core/settings.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { type Engine, loadEngine } from '#server/gather/engine.ts';
import { isWhole } from '#server/gather/scan.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { loadFolder } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { openCache, type ReadingsOfRun } from '../kept-readings.ts';
import { passes, settingsOf, settingsOptions, thresholdOf } from '../options.ts';
import { configured, withoutProjectFiles } from '../own.ts';
import { diffJson, diffMarkdown, diffTable } from '../reporters/diff.ts';
import { openRepository, type Repository } from '../revision.ts';
import type { Command } from './index.ts';

/** Prints what a change does to the jobs of a repository. */
export const command: Command = {
  name: 'diff',
  usage: 'diff [BASE [HEAD]] [--path FOLDER] [--format table|json|markdown] [--fail-on SEVERITY] [--cache FOLDER]',
  summary: 'what a change does to cost, time and memory of each job',
  details:
    'BASE and HEAD are git revisions; BASE is HEAD and HEAD the work tree where absent. Nothing is checked out. Ends with 1 where a finding comes in at --fail-on or above, or where a limit of flopwise.yaml (budget: per_project, increase_percent) is broken.',
  run: runDiff,
};

const formats = { table: diffTable, json: diffJson, markdown: diffMarkdown } as const;

async function runDiff(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...settingsOptions,
      path: { type: 'string', default: '.' },
      format: { type: 'string', default: 'table' },
      cache: { type: 'string' },
    },
  });
  const [base = 'HEAD', head, ...more] = positionals;
  if (more.length > 0) throw new KnownError('diff takes at most two revisions', exit.usage);
  const report = Object.hasOwn(formats, values.format) ? formats[values.format as keyof typeof formats] : undefined;
  if (!report) throw new KnownError(`--format ${values.format}: one of ${Object.keys(formats).join(', ')}`, exit.usage);
  const threshold = thresholdOf(values['fail-on']);
  const engine = await loadEngine(host);
  checkAccelerator(values.accelerator, engine.catalog);
  const { settings } = await configured(settingsOf(values, host), engine, host);
  const folder = folderUri(values.path, host);
  const repository = await openRepository(folder, host);
  const [from, to] = [await repository.resolve(base), head === undefined ? undefined : await repository.resolve(head)];
  const kept = await openCache(values.cache, host);
  const states = await statesOf({ repository, folder, from, to, engine, settings, kept, host });
  await kept.keep();
  const diff = diffStates(states.before, states.after, await repository.renamed(from, to));
  const { after } = states;
  const breaches = breachesOf(diff, after.workloads, (one) => after.worldOf(one).settings.budget);
  const problems = engine.notices ?? [];
  host.out(report({ diff, base, head: head ?? 'work tree', breaches, problems }, host));
  const incoming = diff.jobs.map(({ newFindings }) => ({ findings: newFindings }));
  return breaches.length === 0 && passes(incoming, threshold) ? exit.fine : exit.findings;
}

interface StatesInput {
  readonly repository: Repository;
  readonly folder: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly engine: Engine;
  readonly settings: Settings;
  /** Files that both states share are read once. */
  readonly kept: ReadingsOfRun;
  readonly host: CliHost;
}

async function statesOf({ repository, folder, from, to, engine, settings, kept, host }: StatesInput) {
  const { readings } = kept;
  const stateOf = async (all: ReadonlyMap<string, SourceFile>): Promise<State> => {
    const input: AnalyzeInput = { files: withoutProjectFiles(all, host), ...engine, settings, readings };
    await kept.ahead(input.files, engine.syntax);
    const workloads = analyze(input).workloads.filter(isWhole);
    return { workloads, worldOf: ({ workload }) => whatIfInput(workload, input) };
  };
  const before = await stateOf(await repository.filesAt(from, folder));
  const after = await stateOf(to === undefined ? await loadFolder(folder, host) : await repository.filesAt(to, folder));
  return { before, after };
}

function folderUri(path: string, host: CliHost): string {
  const uri = host.uriOf(path);
  return uri.endsWith('/') ? uri : `${uri}/`;
}
