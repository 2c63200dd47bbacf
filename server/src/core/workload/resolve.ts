import type { Catalog } from '../catalog/catalog.ts';
import type { Settings } from '../settings.ts';
import { isTransformer } from './architecture.ts';
import { likely } from './known.ts';
import { resolveCode, taskOf } from './resolve/code.ts';
import { resolveBeside, resolveRollout } from './resolve/companions.ts';
import { resolveData } from './resolve/data.ts';
import { type FactView, viewFacts } from './resolve/fact-view.ts';
import { resolveGeneration } from './resolve/generation.ts';
import { withHead } from './resolve/head.ts';
import { resolveAdapter, resolveModel } from './resolve/model.ts';
import { resolveParallelism } from './resolve/parallelism.ts';
import { publishedFormat, resolveOptimizer, resolvePrecision } from './resolve/precision.ts';
import { resolvePreemption } from './resolve/preemption.ts';
import { resolveResources } from './resolve/resources.ts';
import { resolveCheckpoint, resolveRecompute, resolveSchedule } from './resolve/schedule.ts';
import { resolveServing } from './resolve/serving.ts';
import type { WorkloadSpec } from './spec.ts';
import type { Workload } from './workload.ts';

/** Facts, settings, tables and named assumptions become a spec, in that order of precedence. What stays open says why. */
export function resolveSpec(workload: Workload, catalog: Catalog, settings: Settings): WorkloadSpec {
  const read = viewFacts(workload);
  const named = resolveModel(read, catalog);
  const facts = diffuses(named, read, catalog) ? { ...read, stack: 'diffusers' as const } : read;
  const adapter = resolveAdapter(facts);
  const resources = resolveResources(facts, catalog, settings);
  const parallelism = resolveParallelism(facts, resources);
  const data = resolveData(facts, catalog, settings);
  const serving = resolveServing(facts, named, catalog);
  const model = serving
    ? named
    : { ...withHead(named, facts), ...resolveBeside(facts, catalog, named, adapter !== undefined) };
  const rollout = serving ? undefined : resolveRollout(facts);
  const generation = serving ? undefined : resolveGeneration(facts, data);
  const schedule = serving ? undefined : resolveSchedule(facts, data, parallelism, settings);
  const checkpoint = schedule && resolveCheckpoint(facts, schedule);
  const preemption = schedule && resolvePreemption(facts, resources.priceKind);
  const architecture = likely(model.architecture);
  const vision = architecture !== undefined && !isTransformer(architecture);
  const noisy = architecture && (isTransformer(architecture) ? architecture.denoiser : architecture.denoises);
  const denoises = noisy !== undefined && serving === undefined;
  const task = denoises ? 'diffusion' : taskOf(facts, vision, serving !== undefined);
  return {
    task,
    code: resolveCode(facts),
    model,
    ...(adapter ? { adapter } : {}),
    // Engines narrow what they serve; trainers keep the format that weights were published in.
    precision: resolvePrecision(
      facts,
      parallelism.implementation,
      adapter,
      halfPrecision(resources, catalog),
      serving ? undefined : publishedFormat(named),
    ),
    ...(serving ? {} : { optimizer: resolveOptimizer(facts) }),
    data,
    ...(schedule ? { schedule } : {}),
    parallelism,
    recompute: resolveRecompute(facts, parallelism, task),
    ...(checkpoint ? { checkpoint } : {}),
    ...(preemption ? { preemption } : {}),
    ...(serving ? { serving } : {}),
    ...(rollout ? { rollout } : {}),
    ...(generation ? { generation } : {}),
    resources,
  };
}

/** Stacks that say nothing of the code where a denoising network is trained: its programs are those of diffusers or written after them. */
const untold = new Set<FactView['stack']>(['other', 'accelerate', 'pytorch']);

function diffuses(model: WorkloadSpec['model'], facts: FactView, catalog: Catalog): boolean {
  const name = likely(model.name);
  return untold.has(facts.stack) && name !== undefined && catalog.model(name)?.modelKind === 'diffusion';
}

/** The half-precision format of the card: bf16 wherever its tensor cores have it, and where the card is not known. */
function halfPrecision(resources: WorkloadSpec['resources'], catalog: Catalog): 'bf16' | 'fp16' {
  const name = likely(resources.accelerator);
  const peak = name === undefined ? undefined : catalog.accelerator(name)?.peak;
  return peak && peak.bf16 === undefined && peak.fp16 !== undefined ? 'fp16' : 'bf16';
}
