import type { FactName } from '../../facts/vocabulary.ts';
import { assumed, exact, type Known, likely, unknown } from '../known.ts';
import type { ParallelismSpec, ResourceSpec } from '../spec.ts';
import type { FactView } from './fact-view.ts';
import { serves } from './serving.ts';

type Implementation = ParallelismSpec['implementation'];
type Stage = 0 | 1 | 2 | 3;

/**
 * Stacks whose recipes for several devices all shard with FSDP: LitGPT's finetune and pretrain scripts build an `FSDPStrategy` where
 * `devices * num_nodes > 1` (litgpt 0.5, `litgpt/finetune/full.py`), torchtune's `*_distributed` recipes call `fully_shard`
 * (torchtune 0.6, `recipes/full_finetune_distributed.py`).
 */
const sharding = new Set<FactView['stack']>(['litgpt', 'torchtune']);

/** Who shards and synchronises, by the strategy and the stack. */
export function implementationOf(facts: FactView, devices: number | undefined): Implementation {
  const strategy = facts.get('parallel.strategy');
  if (facts.stack === 'megatron') return 'megatron';
  if (strategy === 'fsdp')
    return facts.get('parallel.fsdp_version') === 2 || facts.stack === 'torchtitan' ? 'fsdp2' : 'fsdp';
  if (strategy === 'deepspeed' || facts.get('parallel.zero_stage') !== undefined) return 'deepspeed';
  if (strategy === 'ddp') return 'ddp';
  if (strategy === 'none') return 'none';
  if (facts.stack === 'torchtitan') return 'fsdp2';
  if (devices !== undefined && devices > 1 && sharding.has(facts.stack)) return 'fsdp';
  return devices !== undefined && devices > 1 ? 'ddp' : 'none';
}

/** GPUs of a node that a process is started for: fewer than are asked for, where a launcher or its config says so. */
function usedPerNode(facts: FactView, asked: number): number {
  const told = facts.get('hardware.processes_per_node');
  const other = facts.workload.conflicts.find(({ name }) => name === 'hardware.gpus_per_node')?.against.value;
  const used = told ?? (typeof other === 'number' ? other : undefined);
  const stated = facts.get('hardware.gpus_per_node') !== undefined;
  return stated && used !== undefined && used > 1 && used < asked ? used : asked;
}

/** Degrees and sharding. Ranks that no other degree takes are data-parallel. */
export function resolveParallelism(facts: FactView, resources: ResourceSpec): ParallelismSpec {
  const perNode = likely(resources.perNode);
  const devices = perNode === undefined ? undefined : usedPerNode(facts, perNode) * (likely(resources.nodes) ?? 1);
  const implementation = implementationOf(facts, devices);
  const degree = (name: FactName): Known<number> => {
    const value = facts.get(name);
    return typeof value === 'number' && value >= 1 ? facts.from(value, name) : assumed(1, 'all-ranks-data-parallel');
  };
  const serving = serves(facts);
  const slice = /^tpu/i.test(likely(resources.accelerator) ?? '') && devices !== undefined && devices > 1;
  const stated = facts.get('parallel.tp') !== undefined || facts.get('serving.tp') !== undefined;
  const tensor =
    serving && slice && !stated
      ? assumed(devices, 'tpu-slice')
      : serving && facts.get('serving.tp') !== undefined
        ? degree('serving.tp')
        : degree('parallel.tp');
  const pipeline = degree('parallel.pp');
  // Ulysses splits a sample over ranks as context parallelism does: each holds its share of the tokens.
  const context = degree(facts.get('parallel.cp') === undefined ? 'parallel.sp' : 'parallel.cp');
  const model = (likely(tensor) ?? 1) * (likely(pipeline) ?? 1) * (likely(context) ?? 1);
  const statedData = facts.get('parallel.dp');
  const data: Known<number> =
    statedData !== undefined && statedData >= 1
      ? facts.from(statedData, 'parallel.dp')
      : devices === undefined
        ? unknown('the number of accelerators is not known')
        : assumed(Math.max(1, Math.floor(devices / model)), 'all-ranks-data-parallel');
  const sharded = implementation === 'fsdp' || implementation === 'fsdp2';
  const shardSize =
    facts.get('parallel.fsdp_shard_size') ??
    (facts.get('parallel.fsdp_sharding') === 'hybrid_shard' ? perNode : undefined);
  return {
    dataParallel: data,
    tensorParallel: tensor,
    pipelineParallel: pipeline,
    contextParallel: context,
    expertParallel: degree('parallel.ep'),
    sequenceParallel: facts.known('parallel.sequence_parallel'),
    zeroStage:
      slice && !serving && implementation !== 'deepspeed'
        ? assumed<Stage>(3, 'tpu-slice')
        : stageOf(facts, implementation),
    ...(shardSize === undefined
      ? {}
      : { shardGroup: facts.from(shardSize, 'parallel.fsdp_shard_size', 'parallel.fsdp_sharding') }),
    // FSDP steps where its shards lie: weights that are offloaded take states and gradients with them.
    offloadOptimizer: offload(
      facts,
      sharded && facts.get('parallel.offload_optimizer') === undefined
        ? 'parallel.offload_params'
        : 'parallel.offload_optimizer',
    ),
    offloadParameters: offload(facts, 'parallel.offload_params'),
    implementation,
  };
}

