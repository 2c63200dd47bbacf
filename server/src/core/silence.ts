import type { Finding } from './rules/rule.ts';
import { lineEnd } from './source/lines.ts';
import type { SourceFile } from './source/source-file.ts';

/** The comment that silences rules: `# flopwise: ignore[rule-id, other-rule] why it is fine here, until 2027-01-31`. */
const comment = /(?:#|\/\/)\s*flopwise:\s*ignore\[([\w\s,-]+)\](.*)/;

/** True where a comment on the finding's line, or alone on the line above, names its rule. Such comments live in the repo, for everyone; one with a date silences until it. */
export function isSilenced(finding: Finding, files: ReadonlyMap<string, SourceFile>, today?: string): boolean {
  const file = files.get(finding.span.uri);
  if (!file) return false;
  const start = file.text.lastIndexOf('\n', finding.span.start - 1) + 1;
  const above = file.text.slice(file.text.lastIndexOf('\n', start - 2) + 1, Math.max(start - 1, 0));
  const line = file.text.slice(start, lineEnd(file, start));
  return names(line, finding.ruleId, today) || (/^\s*(?:#|\/\/)/.test(above) && names(above, finding.ruleId, today));
}

function names(line: string, ruleId: string, today: string | undefined): boolean {
  const [, ids = '', words = ''] = comment.exec(line) ?? [];
  if (!ids.split(',').some((id) => id.trim() === ruleId)) return false;
  const until = /\buntil\s+(\d{4}-\d{2}-\d{2})\b/.exec(words)?.[1];
  return until === undefined || today === undefined || today <= until;
}
