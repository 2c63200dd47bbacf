import type { Catalog } from '../catalog/catalog.ts';
import type { Settings } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import { type Architecture, isTransformer, type UNetShape } from '../workload/architecture.ts';
import { type Known, likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import { adapterParameters, adapterTargets, targetNames } from './adapter.ts';
import { stacksExperts } from './adapter-experts.ts';
import { adaptsLinears, methodName, methodParameters, usualTargets } from './adapter-trained.ts';
import { companionsOf, scheduleOf } from './companions.ts';
import { denoisedTokens, usualDenoiser, withRest } from './denoiser.ts';
import type { Assumption } from './estimate.ts';
import { countedAs, countParameters, countsOf } from './parameters.ts';
import type { GenerationPlan, Plan, Points, ServingPlan, Variant } from './plan.ts';
import { namedModules } from './recomputed-modules.ts';
import { type Open, openFields, type Resolved } from './resolve-fields.ts';
import { shapeOf } from './shape-from-size.ts';
import { sizedShape } from './sized-shape.ts';
import { speculationAt } from './speculation.ts';
import { stacksOf } from './stacks.ts';

/** The points of a spec, with what had to be assumed on the way; no points where the model's size is unknown. */
export interface PlanOutcome {
  readonly points?: Points;
  readonly assumptions: readonly Assumption[];
  readonly problems: readonly Problem[];
}

/** Resolves every field of a spec to its likely value, and lists what each open field may also turn out to be. */
export function resolvePlan(spec: WorkloadSpec, catalog: Catalog, settings: Settings): PlanOutcome {
  const { architecture, otherSize } = sizedShape(spec.model);
  const counted = architecture && isTransformer(architecture) ? countParameters(architecture).total : undefined;
  const size = likely(spec.model.parameters) ?? counted;
  if (size === undefined || !(size > 0)) {
    return { assumptions: [], problems: [{ code: 'model-size-unknown', message: unknownSize(spec) }] };
  }
  const open: Open = { fields: [], assumptions: [] };
  const acceleratorName = likely(spec.resources.accelerator);
  const accelerator = acceleratorName === undefined ? undefined : catalog.accelerator(acceleratorName);
  const fields = openFields(spec, architecture, size, accelerator, open);
  if (otherSize !== undefined) open.fields.push({ field: 'model.parameters', key: 'parameters', value: otherSize });
  const network = networkPerDevice(spec, catalog);
  const saving = savingOf(spec, settings);
  const build = (resolved: Resolved): Plan => buildPlan(spec, architecture, resolved, accelerator, network, saving);
  const variants: Variant[] = open.fields.map(({ field, key, value }) => ({
    field,
    value,
    plan: build({ ...fields, [key]: value }),
  }));
  return { points: { likely: build(fields), variants }, assumptions: open.assumptions, problems: [] };
}

function unknownSize(spec: WorkloadSpec): string {
  const name = likely(spec.model.name);
  return name === undefined ? 'No model is named.' : `The size of ${name} is not known.`;
}

function buildPlan(
  spec: WorkloadSpec,
  architecture: Architecture | undefined,
  r: Resolved,
  accelerator: Plan['accelerator'],
  network: number | undefined,
  saving: Pick<Plan['checkpoint'], 'asynchronous' | 'sharded' | 'gathersWeights' | 'writeRate'>,
): Plan {
  const vision = architecture && !isTransformer(architecture) ? architecture : undefined;
  const shape =
    architecture && isTransformer(architecture) ? architecture : vision ? undefined : shapeOf(r.parameters, r.active);
  const counts = countsAt(shape, r.parameters);
  const method = methodName(r.adapterMethod);
  const targets = spec.adapter ? targetsOf(method, likely(spec.adapter.targets), shape) : undefined;
  const companions = companionsOf(spec, counts, (shape?.layers ?? 0) + (shape?.decoderLayers ?? 0));
  const adapter =
    spec.adapter && targets && (shape || vision?.denoises)
      ? {
          rank: r.rank,
          targets: adapterTargets(targets),
          parameters:
            r.adapterParameters ?? adapterSize(shape, vision?.denoises, method, targets, r, stacksExperts(spec.code)),
          precision: r.adapterPrecision,
          decomposed: r.decomposed,
          ...(method === 'lora' ? {} : { method }),
          frozenParameters: r.adapterFrozen ?? 0,
          ...(r.virtualTokens === undefined ? {} : { virtualTokens: r.virtualTokens }),
          ...(r.keptShare === undefined ? {} : { keptShare: r.keptShare }),
          savedModules: r.trainsEmbeddings ? counts.embedding + counts.head : 0,
        }
      : undefined;
  const data = r.dataParallel;
  const denoiser = shape?.denoiser ?? (spec.task === 'diffusion' && !vision ? usualDenoiser : undefined);
  const length = denoiser
    ? denoisedTokens(denoiser, r.imageSize, r.frames)
    : (imageTokens(shape, r.imageSize) ?? r.sequenceLength);
  const stacks = shape ? stacksOf(shape, length, r.targetLength) : undefined;
  const sequenceLength = stacks?.sequenceLength ?? length;
  const trains = spec.task !== 'serving';
  return {
    task: spec.task,
    stack: spec.code.stack,
    shape: trains ? (stacks?.shape ?? shape) : shape,
    vision,
    counts,
    parameters: r.parameters,
    active: r.active ?? (shape ? Math.min(r.parameters, counts.active) : r.parameters),
    trainable: adapter ? adapter.parameters + adapter.savedModules : (companions.trainedPart ?? r.parameters),
    laterTokens: companions.laterTokens,
    rewardParameters: companions.rewardParameters,
    valueParameters: companions.valueParameters,
    averaged: companions.averaged,
    trainedPart: companions.trainedPart,
    generation: companions.generation && shortened(companions.generation, r.meanLength, sequenceLength),
    rollout: companions.rollout,
    frozenParameters: r.frozenParameters,
    referenceModel: r.referenceModel,
    adapter,
    quantization: r.quantization,
    doubleQuantization: r.doubleQuantization,
    precision: {
      parameters: r.parameterPrecision,
      compute: r.compute,
      autocast: r.autocast,
      masterWeights: r.masterWeights,
      gradients: r.gradients,
    },
    optimizer: { name: r.optimizer, fused: r.optimizerFused, inBackward: r.optimizerInBackward },
    attention: r.attention,
    compiled: r.compiled,
    channelsLast: r.channelsLast,
    fusedLoss: r.fusedLoss,
    fusedLayers: r.fusedLayers,
    recordedSteps: companions.recordedSteps,
    lossInPlace: isOn(spec.code.lossInPlace),
    narrowLoss: isOn(spec.code.narrowLoss),
    keepsBase: isOn(spec.code.keepsBase),
    sequenceLength: trains ? sequenceLength : length,
    // Sound is heard in pieces of one length, whatever is written of it.
    meanLength:
      shape?.melBins === undefined ? Math.min(r.meanLength ?? sequenceLength, sequenceLength) : sequenceLength,
    packed: r.packed,
    paddingFree: r.paddingFree,
    groupedByLength: r.groupedByLength,
    written: trains ? (stacks?.written ?? 1) : 1,
    decoderLayers: trains ? stacks?.decoderLayers : undefined,
    textsPerSample: spec.data.textsPerSample && likely(spec.data.textsPerSample),
    imageSize: r.imageSize,
    frames: r.frames > 1 ? r.frames : undefined,
    microBatch: r.microBatch,
    accumulation: r.accumulation,
    steps: r.steps,
    examples: r.examples,
    tokens: r.tokens,
    epochs: r.epochs,
    evaluationEvery: r.evaluationEvery,
    evaluationBatches: r.evaluationBatches,
    workers: r.workers,
    parallel: {
      data,
      tensor: r.tensorParallel,
      pipeline: r.pipelineParallel,
      context: r.contextParallel,
      expert: r.expertParallel,
      sequence: r.sequenceParallel,
      zeroStage: r.zeroStage,
      shardGroup: Math.max(1, Math.min(r.shardGroup ?? data * r.contextParallel, data * r.contextParallel)),
      offloadOptimizer: r.offloadOptimizer,
      offloadParameters: r.offloadParameters,
      implementation: spec.parallelism.implementation,
      pipelineChunks: r.pipelineChunks,
      ...scheduleOf(spec),
    },
    recompute: r.recompute,
    recomputeOffloaded: r.recomputeOffloaded,
    recomputed: namedModules(spec.recompute.modules && likely(spec.recompute.modules)),
    checkpoint: {
      enabled: r.saves,
      everySteps: r.saveEvery,
      keep: r.keep,
      savesOptimizer: r.savesOptimizer,
      asynchronous: saving.asynchronous,
      sharded: saving.sharded,
      gathersWeights: saving.gathersWeights,
      writeRate: saving.writeRate,
    },
    serving: r.serving && { ...r.serving, ...draftOf(spec, counts) },
    accelerator,
    devices: r.devices,
    perNode: r.perNode,
    nodes: r.nodes,
    network,
  };
}

/** Parameters by what they are, of a model that has `total` of them. */
function countsAt(shape: Plan['shape'], total: number): Plan['counts'] {
  if (!shape) return countsOf(total);
  const counts = countParameters(shape);
  return shape.denoiser ? withRest(counts, total, shape.layers) : countedAs(counts, total);
}

/** Parameters of adapters: counted over the blocks of a transformer, or by rank over a UNet's attention. */
function adapterSize(
  shape: Plan['shape'],
  unet: UNetShape | undefined,
  method: string,
  targets: readonly string[],
  r: Resolved,
  stacked: boolean,
): number {
  if (!shape) return (unet?.perRank ?? 0) * r.rank;
  return (
    methodParameters(method, shape, adapterTargets(targets), r.rank, r.virtualTokens) ??
    adapterParameters(shape, targets, r.rank, r.decomposed, stacked)
  );
}

/** Names of the linears that a method adapts: none for those that train prompts, norms or rows. */
function targetsOf(method: string, stated: readonly string[] | undefined, shape: Plan['shape']): readonly string[] {
  if (!adaptsLinears(method)) return [];
  return targetNames(stated && stated.length > 0 ? stated : usualTargets(method), shape);
}

/** What drafts tokens ahead of a served model. */
function draftOf({ serving }: WorkloadSpec, counts: Plan['counts']): Pick<ServingPlan, 'speculation'> {
  return serving?.speculation ? { speculation: speculationAt(serving.speculation, counts) } : {};
}

/** Stacks that gather the states on one rank and write them there, unless a file says otherwise. */
const gathering = new Set(['pytorch', 'lightning', 'keras', 'timm', 'nanogpt', 'diffusers']);

/** How saves are written: what files and settings say, else as the stack and its sharding do it. */
function savingOf(
  { checkpoint, code, parallelism }: WorkloadSpec,
  { lifecycle }: Settings,
): Pick<Plan['checkpoint'], 'asynchronous' | 'sharded' | 'gathersWeights' | 'writeRate'> {
  const asynchronous = checkpoint?.asynchronous && likely(checkpoint.asynchronous);
  const gathersWeights = checkpoint?.gathersWeights && likely(checkpoint.gathersWeights);
  const stated = checkpoint?.sharded && likely(checkpoint.sharded);
  const { implementation } = parallelism;
  const whole = implementation === 'none' || implementation === 'ddp' || gathering.has(code.stack);
  return { sharded: stated ?? !whole, asynchronous, gathersWeights, writeRate: lifecycle?.writeRate };
}

/** Share of the instance's network that each of its devices has; undefined where the type is not known. */
function networkPerDevice(spec: WorkloadSpec, catalog: Catalog): number | undefined {
  const type = spec.resources.instanceType && likely(spec.resources.instanceType);
  if (type === undefined) return undefined;
  const instance = catalog.instance(type, spec.resources.cloud && likely(spec.resources.cloud));
  if (!instance?.networkBandwidth || instance.count <= 0) return undefined;
  return instance.networkBandwidth / instance.count;
}

/** A switch is on only where something turns it on. */
function isOn(known: Known<boolean> | undefined): true | undefined {
  return known && likely(known) === true ? true : undefined;
}

/** Tokens of one image in a vision transformer: its patches and the class token. */
function imageTokens(shape: Plan['shape'], imageSize: number): number | undefined {
  if (shape?.kind !== 'vit' || !shape.image) return undefined;
  return Math.floor(imageSize / shape.image.patch) ** 2 + 1;
}

/** Answers are as much shorter than they may be as samples are in the mean. */
function shortened(generation: GenerationPlan, mean: number | undefined, length: number): GenerationPlan {
  const share = mean === undefined ? 1 : Math.min(1, mean / Math.max(1, length));
  return { ...generation, answerLength: generation.answerLength * share };
}
