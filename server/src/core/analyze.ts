import type { Catalog } from './catalog/catalog.ts';
import type { Estimate } from './estimate/estimate.ts';
import { estimateWorkload } from './estimate/index.ts';
import { readProjects } from './project/find.ts';
import { type ReadCache, readFile } from './readers/read.ts';
import type { ReadContext } from './readers/reader.ts';
import { describe } from './report/describe.ts';
import type { Report } from './report/report.ts';
import { checkRules } from './rules/check.ts';
import { changeFinding } from './rules/lazy.ts';
import type { Finding } from './rules/rule.ts';
import type { Settings } from './settings.ts';
import { isSilenced } from './silence.ts';
import { lineEnd } from './source/lines.ts';
import { once } from './source/once.ts';
import type { Problem } from './source/problem.ts';
import type { SourceFile } from './source/source-file.ts';
import type { Syntax } from './syntax/syntax.ts';
import { type WhatIfInput, whatIfs } from './what-if.ts';
import { linkFiles } from './workload/link.ts';
import { indexPaths } from './workload/link-path.ts';
import { withLocalModel } from './workload/local-model.ts';
import { resolveSpec } from './workload/resolve.ts';
import type { WorkloadSpec } from './workload/spec.ts';
import { runsWithoutAccelerator } from './workload/without-accelerator.ts';
import type { Workload } from './workload/workload.ts';

/** The world as one analysis sees it. */
export interface AnalyzeInput {
  /** Documents that may take part, by URI; the ones asked about first. */
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly syntax: Syntax;
  readonly catalog: Catalog;
  readonly settings: Settings;
  /** Readings of earlier analyses, where the caller keeps them; the analysis is the same without. */
  readonly readings?: ReadCache;
}

/** One job with everything that is known of it. */
export interface AnalyzedWorkload {
  readonly workload: Workload;
  readonly spec: WorkloadSpec;
  readonly estimate: Estimate;
  readonly findings: readonly Finding[];
  readonly report: Report;
}

/** The one value that every surface shows. Plain data; its spans hold for the versions of `files`. */
export interface Analysis {
  readonly workloads: readonly AnalyzedWorkload[];
  readonly problems: readonly Problem[];
  /** URIs that files name and `files` lacks: load them and analyse again to know more. */
  readonly missing: readonly string[];
}

/** Text to figures: the whole of Flopwise in one line of arrows. Never throws on any text. */
export function analyze(input: AnalyzeInput): Analysis {
  const { syntax } = input;
  const projects = readProjects(input.files, syntax, input.catalog, input.settings);
  const linked = linkFiles(input.files, (file, context) => readFile(file, context, input.readings), syntax);
  const paths = indexPaths(input.files.keys());
  const context: ReadContext = {
    syntax,
    file: (path, from) => input.files.get(paths.find(path, from.uri) ?? ''),
  };
  const absent = [...linked.missing];
  const workloads = linked.workloads.flatMap((workload): readonly AnalyzedWorkload[] => {
    const settings = projects.settingsOf(workload.main);
    const { catalog, missing } = withLocalModel(workload, input.files, input.catalog);
    absent.push(...missing);
    const job = lazily({ workload, catalog, settings, files: input.files, context });
    return runsWithoutAccelerator(workload, () => job.spec) ? [] : [job];
  });
  return { workloads, problems: [...linked.problems, ...projects.problems], missing: [...new Set(absent)] };
}

/**
 * A job whose figures are worked out when they are first asked for, and kept: of many jobs only those that a document shows are
 * estimated, and whoever types waits for the figures alone, not for what the rules find.
 */
function lazily({ workload, catalog, settings, files, context }: WhatIfInput): AnalyzedWorkload {
  const spec = once(() => resolveSpec(workload, catalog, settings));
  const estimate = once(() => estimateWorkload(spec(), catalog, settings));
  const findings = once(() => {
    const job = { workload, spec: spec(), estimate: estimate(), catalog, settings };
    return checkRules({ ...job, ...whatIfs({ workload, catalog, settings, files, context }) })
      .filter((finding) => !isSilenced(finding, files, settings))
      .map((finding) => onOneLine(finding, files));
  });
  const report = once(() => describe({ workload, spec: spec(), estimate: estimate(), findings, settings, files }));
  return {
    workload,
    get spec() {
      return spec();
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

/** What may be asked of one job beyond its report: the tables, settings and files that its figures rest on. */
export function whatIfInput(workload: Workload, input: AnalyzeInput): WhatIfInput {
  const { files, syntax } = input;
  const projects = readProjects(files, syntax, input.catalog, input.settings);
  const paths = indexPaths(files.keys());
  return {
    workload,
    catalog: withLocalModel(workload, files, input.catalog).catalog,
    settings: projects.settingsOf(workload.main),
    files,
    context: { syntax, file: (path, from) => files.get(paths.find(path, from.uri) ?? '') },
  };
}

/** The finding on the first line of its place: a call of many lines would be underlined whole. */
function onOneLine(finding: Finding, files: ReadonlyMap<string, SourceFile>): Finding {
  const { span } = finding;
  const file = files.get(span.uri);
  const end = file ? lineEnd(file, span.start) : span.end;
  return span.end <= end ? finding : changeFinding(finding, { span: { ...span, end: Math.max(end, span.start) } });
}

/** A spec without any text: estimated and described, with nothing to find or fix. */
export function estimateSpec(spec: WorkloadSpec, uri: string, catalog: Catalog, settings: Settings): AnalyzedWorkload {
  const workload: Workload = {
    id: uri,
    name: uri.slice(uri.lastIndexOf('/') + 1),
    main: uri,
    files: [uri],
    readings: [],
    facts: [],
    open: [],
    conflicts: [],
    anchors: [],
    problems: [],
  };
  const estimate = estimateWorkload(spec, catalog, settings);
  const files = new Map<string, SourceFile>();
  const report = describe({ workload, spec, estimate, findings: () => [], settings, files });
  return { workload, spec, estimate, findings: [], report };
}
