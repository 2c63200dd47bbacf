import type { AnalyzedWorkload } from '../analyze.ts';
import type { Fact, OpenFact } from '../facts/fact.ts';
import type { Span } from '../source/span.ts';
import { phraseFactName, phraseFactValue } from './fact-words.ts';
import type { ReportRow } from './report.ts';

/** What is read from a stretch of text and what it causes, as rows. */
export function explainSpan({ workload, report, findings }: AnalyzedWorkload, within: Span): readonly ReportRow[] {
  const rows: ReportRow[] = [];
  for (const reading of workload.readings) {
    for (const fact of reading.facts) if (standsIn(placeOfFact(fact), within)) rows.push(factRow(fact, workload.facts));
    for (const open of reading.open) if (standsIn(open.span, within)) rows.push(openRow(open));
  }
  for (const hint of report.hints) {
    if (standsIn(hint.at, within)) rows.push({ label: 'causes', value: hint.parts.map(({ text }) => text).join('') });
  }
  for (const row of [...report.memoryRows, ...report.rows]) {
    if (row.at && standsIn(row.at, within))
      rows.push({ label: row.label, value: row.value, ...(row.note ? { note: row.note } : {}) });
  }
  for (const { span, severity, message, ruleId, fixes } of findings) {
    if (!standsIn(span, within)) continue;
    rows.push({ label: severity, value: message, note: ruleId });
    for (const { title } of fixes) rows.push({ label: 'fix', value: title });
  }
  return [...new Map(rows.map((row) => [`${row.label}\n${row.value}\n${row.note}`, row])).values()];
}

function placeOfFact({ origin }: Fact): Span | undefined {
  return origin.kind === 'code' ? origin.span : undefined;
}

/** "micro batch: 4", with the dotted name, and whether another file's word holds instead. */
function factRow(fact: Fact, holding: readonly Fact[]): ReportRow {
  const holds = holding.find(({ name }) => name === fact.name);
  const how = fact.origin.kind === 'code' && fact.origin.derived ? 'worked out' : 'stated';
  const beaten = holds && holds.value !== fact.value ? `; ${phraseFactValue(holds.value)} holds, from elsewhere` : '';
  return {
    label: phraseFactName(fact.name),
    value: phraseFactValue(fact.value),
    note: `${fact.name}, ${how}${beaten}`,
  };
}

function openRow({ name, reason }: OpenFact): ReportRow {
  return { label: phraseFactName(name), value: 'not known', note: `${name}: ${reason}` };
}

function standsIn(span: Span | undefined, within: Span): boolean {
  return span !== undefined && span.uri === within.uri && span.start >= within.start && span.start <= within.end;
}
