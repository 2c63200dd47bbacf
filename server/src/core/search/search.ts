import type { Estimate } from '../estimate/estimate.ts';
import { estimateWorkload } from '../estimate/index.ts';
import type { Plan } from '../estimate/plan.ts';
import { resolvePlan } from '../estimate/resolve-plan.ts';
import type { SpecChange } from '../readers/reader.ts';
import { compareEstimates } from '../rules/compare.ts';
import type { Saving } from '../rules/rule.ts';
import { changeWorkload } from '../what-if.ts';
import { likely } from '../workload/known.ts';
import { resolveSpec } from '../workload/resolve.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import { configurePlace, type SearchedJob, secondsOf, type Trial } from './configurations.ts';
import type { SearchLimits } from './limits.ts';
import { paretoFront, type Scored } from './pareto.ts';
import { listPlaces, type Place } from './place.ts';
import { configureServing } from './serving.ts';

/** One way to run the job that no other found beats in cost and time, at any place or at the job's own; estimated in full. */
export interface Candidate {
  readonly place: Place;
  /** Facts that differ from the job's, files and prices aside. */
  readonly changes: readonly SpecChange[];
  readonly spec: WorkloadSpec;
  readonly plan: Plan;
  readonly estimate: Estimate;
  readonly saving: Saving;
  /** Cannot change the result. */
  readonly safe: boolean;
}

/** What a search has found so far. */
export interface SearchResult {
  /** Cheapest first; none where nothing fits the limits. */
  readonly candidates: readonly Candidate[];
  /** Configurations that were judged. */
  readonly examined: number;
  /** Places still to be looked at; infinite before they are listed. */
  readonly remaining: number;
  /** Everything within the limits that was timed, candidates or not: likely points, in no order. */
  readonly trials: readonly Trial[];
}

/** Why a job cannot be searched, in the user's words. */
export interface NotSearchable {
  readonly reason: string;
}

/** Places looked at between two answers of the generator: a few milliseconds of work. */
const slice = 8;

/** Candidates that are estimated in full and shown. */
const shown = 12;

/** A job with its plan, or what is missing to plan it. */
export function jobPlan(job: Omit<SearchedJob, 'plan'>): SearchedJob | NotSearchable {
  const plan = resolvePlan(job.spec, job.catalog, job.settings).points?.likely;
  if (!plan) return { reason: 'the size of the model is not known' };
  const named = likely(job.spec.resources.accelerator);
  if (!plan.accelerator && named !== undefined) return { reason: `the accelerator ${named} is not in the tables` };
  return { ...job, plan };
}

/** Prepares a job for the search, or says why it cannot be searched. */
export function searchable(job: Omit<SearchedJob, 'plan'>): SearchedJob | NotSearchable {
  const ready = jobPlan(job);
  if ('reason' in ready || !ready.plan.serving) return ready;
  if (!ready.plan.shape) return { reason: 'the dimensions of the model are not known' };
  return ready;
}

/**
 * Looks for cheaper and faster ways to run a job within limits, a few places a step, so that a caller may answer others, show
 * what is found, or stop between. The last value holds everything.
 */
export function* searchConfigurations(
  job: SearchedJob,
  estimate: Estimate,
  limits: SearchLimits,
): Generator<SearchResult, SearchResult> {
  const own = ownPlace(job, estimate);
  const found: Trial[] = [];
  const known = new Map<Trial, Candidate>();
  const best = () =>
    bestOf(found, limits, (trial) => {
      const candidate = known.get(trial) ?? candidateOf(job, estimate, trial);
      known.set(trial, candidate);
      return candidate;
    });
  let examined = 0;
  const look = (place: Place) => {
    const outcome = job.plan.serving ? configureServing(job, place, limits) : configurePlace(job, place, limits);
    examined += outcome.examined;
    found.push(...outcome.trials.filter((trial) => isWithin(trial, limits)));
  };
  if (own && isAllowed(own, limits, job)) {
    look(own);
    yield { candidates: best(), examined, remaining: Number.POSITIVE_INFINITY, trials: found };
  }
  const places = listPlaces(job.spec, job.plan.devices, job.catalog, job.settings, limits).map((place) =>
    ofReplicas(place, job.plan.serving?.replicas ?? 1),
  );
  for (const [at, place] of places.entries()) {
    look(place);
    if (at % slice === slice - 1)
      yield { candidates: best(), examined, remaining: places.length - at - 1, trials: found };
  }
  return { candidates: best(), examined, remaining: 0, trials: found };
}

