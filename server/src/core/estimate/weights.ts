import type { Precision } from '../workload/spec.ts';
import { attendingLayers } from './layer-kinds.ts';
import { bytesPerElement, type Plan } from './plan.ts';
import { widensBase } from './prepared-base.ts';

/** Bytes per weight of quantised matrices, scales and zero points included (papers and formats as named). */
const quantizedBytes: Partial<Record<Precision, number>> = {
  // 4 bits and one fp32 scale for 64 weights (bitsandbytes NF4 and FP4).
  nf4: 0.5 + 4 / 64,
  fp4: 0.5 + 4 / 64,
  // 4 bits, an fp16 scale and a 4-bit zero point for 128 weights (GPTQ, AWQ).
  int4: 0.5 + 2 / 128 + 0.5 / 128,
  // 8 bits and a scale a row (LLM.int8).
  int8: 1,
  fp8: 1,
  // 4 bits and a one-byte scale for 32 weights (OCP MX).
  mxfp4: 0.5 + 1 / 32,
};

/** Double quantisation shrinks the scales to 8 bits with one fp32 for 256 blocks (QLoRA). */
export const doubleQuantizedBytes = 0.5 + 1 / 64 + 4 / (64 * 256);

/** Parameters that one device holds, the fullest pipeline stage, before data-parallel sharding. */
export interface LocalParameters {
  /** Attention and feed-forward matrices: the part that quantisation narrows. */
  readonly matrices: number;
  readonly experts: number;
  /** Embeddings and output projection. */
  readonly embeddings: number;
  readonly vectors: number;
}

/** Which ends of the model a pipeline stage holds. */
export interface StageRole {
  readonly first: boolean;
  readonly last: boolean;
  /** Which stage from 0, where a certain one is meant. */
  readonly stage?: number;
}

const whole: readonly StageRole[] = [{ first: true, last: true }];
const ends: readonly StageRole[] = [
  { first: true, last: false },
  { first: false, last: true },
];

/** Kinds of stages to look at: the first holds most micro-batches, the last logits. */
export function stageRoles(plan: Plan): readonly StageRole[] {
  return plan.parallel.pipeline > 1 ? ends : whole;
}

/** Splits parameters over tensor, pipeline and expert ranks, for one kind of stage. */
export function localParameters(plan: Plan, role: StageRole = { first: true, last: true }): LocalParameters {
  const { counts: c, parallel: p, shape } = plan;
  const layers = (shape?.layers ?? 1) + (shape?.decoderLayers ?? 0);
  const share = p.pipeline > 1 ? Math.ceil(layers / p.pipeline) / layers : 1;
  // Tied models keep a copy of the embedding on the last stage; litgpt keeps two matrices on every device.
  const tied = c.head === 0 && shape?.outputs !== 'classes';
  const copied = tied && ((p.pipeline > 1 && role.last) || untiedStacks.has(plan.stack));
  const head = copied ? c.embedding : c.head;
  const embeddings = (role.first ? c.embedding : 0) + (role.last ? head : 0);
  const whole = replicatedMatrices(plan);
  return {
    matrices:
      ((c.attention + c.feedForward - whole) * share) / p.tensor + (whole + c.routers + copiedHeads(plan)) * share,
    experts: (c.experts * share) / (p.expert > 1 ? p.expert : p.tensor),
    embeddings: embeddings / p.tensor + (role.first ? c.inputs : 0),
    vectors: c.vectors * share,
  };
}

/** Latent attention's down projections, which every tensor-parallel rank holds whole. */
function replicatedMatrices({ shape }: Plan): number {
  const mla = shape?.attention.mla;
  if (!shape || !mla) return 0;
  return attendingLayers(shape) * shape.hidden * (mla.qRank + mla.kvRank + mla.ropeDim);
}

/** Key and value matrices that one rank holds beyond its share where there are more ranks than heads: never less than one head. */
function copiedHeads({ shape, parallel }: Plan): number {
  if (!shape || shape.attention.mla) return 0;
  const { kvHeads, headDim } = shape.attention;
  const beyond = Math.max(0, 1 - kvHeads / parallel.tensor);
  return 2 * attendingLayers(shape) * shape.hidden * headDim * beyond;
}

/** Stacks that load tied models with two matrices. */
const untiedStacks = new Set(['litgpt']);

/** All parameters of one device. */
export function localTotal(local: LocalParameters): number {
  return local.matrices + local.experts + local.embeddings + local.vectors;
}

/** Bytes per weight of a quantised matrix. */
export function quantizedWidth(precision: Precision, double = false): number {
  if (double && precision === 'nf4') return doubleQuantizedBytes;
  return quantizedBytes[precision] ?? bytesPerElement[precision];
}

/** Bytes of the weights of one device in their format, before data-parallel sharding. */
export function weightBytes(plan: Plan, local: LocalParameters): number {
  const own = bytesPerElement[plan.precision.parameters];
  if (plan.quantization === undefined) return own * localTotal(local);
  const narrow = quantizedWidth(plan.quantization, plan.doubleQuantization);
  // bitsandbytes under Lightning narrows the output projection too; Hugging Face leaves it.
  const head = plan.stack === 'litgpt' ? (plan.counts.head || plan.counts.embedding) / plan.parallel.tensor : 0;
  const beside = widensBase(plan) ? Math.max(4, own) : own;
  return narrow * (local.matrices + local.experts + head) + beside * (local.embeddings - head + local.vectors);
}
