import type { TransformerShape } from '../workload/architecture.ts';
import { adaptedMatrices } from './adapter-matrices.ts';
import { adapterKernels } from './compute-adapters.ts';
import { isNarrow } from './compute-casts.ts';
import { ratesOf } from './compute-rates.ts';
import { backwardKernels, fusionOf, layerTraffic } from './compute-traffic.ts';
import type { Efficiency } from './efficiency.ts';
import { packedCall } from './packed-weights.ts';
import type { Plan } from './plan.ts';

/** The same where one adapter spans fused query, key and value and is split, padded and scattered (litgpt). */
const fusedAdapterKernels = 14;
/** Kernels of one expert in code that loops over experts: gather, three products, activation, weighting, scatter. */
const expertLoopKernels = 11;
/**
 * Launches of a mixture's two grouped linears for one expert of a rank: one matmul each (Transformer Engine), from a loop in C++ that asks the
 * library for its algorithm every time, half of what a call from Python costs.
 */
const groupedKernels = 2 * 0.5;
/** Products that low-rank adapters of one expert's two linears launch in such groups. */
const adaptedProducts = 4 * 0.5;
/**
 * Kernels of a mixture layer that Megatron launches one by one where no recipe fuses the router and records layers as graphs (its code: router
 * and its auxiliary loss 20 more, preparing and exchanging counts 13, rows sorted twice more 14, exchanges and their splits 8, shared experts 5).
 */
const spelledRouting = 60;
/** Stacks whose mixture layers loop over experts in Python (transformers up to 4.x). */
const loopingStacks: ReadonlySet<Plan['stack']> = new Set([
  'hf-trainer',
  'trl',
  'accelerate',
  'transformers',
  'axolotl',
  'llamafactory',
  'litgpt',
]);

/** Launches and host work of one micro-batch outside the layers: embedding, loss, batch copies, clearing, logging. */
const loopKernels = 150;

/** Kernels of the second attention over a prompt that LLaMA-Adapter adds to a layer: its projection, scores, gate and sum (litgpt). */
const promptKernels = 8;
/** Kernels of a linear whose output is shifted and scaled (litgpt's second adapter), in forward passes of which the backward pass has its share more. */
const scaleKernels = 2.4;

/** Kernels that litgpt's adapters add to a layer. */
function litgptKernels({ adapter }: Plan, shape: TransformerShape): number {
  if (!adapter) return 0;
  if (adapter.method === 'adapter') return promptKernels;
  // Query, key and value are one linear there.
  if (adapter.method === 'adapter_v2') return promptKernels + scaleKernels * (shape.feedForward.gated ? 5 : 4);
  return fusedAdapterKernels * adaptedMatrices(shape, adapter.targets).length;
}

/** Tensors of one expert that are cast in a forward pass: inputs of its two linears. */
const castTensors = 2;
/** Linears of a layer beside experts, one cast each. */
const linearsAlone = 4;

/** A kernel launched from C++ without a library's choice, over a call from Python (5 of 27 microseconds). */
const bareLaunch = 0.2;

/** Launches of one cast: largest value, scale and cast where a whole tensor has one scale (Hopper), one kernel where blocks have their own. */
const castKernels = ({ accelerator }: Plan) =>
  bareLaunch * (accelerator && ratesOf(accelerator)?.generation === 'blackwell' ? 1 : 3);

/** Whether experts have adapters of their own, which Megatron groups like the experts. */
const adaptsExperts = ({ adapter }: Plan) => adapter !== undefined && (adapter.targets.up || adapter.targets.down);

/** Whether the run is of a recipe of NVIDIA's, which fuses routers and permutation. */
const hasRecipe = ({ stack, fusedLayers }: Plan) => stack === 'megatron' && fusedLayers;
/** Whether its layers are recorded as graphs: recipes for Grace, whose cores take longest, record what attends, scans and routes. */
const recordsLayers = (plan: Plan) => hasRecipe(plan) && /^G[BH]\d/.test(plan.accelerator?.name ?? '');
/** Share of a recorded layer's launches that stay: permutation, exchange and the experts' own, and one for each graph. */
const notRecorded = 0.6;

