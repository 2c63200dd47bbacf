import type { AnalyzedWorkload } from '../analyze.ts';
import type { Fact, OpenFact } from '../facts/fact.ts';
import type { FactValue } from '../facts/vocabulary.ts';
import { lineEnd, lineStarts } from '../source/lines.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import { phraseFactName, phraseFactValue } from './fact-words.ts';
import type { ReportRow } from './report.ts';
import { type Say, sayPlain } from './words.ts';

/** What one line means to the jobs of its file. */
export interface ExplainedLine {
  /** The line itself, without the spaces around it. */
  readonly text: string;
  /** The jobs to which it matters. */
  readonly jobs: readonly { readonly job: string; readonly answer: string; readonly rows: readonly ReportRow[] }[];
  /** The line as people read it: its jobs, each row with label, value and note in columns. */
  readonly words: string;
}

/**
 * Explains a line, counted from 1, to people and programs; undefined where the document has no such line. The jobs come with their
 * texts said; what is added here is said by `say`.
 */
export function explainLine(
  file: SourceFile,
  line: number,
  workloads: readonly AnalyzedWorkload[],
  say: Say = sayPlain,
): ExplainedLine | undefined {
  const start = lineStarts(file)[line - 1];
  if (start === undefined) return undefined;
  const within = { uri: file.uri, start, end: lineEnd(file, start) };
  const jobs = workloads
    .map((one) => ({ job: one.workload.name, answer: one.report.answer, rows: explainSpan(one, within, say) }))
    .filter(({ rows }) => rows.length > 0);
  const blocks = jobs.map(({ answer, rows }) => {
    const width = Math.max(...rows.map(({ label }) => label.length));
    const lines = rows.map(
      ({ label, value, note }) => `  ${label.padEnd(width)}  ${value}${note ? `   (${note})` : ''}`,
    );
    return [`  ${answer}`, ...lines].join('\n');
  });
  const nothing = say(workloads.length === 0 ? 'No job is stated in this file.' : 'Nothing on this line carries cost.');
  return {
    text: file.text.slice(within.start, within.end).trim(),
    jobs,
    words: (blocks.length > 0 ? blocks : [`  ${nothing}`]).join('\n'),
  };
}

/** What is read from a stretch of text and what it causes, as rows. */
export function explainSpan(
  { workload, report, findings }: AnalyzedWorkload,
  within: Span,
  say: Say = sayPlain,
): readonly ReportRow[] {
  const rows: ReportRow[] = [];
  for (const reading of workload.readings) {
    for (const fact of reading.facts)
      if (standsIn(placeOfFact(fact), within)) rows.push(factRow(fact, workload.facts, say));
    for (const open of reading.open) if (standsIn(open.span, within)) rows.push(openRow(open, say));
  }
  for (const hint of report.hints) {
    if (standsIn(hint.at, within))
      rows.push({ label: say('causes'), value: hint.parts.map(({ text }) => text).join('') });
  }
  for (const row of [...report.memoryRows, ...report.rows]) {
    if (row.at && standsIn(row.at, within))
      rows.push({ label: row.label, value: row.value, ...(row.note ? { note: row.note } : {}) });
  }
  for (const { span, severity, message, ruleId, fixes } of findings) {
    if (!standsIn(span, within)) continue;
    rows.push({ label: say(severity), value: message, note: ruleId });
    for (const { title } of fixes) rows.push({ label: say('fix'), value: title });
  }
  return [...new Map(rows.map((row) => [`${row.label}\n${row.value}\n${row.note}`, row])).values()];
}

function placeOfFact({ origin }: Fact): Span | undefined {
  return origin.kind === 'code' ? origin.span : undefined;
}

/** "micro batch: 4", with the dotted name, and whether another file's word holds instead. */
function factRow(fact: Fact, holding: readonly Fact[], say: Say): ReportRow {
  const holds = holding.find(({ name }) => name === fact.name);
  const how = fact.origin.kind === 'code' && fact.origin.derived ? say('worked out') : say('stated');
  const beaten =
    holds && holds.value !== fact.value ? `; ${say('{0} holds, from elsewhere', sayValue(holds.value, say))}` : '';
  return {
    label: say(phraseFactName(fact.name)),
    value: sayValue(fact.value, say),
    note: `${fact.name}, ${how}${beaten}`,
  };
}

function openRow({ name, reason }: OpenFact, say: Say): ReportRow {
  return { label: say(phraseFactName(name)), value: say('not known'), note: `${name}: ${say(reason)}` };
}

/** Names of models and files stay as they are, whatever they are called. */
function sayValue(value: FactValue, say: Say): string {
  const words = phraseFactValue(value);
  return typeof value === 'boolean' || typeof value === 'number' ? say(words) : words;
}

function standsIn(span: Span | undefined, within: Span): boolean {
  return span !== undefined && span.uri === within.uri && span.start >= within.start && span.start <= within.end;
}
