import { type ExplainedLine, explainLine } from '#core/report/explain.ts';
import type { Settings } from '#core/settings.ts';
import { lineStarts } from '#core/source/lines.ts';
import type { Engine } from '#server/gather/engine.ts';
import { KnownError } from './exit.ts';
import { gatherPaths } from './gather.ts';
import type { CliHost } from './host.ts';

/** A line as `--format json` tells it. */
export interface ExplainedJson extends Omit<ExplainedLine, 'words'> {
  /** Raised whenever a field changes its meaning or goes. */
  readonly version: 1;
  readonly path: string;
  readonly line: number;
}

/** Explains one line, counted from 1, of a path as typed; a file or line that is not there is a known failure. */
export async function explainPath(
  path: string,
  line: number,
  engine: Engine,
  settings: Settings,
  host: CliHost,
): Promise<{ readonly value: ExplainedJson; readonly words: string }> {
  const gathered = await gatherPaths([path], engine, settings, host);
  const file = gathered.files.get(host.uriOf(path));
  if (!file) throw new KnownError(gathered.problems[0]?.message ?? `${path}: no document that can be read here`);
  const explained = explainLine(file, line, gathered.workloads);
  if (!explained) throw new KnownError(`${path} has ${lineStarts(file).length} lines, not ${line}`);
  const { text, jobs, words } = explained;
  const shown = host.show(file.uri);
  return { value: { version: 1, path: shown, line, text, jobs }, words: `${shown}:${line}   ${text}\n${words}` };
}
