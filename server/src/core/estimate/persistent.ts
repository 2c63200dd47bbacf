import { adapterBuffers } from './adapter-buffers.ts';
import { momentsOf, stateBytesPerParameter, wideStateParameters } from './optimizer-states.ts';
import { bytesPerElement, type Plan } from './plan.ts';
import { type LocalParameters, localTotal, weightBytes } from './weights.ts';

/** Bytes that stay over the step on one device, and the gradients that come to stay for its end. */
export interface Persistent {
  readonly weights: number;
  readonly frozen: number;
  readonly reference: number;
  /** A running average of the weights, whole on every rank. */
  readonly average: number;
  readonly master: number;
  readonly optimizer: number;
  readonly adapter: number;
  readonly gradients: number;
  /** The same while micro-batches add up, where they are not sharded until the last; 0 where they are. */
  readonly wholeGradients: number;
  /** Gradients of one layer, where the step is taken layer by layer. */
  readonly layerGradients: number;
  /** Gradients lie in buffers that are never freed. */
  readonly flatGradients: boolean;
}

/** FSDP2 adds gradients of several micro-batches up in fp32 before it reduces them. */
const accumulatedGradient = 4;

/** FSDP2 under a pipeline keeps weights gathered and gradients whole over all micro-batches (torchtitan's default). */
export function unshardedPipeline(plan: Plan): boolean {
  const { parallel: p } = plan;
  return p.implementation === 'fsdp2' && p.pipeline > 1 && p.zeroStage >= 2;
}

/** Stacks that add gradients up over micro-batches without reducing them (`no_sync` of accelerate and of Lightning Fabric). */
const unsyncedStacks: ReadonlySet<Plan['stack']> = new Set([
  'litgpt',
  'lightning',
  'hf-trainer',
  'trl',
  'accelerate',
  'axolotl',
  'llamafactory',
]);

/**
 * Whether FSDP keeps whole gradients on every rank while micro-batches add up: `no_sync` leaves the reduction, and with it the
 * sharding, to the last of them. `sync_each_batch` rules it out; weights on the host do not: there it is the only way to add up (torch's notes).
 */
export function unsyncedGradients({ parallel: p, accumulation, stack, optimizer }: Plan): boolean {
  return (
    p.implementation === 'fsdp' &&
    p.zeroStage >= 2 &&
    p.shardGroup > 1 &&
    p.syncsEachBatch !== true &&
    accumulation > 1 &&
    !optimizer.inBackward &&
    unsyncedStacks.has(stack)
  );
}

/** Bytes of those gradients, in the format of the products. litgpt's frozen weights lie in one tensor with its adapters, and get zeros. */
function wholeGradients(plan: Plan, total: number, trained: number): number {
  if (!unsyncedGradients(plan)) return 0;
  const { compute, parameters } = plan.precision;
  const frozenToo = plan.adapter !== undefined && plan.stack === 'litgpt';
  const narrow = Math.max(2, Math.min(bytesPerElement[compute], bytesPerElement[parameters]));
  return frozenToo
    ? narrow * total
    : plan.adapter
      ? bytesPerElement[plan.adapter.precision] * trained
      : narrow * trained;
}

/** Gradients, states and master weights of a critic, in bytes a parameter. */
function criticStates({ precision, optimizer }: Plan, stateShard: number, gradientShard: number): number {
  const { count, bytes } = momentsOf(optimizer.name);
  const state = bytes ?? (precision.masterWeights ? 4 : bytesPerElement[precision.parameters]);
  const master = precision.masterWeights ? 4 : 0;
  return bytesPerElement[precision.gradients] / gradientShard + (count * state + master) / stateShard;
}

