import type { Catalog } from '#core/catalog/catalog.ts';
import { type AnalyzedWorkload, type AnalyzeInput, whatIfInput } from '#core/index.ts';
import { describeCandidate } from '#core/report/candidates.ts';
import { candidatesPlot, energyOf } from '#core/report/charts/candidates.ts';
import type { Plot } from '#core/report/charts/chart.ts';
import { energyPlot } from '#core/report/charts/energy.ts';
import { phraseLimits } from '#core/report/inverse.ts';
import { editsFor } from '#core/search/edits.ts';
import { limitsOf } from '#core/search/inverse.ts';
import { defaultLimits, type SearchLimits } from '#core/search/limits.ts';
import { type Candidate, jobPlan, type SearchResult, searchable, searchConfigurations } from '#core/search/search.ts';
import type { Settings } from '#core/settings.ts';
import type { Syntax } from '#core/syntax/syntax.ts';
import { money } from '#core/units/money.ts';
import type { WhatIfInput } from '#core/what-if.ts';
import { likely } from '#core/workload/known.ts';
import type { OptimizeItem, OptimizeLimits, OptimizeResult } from '../../protocol.ts';
import type { Abilities } from '../abilities.ts';
import type { View } from '../view.ts';
import { toWorkspaceEdit } from '../workspace-edit.ts';

/** What a search needs of the server. */
export interface OptimizeInput {
  readonly view: View;
  readonly syntax: Syntax;
  readonly catalog: Catalog;
  readonly settings: Settings;
  readonly limits: OptimizeLimits;
  readonly abilities: Pick<Abilities, 'documentChanges' | 'annotations' | 'say'>;
  /** The job by its id; the document's first training job where absent. */
  readonly job?: string;
  /** Plots are asked for. */
  readonly plots?: boolean;
  versionOf(uri: string): number | null;
  /** True where nobody waits for the answer any more. */
  isCancelled(): boolean;
  /** Lets other requests be answered between two steps. */
  breathe(): Promise<void>;
  /** Takes what is found so far. */
  tell(result: OptimizeResult): void;
}

type Found = Pick<SearchResult, 'candidates' | 'examined' | 'trials'>;

/** Milliseconds between two partial results, so that a list does not flicker. */
const tellEvery = 100;
/** Milliseconds of work between two breaths. */
const breatheEvery = 10;

/** Searches the document's first training job, a few places at a time; undefined where the document has none or nobody waits. */
export async function optimizeView(input: OptimizeInput, now: () => number): Promise<OptimizeResult | undefined> {
  const { view, limits, settings } = input;
  const one =
    view.workloads.find(({ workload }) => workload.id === input.job) ??
    view.workloads.find(({ spec }) => spec.task !== 'serving') ??
    view.workloads[0];
  if (!one) return undefined;
  const world = whatIfInput(one.workload, { ...input, files: view.files });
  const job = searchable({ ...world, spec: one.spec });
  const result = ({ candidates, examined, trials }: Found, edits: boolean, reason?: string): OptimizeResult => ({
    title: one.workload.name,
    now: one.report.answer,
    items: candidates.map((candidate) => toItem(input, world, candidate, edits)),
    examined,
    ...(reason === undefined ? {} : { reason: input.abilities.say(reason) }),
    ...(input.plots ? { plots: toPlots(input, one, { candidates, examined, trials }, reason) } : {}),
  });
  if ('reason' in job) return result({ candidates: [], examined: 0, trials: [] }, false, job.reason);
  const steps = searchConfigurations(job, one.estimate, toLimits(limits, settings, one));
  let told = Number.NEGATIVE_INFINITY;
  let breathed = now();
  for (;;) {
    const step = steps.next();
    if (step.done) return result(step.value, true);
    if (now() - told >= tellEvery) {
      told = now();
      input.tell(result(step.value, false));
    }
    if (now() - breathed < breatheEvery) continue;
    await input.breathe();
    if (input.isCancelled()) return undefined;
    breathed = now();
  }
}

function toPlots(
  { abilities: { say } }: OptimizeInput,
  { estimate }: AnalyzedWorkload,
  found: Found,
  reason: string | undefined,
): readonly Plot[] {
  return [
    candidatesPlot({ estimate, ...found, say, ...(reason === undefined ? {} : { reason }) }),
    energyPlot({ estimate, say }, energyOf(found.candidates)),
  ];
}

/** How far a job could go on its card, in a line for the hover; empty where that is not known. */
export function reachOf({ workload, spec }: AnalyzedWorkload, world: AnalyzeInput): string {
  const job = jobPlan({ ...whatIfInput(workload, world), spec });
  return 'reason' in job ? '' : phraseLimits(limitsOf(job));
}

function toLimits(limits: OptimizeLimits, settings: Settings, { spec, estimate }: AnalyzedWorkload): SearchLimits {
  const { deadlineHours, budget, keepNumerics, ownMachines } = limits;
  const own = likely(spec.resources.accelerator);
  return {
    ...defaultLimits,
    keepNumerics: keepNumerics ?? false,
    ...(deadlineHours === undefined ? {} : { deadlineHours }),
    ...(budget === undefined ? {} : { budget: money(budget, settings.currency) }),
    ...(ownMachines && own !== undefined ? { accelerators: [own], maximumDevices: estimate.devices ?? 1 } : {}),
  };
}

function toItem(input: OptimizeInput, world: WhatIfInput, candidate: Candidate, withEdits: boolean): OptimizeItem {
  const { say } = input.abilities;
  const row = describeCandidate(candidate);
  const effect = row.safe ? row.effect : `${row.effect}; changes numerics`;
  const item = {
    label: say(`${effect}: ${row.machines}`),
    description: say(`${row.cost}, ${row.time}`),
    detail: [row.settings, `${row.memory} a GPU`, `${row.perHour}, ${row.offer}`].map((one) => say(one)).join(' · '),
    now: candidate.changes.length === 0,
  };
  if (!withEdits || item.now) return item;
  const written = editsFor(world, candidate.changes);
  if ('refused' in written) return { ...item, refused: say(written.refused) };
  // The user has chosen it from a list that says what it does: no second question for the other files of the job.
  const abilities = { ...input.abilities, annotations: false };
  const edit = toWorkspaceEdit(input.view, input, written.edits, abilities)?.edit;
  return edit ? { ...item, edit } : { ...item, refused: say('no file of this job says what would change') };
}