/** The whole search at once. */
export function searchAll(
  job: Omit<SearchedJob, 'plan'>,
  estimate: Estimate,
  limits: SearchLimits,
): SearchResult | NotSearchable {
  const ready = searchable(job);
  if ('reason' in ready) return ready;
  const steps = searchConfigurations(ready, estimate, limits);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The machines that the job runs on now, at the price that its estimate took. */
function ownPlace({ spec, plan }: SearchedJob, { cost }: Estimate): Place | undefined {
  if (!plan.accelerator || !cost) return undefined;
  return {
    accelerator: plan.accelerator,
    perNode: plan.perNode,
    nodes: plan.nodes,
    kind: cost.kind,
    ...('instanceType' in cost.offer
      ? { cloud: cost.offer.cloud, region: cost.offer.region, instanceType: cost.offer.instanceType }
      : {}),
    perHour: cost.machinesPerHour ?? cost.perHour,
    current: likely(spec.resources.accelerator) !== undefined,
  };
}

function isAllowed(place: Place, limits: SearchLimits, { catalog }: SearchedJob): boolean {
  const names = limits.accelerators?.map((name) => catalog.accelerator(name)?.name);
  return (
    (!names || names.includes(place.accelerator.name)) &&
    (!limits.kinds || limits.kinds.includes(place.kind)) &&
    (!limits.clouds || place.cloud === undefined || limits.clouds.includes(place.cloud)) &&
    place.perNode * place.nodes <= (limits.maximumDevices ?? Number.POSITIVE_INFINITY)
  );
}

/** The place with the price of all replicas, each on machines of its own. */
function ofReplicas(place: Place, replicas: number): Place {
  if (replicas === 1) return place;
  const { low, likely: middle, high } = place.perHour.micros;
  const micros = { low: low * replicas, likely: middle * replicas, high: high * replicas };
  return { ...place, perHour: { ...place.perHour, micros } };
}

/** Money and seconds of one trial: of the run where its length is known, else of a step; of a server, the cost of a million tokens under full load and the wait for one request. */
export function scoreOf({ place, point, tokensPerSecond }: Trial): Scored {
  const seconds = secondsOf(point);
  if (tokensPerSecond !== undefined)
    return { cost: (place.perHour.micros.likely * 1e6) / (tokensPerSecond * 3600), seconds };
  return { cost: place.perHour.micros.likely * (seconds / 3600), seconds };
}

function isWithin(trial: Trial, { deadlineHours, budget }: SearchLimits): boolean {
  if (trial.point.runSeconds === undefined) return true;
  const { cost, seconds } = scoreOf(trial);
  return (
    (deadlineHours === undefined || seconds <= deadlineHours * 3600) && (budget === undefined || cost <= budget.micros)
  );
}

/** The front of the trials, estimated in full; one that its unknowns make tight is left out. */
function bestOf(
  trials: readonly Trial[],
  limits: SearchLimits,
  complete: (trial: Trial) => Candidate,
): readonly Candidate[] {
  const simplest = [...trials].sort((a, b) => a.changes.length - b.changes.length);
  const scored = simplest.map((trial) => ({ ...scoreOf(trial), trial }));
  const front = paretoFront(scored).slice(0, shown);
  // What a change of the script alone brings is asked for even where other machines beat it.
  const own = paretoFront(scored.filter(({ trial }) => trial.place.current)).filter((one) => !front.includes(one));
  return [...front, ...own]
    .sort((a, b) => a.cost - b.cost)
    .map(({ trial }) => complete(trial))
    .filter(({ estimate }) => estimate.memory?.fits !== 'no' && isFullyWithin(estimate, limits));
}

function candidateOf(job: SearchedJob, before: Estimate, { place, changes, safe }: Trial): Candidate {
  const { catalog, settings } = job;
  const spec = resolveSpec(changeWorkload(job.workload, changes), catalog, settings);
  const estimate = estimateWorkload(spec, catalog, settings);
  const plan = resolvePlan(spec, catalog, settings).points?.likely ?? job.plan;
  return { place, changes, spec, plan, estimate, saving: compareEstimates(before, estimate), safe };
}

function isFullyWithin({ time, cost }: Estimate, { deadlineHours, budget }: SearchLimits): boolean {
  const run = time?.run?.likely;
  const total = cost?.total?.micros.likely;
  return (
    (deadlineHours === undefined || run === undefined || run <= deadlineHours * 3600) &&
    (budget === undefined || total === undefined || total <= budget.micros)
  );
}
