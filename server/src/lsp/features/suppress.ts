import type { Finding } from '#core/rules/rule.ts';
import { lineAt, lineEnd, lineStarts } from '#core/source/lines.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { TextEdit } from '#core/source/span.ts';

/** Languages in which a line can carry a comment begun by a number sign. */
const commented = new Set<SourceFile['languageId']>(['python', 'yaml', 'toml', 'bash', 'hcl', 'pbtxt']);

/** The comment that silences a finding on its line, kept in the repo with a reason; undefined where the language has no comments. */
export function suppression(file: SourceFile, finding: Finding): TextEdit | undefined {
  if (!commented.has(file.languageId)) return undefined;
  const start = lineStarts(file)[lineAt(file, finding.span.start)] ?? 0;
  const end = lineEnd(file, finding.span.start);
  const text = file.text.slice(start, end);
  // A line that ends in a continuation or is itself a directive (#SBATCH) would change its meaning with a comment behind it.
  if (/\\\s*$/.test(text) || /^\s*#/.test(text)) return undefined;
  return { span: { uri: file.uri, start: end, end }, text: `  # flopwise: ignore[${finding.ruleId}] reason` };
}
