import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { CliHost } from '../host.ts';
import { foldLine, type Look } from './columns.ts';
import type { Reported, Reporter } from './index.ts';
import { formatFiles, formatPlace, paintSeverity } from './place.ts';

/** For a terminal: one block a job, label, figure and note in columns. */
export const reporter: Reporter = { id: 'table', report: reportTable };

function reportTable(reported: Reported, host: Pick<CliHost, 'show'> & Look): string {
  const blocks = reported.workloads.map((one) => block(one, reported, host));
  if (blocks.length === 0) blocks.push('No training or serving job was found.');
  const unread = reported.problems.map((problem) => `not read: ${problem.message}`);
  return [...blocks, ...unread].join('\n\n');
}

function block(one: AnalyzedWorkload, reported: Reported, host: Pick<CliHost, 'show'> & Look): string {
  const { workload, report, findings } = one;
  const rows = report.rows.filter((row) => row.label !== 'findings');
  const width = Math.max(...rows.map((row) => row.label.length), 0);
  const values = Math.max(...rows.map((row) => row.value.length), 0);
  const lines = [`${host.paint('bold', formatFiles(workload.files, workload.main, host))}   ${report.title}`];
  for (const row of rows) {
    lines.push(`  ${row.label.padEnd(width)}  ${row.note ? `${row.value.padEnd(values)}  ${row.note}` : row.value}`);
  }
  if (report.memoryRows.length > 0) {
    lines.push(
      `  ${'of it'.padEnd(width)}  ${report.memoryRows.map((row) => `${row.label} ${row.value}`).join(', ')} GiB`,
    );
  }
  for (const note of report.notes) lines.push(`  ${note}`);
  if (report.assumptions.length > 0) lines.push(`  Assumed: ${report.assumptions.join('; ')}`);
  for (const finding of findings) {
    lines.push(
      `  ${paintSeverity(finding.severity, host)}: ${formatPlace(finding.span, reported, host)}: ${finding.message} [${finding.ruleId}]`,
    );
    for (const fix of finding.fixes) lines.push(`    ${host.paint('green', 'fix')}: ${fix.title}`);
    for (const refusal of finding.refusals) lines.push(`    by hand: ${refusal}`);
  }
  return lines.map((line) => foldLine(line, host.width)).join('\n');
}
