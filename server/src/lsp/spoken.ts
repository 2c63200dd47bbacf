import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { Hint, Report, ReportRow } from '#core/report/report.ts';
import { type Say, sayPlain } from '#core/report/words.ts';
import { lazyFinding } from '#core/rules/lazy.ts';
import type { Finding, Fix } from '#core/rules/rule.ts';
import { once } from '#core/source/once.ts';
import type { Analyses } from './analyses.ts';
import type { View } from './view.ts';

/** The analyses in the client's language: every text that a surface shows is said once, here; figures and places stay. */
export function spokenAnalyses(analyses: Analyses, say: () => Say): Analyses {
  const known = new WeakMap<AnalyzedWorkload, AnalyzedWorkload>();
  const spoken = (one: AnalyzedWorkload): AnalyzedWorkload => {
    const before = known.get(one) ?? sayWorkload(one, say());
    known.set(one, before);
    return before;
  };
  return {
    ...analyses,
    async viewOf(uri) {
      const view = await analyses.viewOf(uri);
      return view && say() !== sayPlain ? sayView(view, spoken, say()) : view;
    },
  };
}

function sayView(view: View, spoken: (one: AnalyzedWorkload) => AnalyzedWorkload, say: Say): View {
  return {
    ...view,
    workloads: view.workloads.map(spoken),
    problems: view.problems.map((one) => ({ ...one, message: say(one.message) })),
  };
}

/** A job whose report and findings are said in a language when they are asked for; what was lazy stays so. */
export function sayWorkload(one: AnalyzedWorkload, say: Say): AnalyzedWorkload {
  const estimate = once(() => {
    const problems = one.estimate.problems.map((each) => ({ ...each, message: say(each.message) }));
    return { ...one.estimate, problems };
  });
  const findings = once(() => one.findings.map((finding) => sayFinding(finding, say)));
  const report = once(() => sayReport(one.report, say));
  return {
    workload: one.workload,
    get spec() {
      return one.spec;
    },
    get estimate() {
      return estimate();
    },
    get findings() {
      return findings();
    },
    get report() {
      return report();
    },
  };
}

function sayReport(report: Report, say: Say): Report {
  const row = (given: ReportRow): ReportRow => ({
    ...given,
    label: say(given.label),
    value: say(given.value),
    ...(given.note === undefined ? {} : { note: say(given.note) }),
  });
  const rows = once(() => report.rows.map(row));
  return {
    title: say(report.title),
    answer: say(report.answer),
    verdict: say(report.verdict),
    get rows() {
      return rows();
    },
    memoryRows: report.memoryRows.map(row),
    notes: report.notes.map((text) => say(text)),
    assumptions: report.assumptions.map((text) => say(text)),
    hints: report.hints.map((hint) => sayHint(hint, say)),
  };
}

/** A hint's later parts begin with their comma. */
function sayHint(hint: Hint, say: Say): Hint {
  const part = (text: string) => (text.startsWith(', ') ? `, ${say(text.slice(2))}` : say(text));
  const tooltip = once(() => say(hint.tooltip));
  return {
    kind: hint.kind,
    at: hint.at,
    get tooltip() {
      return tooltip();
    },
    parts: hint.parts.map((one) => ({
      ...one,
      text: part(one.text),
      ...(one.detail === undefined ? {} : { detail: say(one.detail) }),
    })),
  };
}

function sayFinding(finding: Finding, say: Say): Finding {
  const { ruleId, severity, span, saving, message, related } = finding;
  const base = {
    ruleId,
    severity,
    span,
    ...(saving === undefined ? {} : { saving }),
    message: say(message),
    related: related.map((one) => ({ ...one, message: say(one.message) })),
  };
  return lazyFinding(base, () => ({
    fixes: finding.fixes.map((fix): Fix => ({ ...fix, title: say(fix.title) })),
    refusals: finding.refusals.map((text) => say(text)),
  }));
}
