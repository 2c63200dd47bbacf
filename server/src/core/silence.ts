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
  const line = file.text.slice(lineStart(file.text, finding.span.start), lineEnd(file, finding.span.start));
  const start = commandStart(file.text, finding.span.start);
  const above = file.text.slice(lineStart(file.text, start - 1), Math.max(start - 1, 0));
  return names(line, finding.ruleId, today) || (/^\s*(?:#|\/\/)/.test(above) && names(above, finding.ruleId, today));
}

/** Where the line of an offset begins, or the first line of the command that backslashes continue over several. */
export function commandStart(text: string, offset: number): number {
  let start = lineStart(text, offset);
  while (start > 0 && /\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start))) start = lineStart(text, start - 1);
  return start;
}

function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
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
