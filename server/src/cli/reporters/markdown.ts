import { foldBlank, phraseFolded } from '#core/report/blank.ts';
import type { CliHost } from '../host.ts';
import type { Reported, Reporter } from './index.ts';
import { formatFiles, formatPlace } from './place.ts';

/** For a pull request or a page: one section a job. */
export const reporter: Reporter = { id: 'markdown', report: reportMarkdown };

function reportMarkdown(reported: Reported, host: Pick<CliHost, 'show'>): string {
  const quiet = foldBlank(reported.workloads).folded.filter(({ findings }) => findings.length === 0);
  const sections = reported.workloads.flatMap((one) => {
    if (quiet.includes(one)) return [];
    const { workload, report, findings } = one;
    const rows = report.rows
      .filter((row) => row.label !== 'findings')
      .map((row) => `| ${cell(row.label)} | ${cell(row.value)} | ${cell(row.note ?? '')} |`);
    const found = findings.map(
      (one) => `- **${one.severity}** \`${formatPlace(one.span, reported, host)}\` ${one.message}`,
    );
    const notes = [
      ...report.notes,
      ...(report.assumptions.length > 0 ? [`Assumed: ${report.assumptions.join('; ')}`] : []),
    ];
    return [
      `### ${formatFiles(workload.files, workload.main, host)}`,
      `${report.answer}. ${report.verdict}.`,
      ['|  |  |  |', '| --- | --- | --- |', ...rows].join('\n'),
      ...(found.length > 0 ? [found.join('\n')] : []),
      ...(notes.length > 0 ? [notes.join('  \n')] : []),
    ].join('\n\n');
  });
  if (quiet.length > 0) {
    const names = [...new Set(quiet.map(({ workload }) => `\`${host.show(workload.main)}\``))];
    sections.push(
      [`### ${phraseFolded(quiet, reported.workloads.length)}`, `<details>\n\n${names.join(', ')}\n\n</details>`].join(
        '\n\n',
      ),
    );
  }
  const unread = reported.problems.map((problem) => `- not read: ${problem.message}`);
  if (sections.length === 0) sections.push('No training or serving job was found.');
  return [...sections, ...(unread.length > 0 ? [unread.join('\n')] : [])].join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
