import type { AnalyzedWorkload } from '#core/analyze.ts';
import { totalsOf } from '#core/diff/totals.ts';
import { placeOf } from '#core/source/lines.ts';
import type { Span } from '#core/source/span.ts';
import type { CliHost } from '../host.ts';
import type { Reported, Reporter } from './index.ts';

/** For programs: every figure with its range in base units (bytes, seconds, micro-units of money), and the texts. */
export const reporter: Reporter = { id: 'json', report: reportJson };

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

function reportJson(reported: Reported, host: Pick<CliHost, 'show'>): string {
  const workloads = reported.workloads.map((one) => workloadJson(one, reported, host));
  const problems = reported.problems.map(({ code, message }) => ({ code, message }));
  return JSON.stringify({ version, workloads, totals: totalsOf(reported.workloads), problems }, undefined, 2);
}

function workloadJson(
  { workload, spec, estimate, findings, report }: AnalyzedWorkload,
  reported: Reported,
  host: Pick<CliHost, 'show'>,
) {
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
