import type { DeviceRates } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import { bytesPerElement, type Plan } from './plan.ts';

/** Bytes of optimiser state of one parameter by family, read and written each step. */
function stateBytes(name: string, wide: number): number {
  if (/4bit|int4/.test(name)) return 1.06;
  if (/8bit/.test(name)) return 2.03;
  if (/sgd|lion|muon|signum/.test(name)) return wide;
  if (/adafactor|adalomo|lomo|came/.test(name)) return 0.1;
  return 2 * wide;
}

/** PCIe rate of copies between device and pinned host memory, bytes per second (PCIe 4.0 x16 in practice). */
const hostCopy = 22e9;
/**
 * Parameters that a host steps through in a second with vectorised Adam: one process 3e9, all of a host's together 10e9 (ZeRO-Offload, 2021: 0.10 s for
 * 1e9 parameters and 0.99 s for 10e9 on the two sockets of a DGX-2).
 */
const hostAdam = { process: 3e9, host: 10e9 } as const;

/**
 * Seconds of one optimiser step on one rank: weights and states read and written, gradients read, clipped and cleared.
 * Unfused loops write their temporaries to memory too.
 */
export function optimizerSeconds(plan: Plan, rates: DeviceRates, k: Efficiency): number {
  const { parallel, precision, optimizer } = plan;
  const owners = parallel.tensor * parallel.pipeline * (parallel.zeroStage >= 1 ? parallel.shardGroup : 1);
  const mine = plan.trainable / Math.max(1, owners);
  const weight = bytesPerElement[precision.parameters];
  const wide = precision.masterWeights ? 4 : weight;
  const master = precision.masterWeights ? 8 + weight : 2 * weight;
  const gradient = bytesPerElement[precision.gradients];
  const moved = master + 3 * gradient + 2 * stateBytes(optimizer.name, wide);
  const passes = optimizer.fused || precision.masterWeights ? 1 : 2.2;
  const device = (mine * moved * passes) / (rates.bandwidth * k.memoryShare);
  if (parallel.offloadOptimizer === 'none') return device;
  const copied = mine * (gradient + weight);
  return (
    copied / hostCopy +
    mine / Math.min(hostAdam.process, hostAdam.host / Math.max(1, plan.perNode)) +
    (parallel.offloadOptimizer === 'nvme' ? (mine * 24) / 6e9 : 0)
  );
}

/**
 * Seconds that one micro-batch adds its gradients to those before it: read, read and written once more than a single batch
 * needs; a wider accumulator is written apart. Sharded gradients (ZeRO 2 and 3) are summed by their owners.
 */
export function accumulationSeconds(plan: Plan, rates: DeviceRates, k: Efficiency): number {
  if (plan.accumulation <= 1 || plan.task === 'serving' || plan.optimizer.inBackward) return 0;
  // Megatron's weight gradients are summed where the matmul writes them.
  if (plan.parallel.implementation === 'megatron') return 0;
  const { parallel, precision } = plan;
  const held = parallel.tensor * parallel.pipeline * (parallel.zeroStage >= 2 ? parallel.shardGroup : 1);
  const elsewhere = plan.adapter ? 0 : plan.counts.experts * (1 - 1 / Math.max(1, parallel.expert));
  const width = bytesPerElement[precision.gradients];
  const narrow = Math.min(width, bytesPerElement[precision.parameters]);
  const moved = widensEachBatch(plan) ? widened : narrow + 2 * width;
  return ((Math.max(0, plan.trainable - elsewhere) / Math.max(1, held)) * moved) / (rates.bandwidth * k.memoryShare);
}

/**
 * DeepSpeed's bf16 optimiser (stage 1 and pipelines) keeps sums in fp32: after each micro-batch every gradient is copied to fp32,
 * that copy added to its sum, and the gradient cleared. Bytes a parameter: 2 + 4, 4 + 4 + 4, 2 (code: `bf16_optimizer.py`, `update_hp_grads`).
 */
const widened = 20;

function widensEachBatch({ parallel, precision }: Plan): boolean {
  return parallel.implementation === 'deepspeed' && parallel.zeroStage === 1 && precision.compute === 'bf16';
}
