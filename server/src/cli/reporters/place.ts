import type { Severity } from '#core/rules/rule.ts';
import { placeOf } from '#core/source/lines.ts';
import type { Span } from '#core/source/span.ts';
import type { CliHost } from '../host.ts';
import type { Reported } from './index.ts';

/** "train.py:31", with the cell of a notebook; the path alone where the text is not at hand. */
export function formatPlace(span: Span, { files }: Pick<Reported, 'files'>, host: Pick<CliHost, 'show'>): string {
  const file = files.get(span.uri);
  const path = host.show(span.uri);
  if (!file) return path;
  const { line, cell } = placeOf(file, span.start);
  return cell === undefined ? `${path}:${line}` : `${path}:cell ${cell}:${line}`;
}

/** "train.py + run.sbatch": the files of a job, the main one first. */
export function formatFiles(files: readonly string[], main: string, host: Pick<CliHost, 'show'>): string {
  return [main, ...files.filter((uri) => uri !== main)].map((uri) => host.show(uri)).join(' + ');
}

/** The word of a severity in its colour. */
export function paintSeverity(severity: Severity, { paint }: Pick<CliHost, 'paint'>): string {
  return severity === 'error' ? paint('red', severity) : paint(severity === 'warning' ? 'yellow' : 'cyan', severity);
}
