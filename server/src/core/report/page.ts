import type { AnalyzedWorkload } from '../analyze.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { resolvePlan } from '../estimate/resolve-plan.ts';
import { asksOf } from '../project/ask.ts';
import type { Severity } from '../rules/rule.ts';
import type { Settings } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';
import type { Place, Plot } from './charts/chart.ts';
import { describePlots } from './charts/plots.ts';
import type { Say } from './words.ts';

/** One finding on the page. */
export interface PageFinding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fixes: readonly string[];
  readonly place?: Place;
}

/** One job on the page. */
export interface PageJob {
  readonly id: string;
  readonly name: string;
  /** "8 x H100 · aws us-east-1 on-demand, 2026-07-30". */
  readonly title: string;
  readonly answer: string;
  readonly verdict: string;
  readonly rows: readonly { readonly label: string; readonly value: string; readonly note?: string }[];
  readonly plots: readonly Plot[];
  readonly findings: readonly PageFinding[];
  /** What the figures rest on. */
  readonly notes: readonly string[];
  /** What the files leave out and the project file can state, by its key. */
  readonly asks: readonly { readonly key: string; readonly title: string }[];
  /** A search for cheaper configurations makes sense. */
  readonly searchable: boolean;
}

/** The whole report of some jobs: plain data, every text ready to show. */
export interface PageModel {
  readonly jobs: readonly PageJob[];
  /** What could not be read. */
  readonly problems: readonly string[];
  /** Newest price date of the tables; empty where there is none. */
  readonly pricesAsOf: string;
}

/** What a page is made from. */
export interface PageInput {
  readonly workloads: readonly AnalyzedWorkload[];
  readonly problems: readonly Problem[];
  readonly pricesAsOf: string;
  readonly say: Say;
  /** The tables and settings that a job's figures rest on. */
  worldOf(one: AnalyzedWorkload): { readonly catalog: Catalog; readonly settings: Settings };
  placeOf(span: Span): Place | undefined;
}

/** Makes the page's data; every surface that shows charts draws this. */
export function describePage(input: PageInput): PageModel {
  const { workloads, problems, pricesAsOf } = input;
  const unread = [...problems, ...workloads.flatMap(({ workload }) => workload.problems)];
  return {
    jobs: workloads.map((one) => describeJob(input, one)),
    problems: [...new Set(unread.map(({ message }) => message))],
    pricesAsOf,
  };
}

function describeJob({ worldOf, placeOf, say }: PageInput, one: AnalyzedWorkload): PageJob {
  const { workload, spec, estimate, report, findings } = one;
  const { catalog, settings } = worldOf(one);
  const { points } = resolvePlan(spec, catalog, settings);
  return {
    id: workload.id,
    name: workload.name,
    title: report.title,
    answer: report.answer,
    verdict: report.verdict,
    rows: report.rows.map(({ label, value, note }) => ({ label, value, ...(note ? { note } : {}) })),
    plots: describePlots({ spec, estimate, catalog, settings, say, placeOf, ...(points ? { points } : {}) }),
    findings: findings.map(({ ruleId, severity, message, fixes, span }) => {
      const place = placeOf(span);
      return { ruleId, severity, message, fixes: fixes.map(({ title }) => title), ...(place ? { place } : {}) };
    }),
    notes: [...report.notes, ...report.assumptions],
    asks: asksOf(one).map(({ path, what }) => ({ key: path.join('.'), title: say('State {0}...', say(what)) })),
    searchable: spec.task !== 'serving',
  };
}
