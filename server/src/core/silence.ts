import type { Finding } from './rules/rule.ts';
import { lineEnd } from './source/lines.ts';
import type { SourceFile } from './source/source-file.ts';

/** The comment that silences rules: `# flopwise: ignore[rule-id, other-rule] why it is fine here`. */
const comment = /(?:#|\/\/)\s*flopwise:\s*ignore\[([\w\s,-]+)\]/;

/** True where a comment on the finding's line, or alone on the line above, names its rule. Such comments live in the repo, for everyone. */
export function isSilenced(finding: Finding, files: ReadonlyMap<string, SourceFile>): boolean {
  const file = files.get(finding.span.uri);
  if (!file) return false;
  const start = file.text.lastIndexOf('\n', finding.span.start - 1) + 1;
  const above = file.text.slice(file.text.lastIndexOf('\n', start - 2) + 1, Math.max(start - 1, 0));
  const line = file.text.slice(start, lineEnd(file, start));
  return names(line, finding.ruleId) || (/^\s*(?:#|\/\/)/.test(above) && names(above, finding.ruleId));
}

function names(line: string, ruleId: string): boolean {
  const ids = comment.exec(line)?.[1] ?? '';
  return ids.split(',').some((id) => id.trim() === ruleId);
}
