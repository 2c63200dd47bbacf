import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { ReportRow } from '#core/report/report.ts';
import { type Say, sayPlain } from '#core/report/words.ts';
import type { Span } from '#core/source/span.ts';
import type { ReportItem, ReportPlace, ReportResult, ReportRowItem } from '../../protocol.ts';
import { escapeMarkdown, formatAnswer, formatTable } from '../markdown.ts';
import { toLocation } from '../to-lsp.ts';
import type { View } from '../view.ts';

/** Everything known of a document's jobs. */
export function viewReport(view: View, say: Say = sayPlain): ReportResult {
  const jobs = view.workloads.map((one) => toItem(view, one));
  const problems = [
    ...view.problems,
    ...view.workloads.flatMap(({ workload, estimate }) => [...workload.problems, ...estimate.problems]),
  ].map(({ message }) => message);
  const distinct = [...new Set(problems)];
  return {
    uri: view.file.uri,
    pricesAsOf: view.pricesAsOf,
    jobs,
    problems: distinct,
    markdown: toMarkdown(view, distinct, say),
  };
}

function toItem(view: View, { report, findings }: AnalyzedWorkload): ReportItem {
  const row = ({ label, value, note, at }: ReportRow): ReportRowItem => {
    const place = at ? toPlace(view, at) : undefined;
    return { label, value, ...(note ? { note } : {}), ...(place ? { place } : {}) };
  };
  return {
    title: report.title,
    answer: report.answer,
    verdict: report.verdict,
    rows: report.rows.map(row),
    memoryRows: report.memoryRows.map(row),
    notes: report.notes,
    assumptions: report.assumptions,
    findings: findings.flatMap(({ ruleId, severity, message, span, fixes }) => {
      const place = toPlace(view, span);
      return place ? [{ ruleId, severity, message, place, fixes: fixes.map(({ title }) => title) }] : [];
    }),
  };
}

function toPlace(view: View, span: Span): ReportPlace | undefined {
  const location = toLocation(view.files, span);
  return location && { uri: location.uri, ...location.range.start };
}

function toMarkdown(view: View, problems: readonly string[], say: Say): string {
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? [`### ${title}`, list(lines)] : []);
  const jobs = view.workloads.flatMap(({ report, findings, workload }) => [
    `## ${escapeMarkdown(report.title)}`,
    formatAnswer(report.answer),
    escapeMarkdown(report.verdict),
    formatTable({ rows: [], memoryRows: report.memoryRows }, Number.POSITIVE_INFINITY, () => undefined, say),
    formatTable({ rows: report.rows, memoryRows: [] }, Number.POSITIVE_INFINITY, () => undefined, say),
    ...section(
      say('Findings'),
      findings.map(({ message, fixes }) =>
        [message, ...fixes.map((fix) => `→ ${fix.title}`)].map(escapeMarkdown).join('  \n  '),
      ),
    ),
    ...section(say('Rests on'), [...report.notes, ...report.assumptions].map(escapeMarkdown)),
    ...section(
      say('Files'),
      workload.files.map((uri) => escapeMarkdown(decode(uri))),
    ),
  ]);
  const nothing = view.workloads.length === 0 ? [say('No job is stated here.')] : [];
  const dated = view.pricesAsOf ? [say('Prices of {0}.', view.pricesAsOf)] : [];
  const blocks = [
    `# ${say('Cost report')}`,
    ...nothing,
    ...jobs,
    ...section(say('Not read'), problems.map(escapeMarkdown)),
    ...dated,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function decode(uri: string): string {
  return uri.replace(/^file:\/\//, '').replace(/%20/g, ' ');
}
