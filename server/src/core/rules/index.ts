import { rule as accumulationCouldBeBatch } from './accumulation-could-be-batch.ts';
import { rule as cardFarLargerThanNeeded } from './card-far-larger-than-needed.ts';
import { rule as cheaperRegionOrCloud } from './cheaper-region-or-cloud.ts';
import { rule as checkpointsBiggerThanDisk } from './checkpoints-bigger-than-disk.ts';
import { rule as committedPriceUnused } from './committed-price-unused.ts';
import { rule as dataInAnotherRegion } from './data-in-another-region.ts';
import { rule as dataloaderStarved } from './dataloader-starved.ts';
import { rule as doesNotFit } from './does-not-fit.ts';
import { rule as eagerAttention } from './eager-attention.ts';
import { rule as evaluatesTooOften } from './evaluates-too-often.ts';
import { rule as filesDisagree } from './files-disagree.ts';
import { rule as fp16WhereBf16IsRight } from './fp16-where-bf16-is-right.ts';
import { rule as fp32OnTensorCores } from './fp32-on-tensor-cores.ts';
import { rule as gpusAskedButUnused } from './gpus-asked-but-unused.ts';
import { rule as keepsAllCheckpoints } from './keeps-all-checkpoints.ts';
import { rule as loraInactive } from './lora-inactive.ts';
import { rule as microBatchTooSmall } from './micro-batch-too-small.ts';
import { rule as moreThanAGpusShare } from './more-than-a-gpus-share.ts';
import { rule as multiNodeWhereOneNodeIsCheaper } from './multi-node-where-one-node-is-cheaper.ts';
import { rule as noCompileWhereItPays } from './no-compile-where-it-pays.ts';
import { rule as noTimeLimit } from './no-time-limit.ts';
import { rule as optimizerStatesKept } from './optimizer-states-kept.ts';
import { rule as overBudget } from './over-budget.ts';
import { rule as paddingInsteadOfPacking } from './padding-instead-of-packing.ts';
import { rule as preemptedRunNotRestarted } from './preempted-run-not-restarted.ts';
import { rule as quantizationInactive } from './quantization-inactive.ts';
import { rule as recomputeNotNeeded } from './recompute-not-needed.ts';
import type { Rule } from './rule.ts';
import { rule as savesTooOften } from './saves-too-often.ts';
import { rule as savesTooRarely } from './saves-too-rarely.ts';
import { rule as shardingStageHigherThanNeeded } from './sharding-stage-higher-than-needed.ts';
import { rule as slowerCardCheaperPerStep } from './slower-card-cheaper-per-step.ts';
import { rule as spotWhereSafe } from './spot-where-safe.ts';
import { rule as spotWithoutCheckpointAndResume } from './spot-without-checkpoint-and-resume.ts';
import { rule as sweepWithoutEarlyStopping } from './sweep-without-early-stopping.ts';
import { rule as tensorParallelAcrossNodes } from './tensor-parallel-across-nodes.ts';
import { rule as tf32Off } from './tf32-off.ts';
import { rule as unfusedOptimizer } from './unfused-optimizer.ts';

/** Every rule of the room, in the order of their names. Made by `npm run generate`. */
export const rules: readonly Rule[] = [
  accumulationCouldBeBatch,
  cardFarLargerThanNeeded,
  cheaperRegionOrCloud,
  checkpointsBiggerThanDisk,
  committedPriceUnused,
  dataInAnotherRegion,
  dataloaderStarved,
  doesNotFit,
  eagerAttention,
  evaluatesTooOften,
  filesDisagree,
  fp16WhereBf16IsRight,
  fp32OnTensorCores,
  gpusAskedButUnused,
  keepsAllCheckpoints,
  loraInactive,
  microBatchTooSmall,
  moreThanAGpusShare,
  multiNodeWhereOneNodeIsCheaper,
  noCompileWhereItPays,
  noTimeLimit,
  optimizerStatesKept,
  overBudget,
  paddingInsteadOfPacking,
  preemptedRunNotRestarted,
  quantizationInactive,
  recomputeNotNeeded,
  savesTooOften,
  savesTooRarely,
  shardingStageHigherThanNeeded,
  slowerCardCheaperPerStep,
  spotWhereSafe,
  spotWithoutCheckpointAndResume,
  sweepWithoutEarlyStopping,
  tensorParallelAcrossNodes,
  tf32Off,
  unfusedOptimizer,
];
