import type { AnalyzedWorkload } from '#core/analyze.ts';
import { pricedBy } from '#core/report/phrases.ts';
import type { CliHost } from '../host.ts';
import type { Reported, Reporter } from './index.ts';
import { formatPlace } from './place.ts';

/** For test dashboards: one case a job; it fails where a finding is an error. */
export const reporter: Reporter = { id: 'junit', report: reportJunit };

function reportJunit(reported: Reported, host: Pick<CliHost, 'show'>): string {
  const cases = reported.workloads.map((one) => toCase(one, reported, host));
  const failures = reported.workloads.filter(fails).length;
  const unread = reported.problems.map(({ message }) => message).join('\n');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="flopwise" tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="cost of jobs" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">`,
    ...cases,
    ...(unread === '' ? [] : [`    <system-err>${escapeXml(unread)}</system-err>`]),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function fails({ findings }: AnalyzedWorkload): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function toCase(one: AnalyzedWorkload, reported: Reported, host: Pick<CliHost, 'show'>): string {
  const { workload, report, findings, estimate } = one;
  const lines = findings.map(
    ({ severity, span, message, ruleId }) =>
      `${severity}: ${formatPlace(span, reported, host)}: ${message} [${ruleId}]`,
  );
  const [first] = findings.filter(({ severity }) => severity === 'error');
  const failure = first
    ? `\n      <failure message="${escapeXml(first.message)}" type="${escapeXml(first.ruleId)}">${escapeXml(lines.join('\n'))}</failure>`
    : '';
  const out = [report.answer, report.verdict, ...pricedBy(estimate), ...(first ? [] : lines)]
    .filter((line) => line !== '')
    .join('\n');
  return `    <testcase classname="${escapeXml(host.show(workload.main))}" name="${escapeXml(workload.name)}" file="${escapeXml(host.show(workload.main))}">${failure}\n      <system-out>${escapeXml(out)}</system-out>\n    </testcase>`;
}

/** Text that XML 1.0 may carry: markup escaped, control characters left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
