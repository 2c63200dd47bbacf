import type { AnalyzedWorkload } from '../analyze.ts';
import { totalsOf } from '../diff/totals.ts';
import { distinctFindings } from '../rules/distinct.ts';
import type { Finding, Severity } from '../rules/rule.ts';
import type { Span } from '../source/span.ts';
import type { Place } from './charts/chart.ts';
import { phraseCost, phraseMemory } from './phrases.ts';
import { phraseTotals } from './totals.ts';
import type { Say } from './words.ts';

/** A line below a job: one of its figures, or a finding with its place. */
export interface OverviewLine {
  readonly label: string;
  readonly text: string;
  readonly severity?: Severity;
  readonly place?: Place;
}

/** What an overview may be narrowed to. */
export type OverviewMark = 'training' | 'serving' | 'findings' | 'too-large';

/** One job of a workspace. */
export interface OverviewItem {
  readonly id: string;
  /** File that the job is known by. */
  readonly uri: string;
  readonly label: string;
  /** "$412 (330-520), 71 of 80 GiB". */
  readonly text: string;
  readonly answer: string;
  readonly marks: readonly OverviewMark[];
  /** The gravest of its findings. */
  readonly severity?: Severity;
  readonly place?: Place;
  readonly lines: readonly OverviewLine[];
}

/** Orders in which jobs may be listed. */
export const overviewOrders = ['cost', 'memory', 'findings', 'name'] as const;
export type OverviewOrder = (typeof overviewOrders)[number];

/** Every job of a workspace, each once, with the sum over all. */
export interface Overview {
  readonly items: readonly OverviewItem[];
  /** Indexes of the items in each order: dearest, fullest, most and gravest findings first, or by name. */
  readonly orders: Readonly<Record<OverviewOrder, readonly number[]>>;
  /** "12 jobs: $4,100 (2,900-6,000) for the 9 whose cost is known"; empty where there is no job. */
  readonly totals: string;
}

/** What an overview is made from. */
export interface OverviewInput {
  readonly workloads: readonly AnalyzedWorkload[];
  readonly say: Say;
  /** The path to show for a file. */
  show(uri: string): string;
  placeOf(span: Span): Place | undefined;
}

/** Makes the overview; a job that two launchers name alike is there once. */
export function describeOverview(input: OverviewInput): Overview {
  const jobs = [...new Map(input.workloads.map((one) => [one.workload.id, one])).values()];
  const items = jobs.map((one) => describeItem(input, one));
  const orderBy = (keys: readonly (readonly number[])[]) =>
    [...jobs.keys()].sort((a, b) => compareKeys(keys[b], keys[a]) || compareNames(items[a], items[b]));
  return {
    items,
    orders: {
      cost: orderBy(jobs.map(({ estimate }) => [estimate.cost?.total?.micros.likely ?? -1])),
      memory: orderBy(jobs.map(({ estimate }) => [estimate.memory?.device.likely ?? -1])),
      findings: orderBy(jobs.map(({ findings }) => severities.map((severity) => countOf(findings, severity)))),
      name: orderBy(jobs.map(() => [0])),
    },
    totals: jobs.length === 0 ? '' : input.say(phraseTotals(totalsOf(jobs))),
  };
}

/** The gravest first. */
const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

function describeItem({ say, show, placeOf }: OverviewInput, one: AnalyzedWorkload): OverviewItem {
  const { workload, spec, estimate, report } = one;
  const findings = distinctFindings(one.findings);
  const severity = severities.find((grave) => countOf(findings, grave) > 0);
  const anchor = workload.anchors[0];
  const place = (anchor && placeOf(anchor)) ?? { uri: workload.main, line: 0, character: 0 };
  const { memory } = estimate;
  const marks: OverviewMark[] = [spec.task === 'serving' ? 'serving' : 'training'];
  if (findings.length > 0) marks.push('findings');
  if (memory?.fits === 'no') marks.push('too-large');
  return {
    id: workload.id,
    uri: workload.main,
    label: show(workload.main),
    text: say([phraseCost(estimate), memory ? phraseMemory(memory) : 'memory unknown'].join(', ')),
    answer: report.answer,
    marks,
    ...(severity ? { severity } : {}),
    place,
    lines: [
      ...report.rows
        .filter(({ label }) => label !== say('findings'))
        .map(({ label, value, note }) => ({ label, text: note ? `${value} · ${note}` : value })),
      ...findings.map(({ message, severity: own, span }) => {
        const at = placeOf(span);
        return { label: message, text: '', severity: own, ...(at ? { place: at } : {}) };
      }),
    ],
  };
}

function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((one) => one.severity === severity).length;
}

function compareKeys(a: readonly number[] = [], b: readonly number[] = []): number {
  for (const [at, key] of a.entries()) {
    const difference = key - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareNames(a: OverviewItem | undefined, b: OverviewItem | undefined): number {
  const [left, right] = [a?.label ?? '', b?.label ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
}
