import type { Plan } from './plan.ts';

/** Code that prepares a quantised model by peft's helper, or keeps its norms in fp32 by itself (fsdp_qlora); Axolotl and others narrow them again. */
const preparingStacks: ReadonlySet<Plan['stack']> = new Set(['hf-trainer', 'trl', 'accelerate', 'pytorch', 'other']);

/**
 * Whether norms lie in fp32 over a base that bitsandbytes quantised (peft's `prepare_model_for_kbit_training`, which leaves GPTQ's and
 * AWQ's alone): their output widens the residual, which the quantised linears hand on as wide as they got it. DeepSpeed narrows all
 * weights again.
 */
export function widensNorms({ adapter, quantization, stack, parallel, keepsBase }: Plan): boolean {
  return (
    adapter !== undefined &&
    quantization !== undefined &&
    quantization !== 'int4' &&
    keepsBase !== true &&
    preparingStacks.has(stack) &&
    parallel.implementation !== 'deepspeed'
  );
}

/**
 * Whether what is not quantised, embeddings and output projection too, lies in fp32: the helper widens every parameter that
 * is not. Sharding by FSDP needs one format for all, so that code which shards leaves it away or casts back.
 */
export function widensBase(plan: Plan): boolean {
  return widensNorms(plan) && plan.stack !== 'other' && plan.parallel.implementation !== 'fsdp';
}
