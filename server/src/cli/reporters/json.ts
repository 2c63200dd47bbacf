import type { AnalyzedWorkload } from '#core/analyze.ts';
import { totalsOf } from '#core/diff/totals.ts';
import { placeOf } from '#core/source/lines.ts';
import type { Span } from '#core/source/span.ts';
import type { CliHost } from '../host.ts';
import type { Reported, Reporter } from './index.ts';
import type { JobJson, ReportJson } from './json-shape.ts';

/** For programs: every figure with its range in base units (bytes, seconds, micro-units of money), and the texts. */
export const reporter: Reporter = {
  id: 'json',
  report: (reported, host) => JSON.stringify(toReportJson(reported, host), undefined, 2),
};

/** What is printed, as a value. */
export function toReportJson(
  reported: Pick<Reported, 'workloads' | 'problems' | 'files'>,
  host: Pick<CliHost, 'show'>,
): ReportJson {
  const workloads = reported.workloads.map((one) => toJobJson(one, reported, host));
  const problems = reported.problems.map(({ code, message }) => ({ code, message }));
  return { version: 1, workloads, totals: totalsOf(reported.workloads), problems };
}

/** One job of it. */
export function toJobJson(
  { workload, spec, estimate, findings, report }: AnalyzedWorkload,
  reported: Pick<Reported, 'files'>,
  host: Pick<CliHost, 'show'>,
): JobJson {
  const place = (span: Span) => {
    const file = reported.files.get(span.uri);
    return { path: host.show(span.uri), ...(file ? placeOf(file, span.start) : {}) };
  };
  return {
    name: workload.name,
    main: host.show(workload.main),
    files: workload.files.map((uri) => host.show(uri)),
    task: spec.task,
    answer: report.answer,
    verdict: report.verdict,
    estimate,
    rows: report.rows.map(({ label, value, note }) => ({ label, value, ...(note ? { note } : {}) })),
    notes: report.notes,
    assumptions: report.assumptions,
    findings: findings.map((finding) => ({
      rule: finding.ruleId,
      severity: finding.severity,
      message: finding.message,
      at: place(finding.span),
      saving: finding.saving ?? {},
      fixes: finding.fixes.map(({ title, safe, changes, saving }) => ({ title, safe, changes, saving })),
      refusals: finding.refusals,
    })),
  };
}