/** Host work of one collective over that of a kernel's launch: two streams' events, checks and bookkeeping around it. */
const collectiveLaunch = 2;

/** Launches of a layer's collectives: gathered and scattered around attention and feed-forward part, counts and tokens sent to experts and back. */
function collectiveLaunches(plan: Plan, { feedForward }: TransformerShape): number {
  const { parallel } = plan;
  // Recorded layers hold those around attention and feed-forward part.
  const tensor = parallel.tensor > 1 && !recordsLayers(plan) ? 4 : 0;
  const experts = feedForward.experts && parallel.expert > 1 ? 3 : 0;
  return collectiveLaunch * (tensor + experts);
}

/** Kernel launches of one micro-batch through all layers of one rank. */
export function kernelsPerMicroBatch(plan: Plan, shape: TransformerShape): number {
  const all = layerTraffic(shape, fusionOf(plan)).kernels;
  // What attends, scans and routes is played back whole; what a token's expert decides is not.
  const kernels = recordsLayers(plan) ? all * notRecorded : all;
  const adapters = plan.stack === 'litgpt' ? litgptKernels(plan, shape) : adapterKernels(plan, shape, backwardKernels);
  const { experts } = shape.feedForward;
  const loops =
    experts && loopingStacks.has(plan.stack) ? (expertLoopKernels * experts.count) / plan.parallel.expert : 0;
  const eagerAttention = plan.attention === 'eager' && fusionOf(plan) === 'eager' ? 6 : 0;
  const local = experts ? Math.max(1, experts.count / plan.parallel.expert) : 0;
  const adapted = plan.stack === 'megatron' && adaptsExperts(plan) ? adaptedProducts : 0;
  const grouped = experts && loops === 0 ? (groupedKernels + adapted) * local : 0;
  const narrow = isNarrow(plan.precision.compute) && plan.task !== 'serving' ? castKernels(plan) : 0;
  const casts = narrow * (linearsAlone + (loops === 0 ? castTensors * local : 0));
  const spelled = plan.stack === 'megatron' && experts && !hasRecipe(plan) ? spelledRouting : 0;
  const forward =
    kernels + adapters + loops + grouped + eagerAttention + spelled + casts + collectiveLaunches(plan, shape);
  const again = plan.recompute === 'full' ? 1 : plan.recompute === 'selective' ? 0.5 : 0;
  const layers = shape.layers + (shape.kind === 'encoder-decoder' ? (plan.decoderLayers ?? shape.layers) : 0);
  const back = plan.task === 'serving' ? 0 : backwardKernels;
  return forward * (1 + back + again) * layers + loopKernels;
}

/**
 * Seconds of one micro-batch on the reference host ("rates.host" 1): launches, and the hooks by which sharded weights are gathered and released.
 * The device waits where this is more than its own work.
 */
export function hostSeconds(plan: Plan, shape: TransformerShape, k: Efficiency): number {
  if (plan.recordedSteps) return 0;
  const launches = kernelsPerMicroBatch(plan, shape) * k.launch;
  const { zeroStage, implementation, data, pipeline } = plan.parallel;
  const gathers = zeroStage === 3 || plan.parallel.offloadParameters !== 'none';
  const passes = plan.recompute === 'full' ? 3 : 2;
  const hook = implementation === 'deepspeed' ? k.deepspeedHook : data > 1 ? k.shardHook : 0;
  const packed =
    plan.quantization === 'nf4' || plan.quantization === 'fp4' ? shape.layers * passes * 7 * packedCall : 0;
  const hooks = gathers ? shape.layers * passes * hook : 0;
  return (launches + hooks + packed) / pipeline;
}
