import { parseArgs } from 'node:util';
import { explainSpan } from '#core/report/explain.ts';
import { lineEnd, lineStarts } from '#core/source/lines.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { settingsOf, settingsOptions } from '../options.ts';
import type { Command } from './index.ts';

/** Prints what is read from one line and what it costs. */
export const command: Command = {
  name: 'explain',
  usage: 'explain FILE:LINE [--accelerator H100:8] [--format table|json]',
  summary: 'what a line states, what it causes, what is wrong with it',
  run: runExplain,
};

async function runExplain(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { ...settingsOptions, format: { type: 'string', default: 'table' } },
  });
  const [, path, line] = /^(.+):(\d+)$/.exec(positionals[0] ?? '') ?? [];
  if (path === undefined || positionals.length > 1) throw new KnownError('explain takes one FILE:LINE', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const engine = await loadEngine(host);
  checkAccelerator(values.accelerator, engine.catalog);
  const gathered = await gatherPaths([path], engine, settingsOf(values, host), host);
  const file = gathered.files.get(host.uriOf(path));
  if (!file) throw new KnownError(gathered.problems[0]?.message ?? `${path}: no document that can be read here`);
  const start = lineStarts(file)[Number(line) - 1];
  if (start === undefined) throw new KnownError(`${path} has ${lineStarts(file).length} lines, not ${line}`);
  const within = { uri: file.uri, start, end: lineEnd(file, start) };
  const jobs = gathered.workloads.map((one) => ({
    job: one.workload.name,
    answer: one.report.answer,
    rows: explainSpan(one, within),
  }));
  const told = jobs.filter(({ rows }) => rows.length > 0);
  if (values.format === 'json') {
    const text = file.text.slice(within.start, within.end).trim();
    host.out(
      JSON.stringify({ version: 1, path: host.show(file.uri), line: Number(line), text, jobs: told }, undefined, 2),
    );
    return exit.fine;
  }
  const head = `${host.show(file.uri)}:${line}   ${file.text.slice(within.start, within.end).trim()}`;
  const blocks = told.map(({ answer, rows }) => {
    const width = Math.max(...rows.map(({ label }) => label.length));
    return [
      `  ${answer}`,
      ...rows.map((row) => `  ${row.label.padEnd(width)}  ${row.value}${row.note ? `   (${row.note})` : ''}`),
    ].join('\n');
  });
  const nothing = jobs.length === 0 ? '  No job is stated in this file.' : '  Nothing on this line carries cost.';
  host.out([head, ...(blocks.length > 0 ? blocks : [nothing])].join('\n'));
  return exit.fine;
}
