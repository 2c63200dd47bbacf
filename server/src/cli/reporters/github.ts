import { pricedBy } from '#core/report/phrases.ts';
import type { Severity } from '#core/rules/rule.ts';
import { placeOf } from '#core/source/lines.ts';
import type { CliHost } from '../host.ts';
import type { Reported, Reporter } from './index.ts';

/** For GitHub's log: workflow commands that it shows as annotations on the lines of a change. */
export const reporter: Reporter = { id: 'github', report: reportGithub };

const commands: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

function reportGithub({ workloads, problems, files }: Reported, host: Pick<CliHost, 'show'>): string {
  const found = workloads.flatMap(({ findings }) =>
    findings.map(({ severity, span, message, ruleId, fixes }) => {
      const known = files.get(span.uri);
      // Lines of a notebook's cells are no lines of its file.
      const file = known?.cells ? undefined : known;
      const at = file && placeOf(file, span.start);
      const end = file && placeOf(file, span.end);
      const where = [
        `file=${property(host.show(span.uri))}`,
        ...(at ? [`line=${at.line}`, `col=${at.column}`] : []),
        ...(end ? [`endLine=${end.line}`] : []),
        `title=${property(ruleId)}`,
      ];
      const better = fixes[0] ? ` Fix: ${fixes[0].title}.` : '';
      return `::${commands[severity]} ${where.join(',')}::${data(`${message}${better}`)}`;
    }),
  );
  const sums = workloads.map(
    ({ workload, report, estimate }) =>
      `::notice file=${property(host.show(workload.main))},title=${property('cost')}::${data([report.answer, report.verdict, ...pricedBy(estimate)].map((text) => `${text}.`).join(' '))}`,
  );
  const unread = problems.map(({ message }) => `::warning title=not read::${data(message)}`);
  return [...new Set([...found, ...sums, ...unread])].join('\n') || 'No training or serving job was found.';
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
