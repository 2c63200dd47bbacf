import type { TransformerShape } from '../workload/architecture.ts';
import type { CodeSpec } from '../workload/spec.ts';

/** Families whose code in transformers 5.18 spells attention out and takes no other kernel. */
const spelledAttention =
  /^(?:bloom|deberta(?:[-_]v2)?|gpt_neo$|gptj|mpt|mpnet|xlnet|xlm$|flaubert|longformer|led|big_bird|rembert|luke|layoutlmv2|prophetnet|fsmt|xglm|wavlm|trocr|speecht5)$/;
/** Stacks that run transformers' model code. */
const runsTransformers = new Set<CodeSpec['stack']>([
  'hf-trainer',
  'trl',
  'accelerate',
  'axolotl',
  'llamafactory',
  'pytorch',
  'deepspeed',
]);

/** Whether a stack runs model code that has one kernel of attention alone, whatever is asked for. */
export function spellsAttention({ stack }: CodeSpec, shape: TransformerShape | undefined): boolean {
  return shape !== undefined && runsTransformers.has(stack) && spelledAttention.test(shape.family);
}
