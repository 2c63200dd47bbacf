import { bytesPerGiB } from '../units/quantity.ts';
import type { Plan } from './plan.ts';

/** CUDA context and loaded modules of one process with lazy loading: 0.3 to 0.6 GB (AIConfigurator 551 MB). */
const contextGiB = 0.5;
/** The same before CUDA 11.7, when every module was loaded at the start (Hugging Face's V100 guide: 1.31 GiB). */
const oldContextGiB = 1.3;
/** cuBLAS workspaces: 32 MiB a handle and stream on Hopper, 8 MiB before. */
const workspaceGiB = 0.03;
/** Buffers of one NCCL communicator: 342 MB with two ranks, 392 MB with four and more (AIConfigurator). */
const communicatorGiB = 0.37;
/** Each further group of ranks (tensor, pipeline, context, expert) keeps a communicator of its own. */
const furtherCommunicatorGiB = 0.3;

/** What the pool holds over the peak of tensors, as a share of what comes and goes: static shapes, compiled graphs. */
const compiledSlack = 0.03;
/** Eager code with samples of one length (torchtitan, packed data). */
const staticSlack = 0.06;
/** Eager code whose batches change in length: the pool keeps blocks of every size it met. */
const varyingSlack = 0.1;

/** Bytes of context, workspaces and communicators beside the allocator's pool. */
export function contextBytes(plan: Plan): number {
  const old = /^(volta|pascal|maxwell|kepler)/i.test(plan.accelerator?.architecture ?? '');
  const { tensor, pipeline, context, expert, data } = plan.parallel;
  const groups = [tensor, pipeline, context, expert].filter((degree) => degree > 1).length;
  const communicators =
    plan.devices > 1
      ? (data > 1 ? communicatorGiB : 0) + groups * (data > 1 ? furtherCommunicatorGiB : communicatorGiB)
      : 0;
  return ((old ? oldContextGiB : contextGiB) + workspaceGiB + communicators) * bytesPerGiB;
}

/** Share of coming and going memory that the pool holds on top. */
export function allocatorSlack(plan: Plan): number {
  if (plan.compiled) return compiledSlack;
  return plan.packed || plan.task === 'vision' || plan.task === 'pretrain' ? staticSlack : varyingSlack;
}
