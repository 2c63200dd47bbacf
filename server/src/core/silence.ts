import type { Finding } from './rules/rule.ts';
import type { Settings, Silence } from './settings.ts';
import { lineEnd } from './source/lines.ts';
import type { SourceFile } from './source/source-file.ts';

/** The comment that silences rules: `# flopwise: ignore[rule-id, other-rule] why it is fine here, until 2027-01-31`. */
const comment = /(?:#|\/\/)\s*flopwise:\s*ignore\[([\w\s,-]+)\](.*)/;

/** True where the project file names the finding's rule, or a comment on the finding's line, or alone on the line above, names its rule. Such comments live in the repo, for everyone; one with a date silences until it. */
export function isSilenced(finding: Finding, files: ReadonlyMap<string, SourceFile>, settings: Settings): boolean {
  const { today, silences = [] } = settings;
  const file = files.get(finding.span.uri);
  if (silences.some((one) => covers(one, finding, today))) return true;
  if (!file) return false;
  const start = file.text.lastIndexOf('\n', finding.span.start - 1) + 1;
  const above = file.text.slice(file.text.lastIndexOf('\n', start - 2) + 1, Math.max(start - 1, 0));
  const line = file.text.slice(start, lineEnd(file, start));
  return names(line, finding.ruleId, today) || (/^\s*(?:#|\/\/)/.test(above) && names(above, finding.ruleId, today));
}

/** True where a line of the project file is about the finding, and its date has not come. */
function covers({ rule, until, file }: Silence, { ruleId, span }: Finding, today: string | undefined): boolean {
  if (rule !== ruleId || (file !== undefined && !`/${span.uri}`.endsWith(`/${file}`))) return false;
  return until === undefined || today === undefined || today <= until;
}

function names(line: string, ruleId: string, today: string | undefined): boolean {
  const [, ids = '', words = ''] = comment.exec(line) ?? [];
  if (!ids.split(',').some((id) => id.trim() === ruleId)) return false;
  const until = /\buntil\s+(\d{4}-\d{2}-\d{2})\b/.exec(words)?.[1];
  return until === undefined || today === undefined || today <= until;
}
