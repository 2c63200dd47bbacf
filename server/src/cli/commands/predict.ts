import { type PredictCase, predict } from '#core/predict/index.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import type { Command } from './index.ts';

/** Answers published runs by their configuration, one JSON line each; the measured values are never looked at. */
export const command: Command = {
  name: 'predict',
  usage: 'predict CASES.jsonl',
  summary: 'figures for described runs, to hold against measured ones',
  async run(argv: readonly string[], host: CliHost): Promise<ExitCode> {
    const [path] = argv;
    if (path === undefined || argv.length > 1) throw new KnownError('predict needs one file of cases', exit.usage);
    const text = await host.readFile(host.uriOf(path));
    if (text === undefined) throw new KnownError(`${path}: no such file`);
    const { catalog } = await loadEngine(host);
    const lines: string[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() !== '') lines.push(JSON.stringify(predict(parseCase(line, `${path}:${index + 1}`), catalog)));
    }
    host.out(lines.join('\n'));
    return exit.fine;
  },
};

function parseCase(line: string, place: string): PredictCase {
  try {
    return JSON.parse(line) as PredictCase;
  } catch (error) {
    throw new KnownError(`${place}: no valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
