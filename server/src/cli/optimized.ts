import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { PriceKind } from '#core/catalog/offer.ts';
import { whatIfInput } from '#core/index.ts';
import { describeCandidate } from '#core/report/candidates.ts';
import { defaultLimits, type SearchLimits } from '#core/search/limits.ts';
import { searchAll } from '#core/search/search.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { money } from '#core/units/money.ts';
import type { WhatIfInput } from '#core/what-if.ts';
import type { Engine } from '#server/gather/engine.ts';
import { checkAccelerator } from './accelerator.ts';
import { gatherPaths } from './gather.ts';
import type { CliHost } from './host.ts';
import type { Optimized, OptimizedJobs } from './reporters/candidates.ts';

/** What a search may do, as it is asked for; absent fields set no limit. */
export interface AskedLimits {
  readonly deadlineHours?: number | undefined;
  /** Whole units of the currency of the settings. */
  readonly budget?: number | undefined;
  readonly clouds?: readonly string[] | undefined;
  readonly region?: string | undefined;
  readonly accelerators?: readonly string[] | undefined;
  readonly kinds?: readonly PriceKind[] | undefined;
  readonly maximumDevices?: number | undefined;
  readonly keepNumerics: boolean;
  readonly keepGlobalBatch: boolean;
}

/** One searched job with what its candidates are written with. */
export interface SearchedJob extends Optimized {
  readonly world: WhatIfInput;
}

/** Searches the jobs of paths as typed for cheaper and faster ways to run. An accelerator that is not known is a known failure. */
export async function optimizePaths(
  paths: readonly string[],
  asked: AskedLimits,
  engine: Engine,
  host: CliHost,
): Promise<OptimizedJobs & { readonly jobs: readonly SearchedJob[] }> {
  for (const name of asked.accelerators ?? []) checkAccelerator(name, engine.catalog);
  const settings: Settings = { ...defaultSettings, today: host.today() };
  const limits = limitsOf(asked, settings);
  const gathered = await gatherPaths(paths, engine, settings, host);
  const jobs = gathered.workloads.map((one): SearchedJob => {
    const world = whatIfInput(one.workload, { ...gathered.engine, files: gathered.files, settings: gathered.settings });
    return { ...named(one, host), ...optimizeOne(one, world, limits), world };
  });
  return { jobs, problems: gathered.problems };
}

function limitsOf(asked: AskedLimits, { currency }: Settings): SearchLimits {
  const { deadlineHours, budget, clouds, region, accelerators, kinds, maximumDevices } = asked;
  return {
    ...defaultLimits,
    keepNumerics: asked.keepNumerics,
    keepGlobalBatch: asked.keepGlobalBatch,
    ...(deadlineHours === undefined ? {} : { deadlineHours }),
    ...(budget === undefined ? {} : { budget: money(budget, currency) }),
    ...(clouds === undefined ? {} : { clouds: clouds.map((one) => one.toLowerCase()) }),
    ...(region === undefined ? {} : { region }),
    ...(accelerators === undefined ? {} : { accelerators }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(maximumDevices === undefined ? {} : { maximumDevices }),
  };
}

function optimizeOne(one: AnalyzedWorkload, world: WhatIfInput, limits: SearchLimits) {
  const result = searchAll({ ...world, spec: one.spec }, one.estimate, limits);
  if ('reason' in result) return { reason: result.reason };
  return {
    examined: result.examined,
    candidates: result.candidates.map((candidate) => ({ row: describeCandidate(candidate), candidate })),
  };
}

function named({ workload, report }: AnalyzedWorkload, host: CliHost) {
  return { name: workload.name, main: host.show(workload.main), answer: report.answer, verdict: report.verdict };
}
