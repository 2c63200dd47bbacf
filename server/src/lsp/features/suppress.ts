import type { Finding } from '#core/rules/rule.ts';
import { commandStart } from '#core/silence.ts';
import { lineEnd } from '#core/source/lines.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { TextEdit } from '#core/source/span.ts';

/** Languages in which a line can carry a comment begun by a number sign. */
const commented = new Set<SourceFile['languageId']>(['python', 'yaml', 'toml', 'bash', 'hcl', 'pbtxt']);

/**
 * The comment that silences a finding, kept in the repo with a reason: behind its line, or alone above a directive (#SBATCH) or a
 * command of several lines, which a comment behind them would change. Undefined where the language has no comments.
 */
export function suppression(file: SourceFile, finding: Finding): TextEdit | undefined {
  if (!commented.has(file.languageId)) return undefined;
  const { uri } = file;
  const comment = `# flopwise: ignore[${finding.ruleId}] reason`;
  const start = commandStart(file.text, finding.span.start);
  const end = lineEnd(file, finding.span.start);
  const text = file.text.slice(start, end);
  if (!text.includes('\n') && !/\\\s*$/.test(text) && !/^\s*#/.test(text))
    return { span: { uri, start: end, end }, text: `  ${comment}` };
  const indent = /^[ \t]*/.exec(text)?.[0] ?? '';
  return { span: { uri, start, end: start }, text: `${indent}${comment}\n` };
}
