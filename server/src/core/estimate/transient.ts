import { stackedMatrix, stacksExperts } from './adapter-experts.ts';
import { stepTemporaries, tensorTemporaries } from './optimizer-states.ts';
import { unshardedPipeline } from './persistent.ts';
import { bytesPerElement, type Plan } from './plan.ts';
import { quantizedWidth } from './weights.ts';

/** DeepSpeed's default reduce and gather buckets, in elements each; Hugging Face's `auto` makes them small. */
const zeroBucketElements = 5e8;
/** Elements of parameters that ZeRO-3 keeps gathered at once (`max_live_parameters`). */
const zeroLiveElements = 1e9;
/** Elements that ZeRO-3 steps over at once in fp32 (`sub_group_size`). */
const zeroSubGroup = 1e9;
/** bitsandbytes brings a matrix back in two 16-bit copies: as stored and as transposed for the product. */
const dequantizedCopies = 4;

/** Stacks that give DeepSpeed torch's optimiser, rather than the fused one that its own configurations name. */
const ownOptimizers: ReadonlySet<Plan['stack']> = new Set([
  'hf-trainer',
  'trl',
  'accelerate',
  'axolotl',
  'llamafactory',
]);

/** Weights gathered for work while they are sharded or lie on the host. */
export function gatheredBytes(plan: Plan, total: number): number {
  const { parallel: p, counts, precision } = plan;
  const e = Math.max(2, bytesPerElement[precision.compute]);
  const ends = Math.max(counts.embedding, counts.head) / p.tensor;
  const sharded = p.zeroStage >= 3 && p.shardGroup > 1;
  if (!sharded) return p.offloadParameters === 'none' ? 0 : e * ((2 * counts.layer) / p.tensor + ends);
  if (unshardedPipeline(plan)) return e * total;
  // A tensor above the limit is gathered whole.
  if (p.implementation === 'deepspeed') return e * Math.min(total, Math.max(zeroLiveElements, ends));
  const unit = plan.quantization ? quantizedWidth(plan.quantization, plan.doubleQuantization) : e;
  // Two layers gathered, the copy that goes into the gather, and the unit of embedding and head.
  return (unit * 3 * counts.layer) / p.tensor + e * ends;
}

/** Gradients on their way to the rank that keeps them. */
export function reducedBytes(plan: Plan, total: number): number {
  const { parallel: p, counts, adapter, stack } = plan;
  if (adapter || p.shardGroup <= 1 || p.zeroStage < 1) return 0;
  if (p.implementation === 'deepspeed') {
    const plain = stack === 'megatron' || stack === 'deepspeed';
    // Stage 1 keeps what it reduced beside what the backward pass made, unless a pipeline reduces all of it at the end.
    const again = stack === 'megatron' && p.zeroStage === 1 && p.pipeline === 1 ? 2 * total : 0;
    return plain ? 2 * 2 * Math.min(zeroBucketElements, total) + again : 0;
  }
  // Gradients of one layer in the format they are reduced in: that of the weights, fp32 under mixed precision.
  return p.zeroStage >= 2 ? (bytesPerElement[plan.precision.gradients] * counts.layer) / p.tensor : 0;
}

/** A transient copy of the biggest quantised matrix in the format of the product. */
export function dequantizedBytes(plan: Plan): number {
  if (plan.quantization === undefined) return 0;
  const head = plan.stack === 'litgpt' ? plan.counts.head || plan.counts.embedding : 0;
  return (dequantizedCopies * Math.max(plan.counts.largestMatrix, head)) / plan.parallel.tensor;
}

/** Temporaries of the optimiser's step. */
export function stepBuffers(plan: Plan, total: number): number {
  const { parallel: p, adapter } = plan;
  if (p.offloadOptimizer !== 'none') return 0;
  const shard = p.zeroStage >= 1 ? p.shardGroup : 1;
  const trained = (adapter ? adapter.parameters : total) / shard;
  // Copied modules are stepped over in the format that they have.
  const copied = adapter && adapter.savedModules > 0 ? adapter.savedModules / shard : 0;
  const ofCopied = stepTemporaries(plan) > 0 ? bytesPerElement[plan.precision.parameters] * copied : 0;
  // Without ZeRO DeepSpeed's fp16 optimiser widens its gradients one by one, and lays them end to end before it drops them.
  if (p.implementation === 'deepspeed' && p.zeroStage < 1 && plan.precision.masterWeights) return (4 + 4) * trained;
  if (p.implementation !== 'deepspeed' || p.zeroStage < 1)
    return stepTemporaries(plan) * trained + ofCopied + (tensorTemporaries(plan) * biggestTensor(plan)) / shard;
  // ZeRO lays its gradients end to end and widens them to fp32 before the step: the whole shard, or one sub-group of it under stage 3.
  const flat = Math.min(4, bytesPerElement[plan.precision.gradients]);
  if (p.zeroStage < 3) return (flat + 4) * trained;
  // Under stage 3 gradients stay in their buffer, and torch's AdamW, which trainers bring with them, makes a list of temporaries.
  const own = ownOptimizers.has(plan.stack) && /^adam/.test(plan.optimizer.name) ? 4 : 0;
  return (4 + Math.max(flat, own)) * Math.min(zeroSubGroup, trained);
}

/** Elements of the biggest tensor that is stepped over. */
function biggestTensor(plan: Plan): number {
  const { counts, parallel: p, adapter, shape } = plan;
  if (adapter) return adapter.savedModules > 0 ? counts.embedding : adapter.rank * (shape?.feedForward.width ?? 0);
  const stacked = shape?.feedForward.experts && stacksExperts(plan) ? stackedMatrix(shape) / Math.max(1, p.expert) : 0;
  return Math.max(counts.embedding, counts.head, counts.largestMatrix, stacked) / p.tensor;
}
