import { precisionRecipe, type Recipe, type RecipeInput } from '../workload/resolve/precision.ts';
import type { Task } from '../workload/spec.ts';
import type { Sheet } from './case.ts';
import { precisionOf } from './code.ts';

/** NVIDIA's language examples mix by apex at level O2: half weights, gradients and activations, and an fp32 master copy. */
const apexRecipe: Recipe = {
  parameters: 'fp16',
  compute: 'fp16',
  autocast: false,
  masterWeights: true,
  gradients: 'fp16',
  why: 'apex O2',
};

/** What a run is made with, as far as its formats follow from it. */
interface Made extends Omit<RecipeInput, 'compute' | 'loaded'> {
  readonly framework: string;
  readonly task: Task;
  /** Name of the accelerator. */
  readonly card: string;
}

/** Formats as the product resolves them from the stated words; undefined where nothing is stated. */
export function recipeOf(config: Sheet, { framework, task, card, ...made }: Made): Recipe | undefined {
  const words = precisionOf(config, card);
  if (!words) return undefined;
  // Where no trainer stands behind a word, it names the format of the tensors.
  const { compute, loaded = made.stack === 'pytorch' ? compute : undefined } = words;
  // FSDP widens what it shards where precisions are mixed; "full" says that they are not.
  const pure = made.implementation === 'fsdp' && /full|pure/i.test(config.text('precision') ?? '');
  // Weights in fp16 do not train without a wider copy: updates are below their last digit.
  const alone = made.stack === 'pytorch' && loaded === 'fp16' && !made.adapter && task !== 'serving';
  const apex = task !== 'vision' && (/^deeplearningexamples/i.test(framework) || alone);
  if (apex && compute === 'fp16') return apexRecipe;
  // Programs of diffusers cast a frozen base to the narrow format, whatever is autocast over it.
  const frozen =
    made.stack === 'diffusers' && made.adapter && loaded === 'fp32' && compute !== 'fp32' && compute !== 'tf32';
  const recipe = precisionRecipe({ ...made, compute: pure ? undefined : compute, loaded: frozen ? undefined : loaded });
  // NVIDIA's recipes over Megatron core reduce gradients as narrow as they are (`grad_reduce_in_fp32` is off in NeMo and Megatron-Bridge).
  const narrow = made.implementation === 'megatron' && /nemo|megatron-bridge/i.test(framework) && recipe.masterWeights;
  return narrow ? { ...recipe, gradients: recipe.parameters } : recipe;
}
