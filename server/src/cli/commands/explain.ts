import { parseArgs } from 'node:util';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { explainPath } from '../explained.ts';
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
  const { value, words } = await explainPath(path, Number(line), engine, settingsOf(values, host), host);
  host.out(values.format === 'json' ? JSON.stringify(value, undefined, 2) : words);
  return exit.fine;
}