function offload(
  facts: FactView,
  name: 'parallel.offload_optimizer' | 'parallel.offload_params',
): Known<'none' | 'cpu' | 'nvme'> {
  const word = facts.get(name);
  if (word === 'cpu' || word === 'nvme' || word === 'none') return facts.from(word, name);
  const path = facts.get('parallel.zero_stage') === undefined ? configName(facts) : undefined;
  // Weights leave the device with the states where they are split too.
  const whole = name === 'parallel.offload_optimizer' || stageOfName(path) === 3;
  return whole && /offload/i.test(path?.split('/').at(-1) ?? '')
    ? assumed('cpu', 'offload-in-name')
    : assumed('none', 'all-ranks-data-parallel');
}

/** Name of the DeepSpeed config that a file points at: what can be told of one that lies elsewhere. */
function configName(facts: FactView): string | undefined {
  if (facts.get('parallel.strategy') !== 'deepspeed') return undefined;
  const paths = facts.workload.readings.flatMap(({ references }) => references.map(({ path }) => path));
  return paths.find((path) => /\.json$/i.test(path) && /deepspeed|zero|(?:^|[/_-])ds(?=[_-])/i.test(path));
}

/** "zero3_bf16.json", "ds_z2_config.json", "stage_3": the ways in which such files are called. */
function stageOfName(path: string | undefined): Stage | undefined {
  const found = /(?:zero|stage|[_-]z)[_-]?(?:stage[_-]?)?([0-3])(?!\d)/i.exec(path?.split('/').at(-1) ?? '')?.[1];
  return found === undefined ? undefined : (Number(found) as Stage);
}

/** FSDP shards everything where no strategy is named (torch/distributed/fsdp/_init_utils.py of the released package). */
const fullShard = { kind: 'framework-default', framework: 'torch', version: '2.13.0' } as const;

function stageOf(facts: FactView, implementation: Implementation): Known<Stage> {
  const stage = facts.get('parallel.zero_stage');
  if (stage === 0 || stage === 1 || stage === 2 || stage === 3) return facts.from<Stage>(stage, 'parallel.zero_stage');
  const sharding = facts.get('parallel.fsdp_sharding');
  if (implementation === 'fsdp' || implementation === 'fsdp2') {
    const value: Stage = sharding === 'no_shard' ? 0 : sharding === 'shard_grad_op' ? 2 : 3;
    const known = facts.from<Stage>(value, 'parallel.fsdp_sharding', 'parallel.strategy');
    return known.kind === 'unknown' ? exact<Stage>(value, fullShard) : known;
  }
  if (facts.get('parallel.distributed_optimizer') === true)
    return facts.from<Stage>(1, 'parallel.distributed_optimizer');
  if (implementation === 'deepspeed') {
    const named = stageOfName(configName(facts));
    return named === undefined ? unknown('the ZeRO stage is not stated') : assumed(named, 'stage-in-name');
  }
  return assumed<Stage>(0, 'all-ranks-data-parallel');
}
