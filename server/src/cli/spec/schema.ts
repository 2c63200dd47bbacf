import { z } from 'zod';
import type { WorkloadSpec } from '#core/workload/spec.ts';
import { architecture } from './architecture.ts';
import { known, knownOrNot } from './known.ts';

const amount = z.number().min(0);
const size = z.number().positive();
const flag = z.boolean();
const text = z.string().min(1);
const precision = z.enum(['fp32', 'tf32', 'fp16', 'bf16', 'fp8', 'int8', 'int4', 'nf4', 'fp4', 'mxfp4']);
const offload = z.enum(['none', 'cpu', 'nvme']);
const stage = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);

const stacks = [
  'hf-trainer',
  'trl',
  'accelerate',
  'pytorch',
  'lightning',
  'torchtitan',
  'torchtune',
  'litgpt',
  'megatron',
  'deepspeed',
  'axolotl',
  'llamafactory',
  'llm-foundry',
  'maxtext',
  'nanogpt',
  'timm',
  'diffusers',
  'keras',
  'jax',
  'unsloth',
  'vllm',
  'sglang',
  'tgi',
  'tensorrt-llm',
  'transformers',
  'other',
] as const;

const one = known(size).default({ kind: 'exact', value: 1, origin: { kind: 'assumption', id: 'one-device' } });

const workloadSpec = z.object({
  task: z.enum(['pretrain', 'finetune', 'dpo', 'reward', 'ppo', 'grpo', 'vision', 'diffusion', 'serving']),
  code: z
    .object({
      stack: z.enum(stacks).default('other'),
      attention: knownOrNot(z.enum(['eager', 'sdpa', 'flash'])),
      compiled: knownOrNot(flag),
      fusedLoss: knownOrNot(flag),
      fusedLayers: known(flag).optional(),
    })
    .prefault({}),
  model: z.object({
    name: knownOrNot(text),
    architecture: knownOrNot(architecture),
    parameters: knownOrNot(size),
    activeParameters: known(size).optional(),
    quantization: known(precision).optional(),
    frozenParameters: known(amount).optional(),
    referenceModel: known(flag).optional(),
  }),
  adapter: z
    .object({
      rank: knownOrNot(size),
      targets: knownOrNot(z.array(text)),
      decomposed: known(flag).optional(),
      parameters: known(size).optional(),
      precision: known(precision).optional(),
    })
    .optional(),
  precision: z
    .object({
      parameters: knownOrNot(precision),
      compute: knownOrNot(precision),
      autocast: knownOrNot(flag),
      masterWeights: knownOrNot(flag),
      gradients: knownOrNot(precision),
    })
    .prefault({}),
  optimizer: z
    .object({ name: knownOrNot(text), fused: knownOrNot(flag), inBackward: known(flag).optional() })
    .optional(),
  data: z
    .object({
      dataset: known(text).optional(),
      sequenceLength: knownOrNot(size),
      meanLength: known(size).optional(),
      packed: knownOrNot(flag),
      examples: known(size).optional(),
      tokens: known(size).optional(),
      imageSize: known(size).optional(),
      workers: known(amount).optional(),
    })
    .prefault({}),
  schedule: z
    .object({
      microBatch: knownOrNot(size),
      accumulation: one,
      epochs: known(size).optional(),
      steps: knownOrNot(size),
      evaluationEvery: known(size).optional(),
    })
    .optional(),
  parallelism: z
    .object({
      dataParallel: knownOrNot(size),
      tensorParallel: one,
      pipelineParallel: one,
      contextParallel: one,
      expertParallel: one,
      sequenceParallel: knownOrNot(flag),
      zeroStage: knownOrNot(stage),
      shardGroup: known(size).optional(),
      offloadOptimizer: knownOrNot(offload),
      offloadParameters: knownOrNot(offload),
      implementation: z.enum(['none', 'ddp', 'fsdp', 'fsdp2', 'deepspeed', 'megatron']).default('none'),
      pipelineChunks: known(size).optional(),
    })
    .prefault({}),
  recompute: z
    .object({
      mode: knownOrNot(z.enum(['none', 'selective', 'full'])),
      offloaded: known(flag).optional(),
      modules: known(z.array(text)).optional(),
    })
    .prefault({}),
  checkpoint: z
    .object({
      enabled: knownOrNot(flag),
      everySteps: known(size).optional(),
      keep: known(size).optional(),
      savesOptimizer: knownOrNot(flag),
      asynchronous: known(flag).optional(),
      sharded: known(flag).optional(),
      directory: known(text).optional(),
    })
    .optional(),
  serving: z
    .object({
      engine: knownOrNot(text),
      maximumLength: knownOrNot(size),
      maximumSequences: knownOrNot(size),
      maximumBatchedTokens: known(size).optional(),
      memoryUtilization: knownOrNot(z.number().gt(0).max(1)),
      kvPrecision: knownOrNot(precision),
      weightPrecision: knownOrNot(precision),
      replicas: one,
      inputLength: known(size).optional(),
      outputLength: known(size).optional(),
      concurrency: known(size).optional(),
    })
    .optional(),
  resources: z
    .object({
      accelerator: knownOrNot(text),
      perNode: one,
      nodes: one,
      instanceType: known(text).optional(),
      cloud: known(text).optional(),
      region: known(text).optional(),
      priceKind: known(z.enum(['on-demand', 'spot', 'reserved'])).default({
        kind: 'exact',
        value: 'on-demand',
        origin: { kind: 'assumption', id: 'on-demand' },
      }),
      timeLimitHours: known(size).optional(),
      hourlyRate: known(size).optional(),
      diskGiB: known(size).optional(),
      fileSystemGiB: known(size).optional(),
      headInstanceType: known(text).optional(),
    })
    .prefault({}),
});

/** JSON schema of a spec file, as `flopwise schema spec` prints it. */
export function specSchema(): object {
  return z.toJSONSchema(workloadSpec, { io: 'input' });
}

/** A spec from a parsed file; else what is wrong, one line a field. */
export function decodeSpec(json: unknown): { readonly spec: WorkloadSpec } | { readonly errors: readonly string[] } {
  const result = workloadSpec.safeParse(json);
  if (result.success) return { spec: withoutUndefined(result.data) as WorkloadSpec };
  return { errors: result.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`) };
}

/** Optional fields that are absent rather than undefined, as the spec's type has them. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutUndefined(one)]));
}
