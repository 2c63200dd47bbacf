import { countParameters } from '#core/estimate/parameters.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { decoder } from './shapes.ts';

/** What a test says of a plan; the rest is a small dense decoder on one device. */
export interface PlanChoice {
  /** Takes everything that is not given from this plan. */
  readonly like?: Plan;
  readonly hidden?: number;
  readonly layers?: number;
  readonly width?: number;
  readonly kvHeads?: number;
  readonly vocabulary?: number;
  readonly sequenceLength?: number;
  readonly microBatch?: number;
  readonly accumulation?: number;
  readonly attention?: Plan['attention'];
  readonly recompute?: Plan['recompute'];
  readonly autocast?: boolean;
  /** Weights in fp32. */
  readonly wide?: boolean;
  readonly zeroStage?: 0 | 1 | 2 | 3;
  readonly data?: number;
  readonly tensor?: number;
  readonly stack?: Plan['stack'];
  readonly optimizer?: string;
  readonly fused?: boolean;
  readonly compiled?: boolean;
  readonly fusedLoss?: boolean;
}

/** A plan by what matters in a test. */
export function planOf(choice: PlanChoice): Plan {
  const { like } = choice;
  const hidden = choice.hidden ?? like?.shape?.hidden ?? 1024;
  const heads = hidden / 64;
  const shape = decoder({
    hidden,
    layers: choice.layers ?? like?.shape?.layers ?? 4,
    heads,
    kvHeads: choice.kvHeads ?? like?.shape?.attention.kvHeads ?? heads,
    width: choice.width ?? like?.shape?.feedForward.width ?? 4 * hidden,
    vocabulary: choice.vocabulary ?? like?.shape?.vocabulary ?? 32_000,
  });
  const counts = countParameters(shape);
  const base = { shape, counts, parameters: counts.total, active: counts.active, trainable: counts.total };
  if (like) return { ...like, ...base };
  const parameters = choice.wide ? 'fp32' : 'bf16';
  const data = choice.data ?? 1;
  const tensor = choice.tensor ?? 1;
  const sequenceLength = choice.sequenceLength ?? 1024;
  return {
    ...base,
    task: 'finetune',
    stack: choice.stack ?? 'hf-trainer',
    frozenParameters: 0,
    referenceModel: false,
    doubleQuantization: false,
    precision: {
      parameters,
      compute: 'bf16',
      autocast: choice.autocast ?? false,
      masterWeights: false,
      gradients: parameters,
    },
    optimizer: { name: choice.optimizer ?? 'adamw', fused: choice.fused ?? true, inBackward: false },
    attention: choice.attention ?? 'sdpa',
    compiled: choice.compiled ?? false,
    channelsLast: false,
    fusedLoss: choice.fusedLoss ?? false,
    fusedLayers: false,
    sequenceLength,
    meanLength: sequenceLength,
    packed: true,
    paddingFree: false,
    groupedByLength: false,
    written: 1,
    imageSize: 224,
    microBatch: choice.microBatch ?? 1,
    accumulation: choice.accumulation ?? 1,
    parallel: {
      data,
      tensor,
      pipeline: 1,
      context: 1,
      expert: 1,
      sequence: false,
      zeroStage: choice.zeroStage ?? 0,
      shardGroup: data,
      offloadOptimizer: 'none',
      offloadParameters: 'none',
      implementation: data > 1 ? 'fsdp' : 'none',
      pipelineChunks: 1,
    },
    recompute: choice.recompute ?? 'none',
    recomputeOffloaded: false,
    checkpoint: { enabled: true, savesOptimizer: true },
    devices: data * tensor,
    perNode: Math.min(8, data * tensor),
    nodes: Math.ceil((data * tensor) / 8),
  };
}