/** State bytes of a device under the sharding of the plan: formulas of the recipes for weights, gradients and states. */
export function persistentBytes(plan: Plan, local: LocalParameters): Persistent {
  const { precision, parallel: p, adapter } = plan;
  const total = localTotal(local);
  const weightShard = p.zeroStage >= 3 ? p.shardGroup : 1;
  const gradientShard = p.zeroStage >= 2 ? p.shardGroup : 1;
  const stateShard = p.zeroStage >= 1 ? p.shardGroup : 1;
  const own = bytesPerElement[precision.parameters];
  // Experts have fewer replicas to share states with: data-parallel ranks over expert-parallel ones.
  const expertShare = local.experts / Math.max(1, total);
  const divided = (shard: number) =>
    (1 - expertShare) / shard + expertShare / Math.max(1, shard / Math.max(1, p.expert));
  const onDevice = p.offloadParameters === 'none' ? 1 : 0;
  // Paged states lie in managed memory outside the allocator and come to the device piece by piece.
  const statesHere = p.offloadOptimizer === 'none' && !plan.optimizer.name.includes('paged') ? 1 : 0;
  // Adapters and copied modules are split like the weights that they belong to.
  const split = total / Math.max(1, plan.counts.total);
  const adapters = adapter ? adapter.parameters * Math.min(1, split) : 0;
  const modules = adapter ? adapter.savedModules * Math.min(1, split) : 0;
  const part = plan.trainedPart === undefined ? 1 : Math.min(1, plan.trainedPart / Math.max(1, plan.counts.total));
  const trained = adapter ? adapters + modules : total * part;
  // Megatron adds gradients up in the format it is told to, whatever is trained.
  const adapterGradient =
    bytesPerElement[p.implementation === 'megatron' ? precision.gradients : (adapter?.precision ?? 'fp32')];
  const trainedWidth = adapter
    ? (adapterGradient * adapters + own * modules) / Math.max(1, trained)
    : bytesPerElement[precision.gradients];
  const stateBytes = stateBytesPerParameter(plan);
  // Copied modules keep the base's format, and their moments with them.
  const states = stateBytes * (trained - modules) + stateBytesPerParameter(plan, precision.parameters) * modules;
  const wide = wideStateParameters(plan) * Math.max(0, 8 - stateBytes);
  const ddp = p.implementation === 'ddp' && p.data > 1;
  // DDP copies gradients into buckets unless told to view them (torch default).
  const gradients = trainedWidth * trained * (ddp ? 2 : 1) * divided(gradientShard);
  const whole = unshardedPipeline(plan);
  const layerShare = Math.max(plan.counts.layer, plan.counts.embedding) / Math.max(1, plan.counts.total);
  const offloadsGradients = p.offloadOptimizer !== 'none' && (p.zeroStage >= 2 || p.offloadGradients === true);
  const narrow = !adapter || bytesPerElement[adapter.precision] < 4 || p.implementation === 'deepspeed';
  const masters = precision.masterWeights && narrow ? 4 : 0;
  const critic = (plan.valueParameters ?? 0) * (own / weightShard + criticStates(plan, stateShard, gradientShard));
  const reward = (Math.min(2, own) * (plan.rewardParameters ?? 0)) / weightShard;
  // Towers and encoders beside a diffusion model are cast to the format of its matmuls; others stay as the model is.
  const beside = plan.task === 'diffusion' ? Math.min(own, bytesPerElement[precision.compute]) : own;
  return {
    weights: weightBytes(plan, local) * divided(weightShard) * onDevice,
    frozen: (beside * plan.frozenParameters) / weightShard,
    reference: (plan.referenceModel ? ((own * total) / weightShard) * onDevice : 0) + reward + critic,
    average: plan.averaged ? own * (adapter ? adapters : total) : 0,
    master: masters * trained * statesHere * divided(stateShard),
    optimizer: (states + wide) * statesHere * divided(stateShard),
    adapter: adapter
      ? ((bytesPerElement[adapter.precision] * adapters + own * modules) / weightShard) * onDevice +
        adapterBuffers(plan)
      : 0,
    gradients: offloadsGradients ? gradients * layerShare : whole ? accumulatedGradient * trained : gradients,
    wholeGradients: wholeGradients(plan, total, trained),
    layerGradients: gradients * layerShare,
    flatGradients: p.implementation === 'megatron' || ddp || unshardedPipeline(plan),
  };
}
