import type { Origin } from '../../source/traced.ts';
import { isTransformer } from '../architecture.ts';
import { assumed, exact, type Known, likely, unknown } from '../known.ts';
import type {
  AdapterSpec,
  CodeSpec,
  ModelSpec,
  OptimizerSpec,
  ParallelismSpec,
  Precision,
  PrecisionSpec,
} from '../spec.ts';
import type { FactView } from './fact-view.ts';
import { precisionOf } from './words.ts';

type Implementation = ParallelismSpec['implementation'];

/** What decides in which formats a run keeps its numbers. */
export interface RecipeInput {
  readonly stack: CodeSpec['stack'];
  readonly implementation: Implementation;
  /** Format of matmuls, as stated. */
  readonly compute: Precision | undefined;
  /** Format the weights are loaded in, as stated. */
  readonly loaded: Precision | undefined;
  readonly adapter: boolean;
}

/** Formats of one run; `why` names the behaviour of the framework that fixes them. */
export interface Recipe {
  readonly parameters: Precision | undefined;
  readonly compute: Precision;
  readonly autocast: boolean;
  readonly masterWeights: boolean;
  readonly gradients: Precision | undefined;
  readonly why: string;
}

/** Stacks whose `bf16` means autocast over whatever format the weights are in. */
const autocasting = new Set<CodeSpec['stack']>([
  'hf-trainer',
  'trl',
  'accelerate',
  'axolotl',
  'llamafactory',
  'unsloth',
  'pytorch',
  'lightning',
  'timm',
  'nanogpt',
]);

/**
 * In which formats weights, gradients and matmuls are kept, by framework: DeepSpeed and Megatron keep fp32 masters of half weights;
 * FSDP under accelerate and in torchtitan shards fp32 weights and gathers half copies (accelerate 0.30 and later);
 * HF-style trainers autocast over the loaded format (transformers 5 loads the checkpoint's own, bf16 for models of today).
 */
export function precisionRecipe({ stack, implementation, compute, loaded, adapter }: RecipeInput): Recipe {
  const half = compute === 'bf16' || compute === 'fp16' || compute === 'fp8';
  const matmul = compute ?? loaded ?? 'fp32';
  const storage: Precision = compute === 'fp8' ? 'bf16' : matmul;
  if (implementation === 'megatron' || stack === 'megatron') {
    const weights = half ? storage : 'fp32';
    return {
      parameters: weights,
      compute: matmul,
      autocast: false,
      masterWeights: half,
      // Megatron-DeepSpeed keeps fp16 gradients as they come; bf16 ones are added up in fp32 (BigScience).
      gradients: implementation === 'deepspeed' && compute === 'fp16' ? storage : 'fp32',
      why: 'Megatron',
    };
  }
  if (implementation === 'deepspeed' && half && !adapter) {
    return {
      parameters: storage,
      compute: matmul,
      autocast: false,
      masterWeights: true,
      gradients: storage,
      why: 'DeepSpeed',
    };
  }
  const sharded = implementation === 'fsdp' || implementation === 'fsdp2';
  if (sharded && half && !adapter && stack !== 'torchtune' && stack !== 'litgpt') {
    return {
      parameters: 'fp32',
      compute: matmul,
      autocast: false,
      masterWeights: false,
      gradients: 'fp32',
      why: 'FSDP',
    };
  }
  // Programs of diffusers keep what they train in fp32 and cast what is frozen to the narrow format; products are autocast over both.
  if (stack === 'diffusers') {
    const parameters = loaded ?? (half && adapter ? storage : 'fp32');
    return {
      parameters,
      compute: matmul,
      autocast: half,
      masterWeights: false,
      gradients: parameters,
      why: 'autocast',
    };
  }
  if (autocasting.has(stack)) {
    const parameters =
      loaded ??
      (stack === 'pytorch' || stack === 'lightning' || stack === 'nanogpt' || stack === 'timm' ? 'fp32' : undefined);
    const autocast = half && compute !== loaded;
    return { parameters, compute: matmul, autocast, masterWeights: false, gradients: parameters, why: 'autocast' };
  }
  const parameters = loaded ?? storage;
  return {
    parameters,
    compute: matmul,
    autocast: false,
    masterWeights: false,
    gradients: parameters,
    why: 'one format',
  };
}

/** TF32 is a way to multiply fp32 numbers: it says nothing of weights loaded in a narrower format. */
function tf32(facts: FactView, loaded: Precision | undefined): Precision | undefined {
  return facts.get('training.tf32') === true && (loaded === undefined || loaded === 'fp32') ? 'tf32' : undefined;
}

/** Families of decoders whose published weights are in fp32. */
const wideDecoders = /^(gpt2|gpt_neo$|xglm|openai-gpt|xlnet|ctrl$)/;

/**
 * Format of a model's published weights, where its kind tells: encoders, encoder-decoders, networks of images and the first decoders
 * lie in fp32 (safetensors headers of BERT, RoBERTa, T5, BART, Whisper, ViT, GPT-2). Undefined for the others, mostly in bf16 today.
 */
export function publishedFormat(model: ModelSpec): Precision | undefined {
  const shape = likely(model.architecture);
  if (!shape || likely(model.quantization ?? unknown('no')) !== undefined) return undefined;
  if (!isTransformer(shape)) return shape.denoises ? undefined : 'fp32';
  if (shape.kind === 'denoiser') return undefined;
  return shape.kind !== 'decoder' || wideDecoders.test(shape.family) ? 'fp32' : undefined;
}

/**
 * Formats of the run, from facts and the framework's way with them. `half` is the narrow format that the card computes
 * in: what a precision left to the framework (`auto`) becomes; `published` the one that its weights were published in, where known.
 */
export function resolvePrecision(
  facts: FactView,
  implementation: Implementation,
  adapter: AdapterSpec | undefined,
  half: Precision,
  published: Precision | undefined,
): PrecisionSpec {
  const stated = precisionOf(facts.get('training.precision'));
  const loaded = precisionOf(facts.get('model.dtype'));
  const open = stated === undefined && facts.maybe('training.precision') !== undefined;
  // A loop of one's own has no format of its own choice: what decides there is simply not known.
  const left = open && facts.stack !== 'pytorch';
  const wide = stated === 'fp32' && facts.get('training.tf32') === true ? 'tf32' : stated;
  const compute =
    wide ?? (left ? half : undefined) ?? precisionOf(facts.get('quantization.compute_dtype')) ?? tf32(facts, loaded);
  const recipe = precisionRecipe({
    stack: facts.stack,
    implementation,
    compute,
    loaded,
    adapter: adapter !== undefined,
  });
  const origin: Origin = (left ? ({ kind: 'assumption', id: 'auto-precision' } as const) : undefined) ??
    facts.origin('training.precision') ??
    facts.origin('model.dtype') ??
    facts.origin('training.tf32') ?? { kind: 'assumption', id: 'single-precision' };
  const known = <T>(value: T | undefined, reason: string): Known<T> =>
    value === undefined ? unknown(reason) : exact(value, origin);
  const nothing = compute === undefined && loaded === undefined;
  // A loader keeps the format of the checkpoint, and a trainer that is told of none computes in it.
  const silent = nothing && (open || (!isPlain(facts.stack) && published === undefined));
  const narrowed = adapter === undefined && compute === 'fp16' && recipe.autocast ? 'fp32' : undefined;
  // What no file says of the weights is ours to say.
  const kept = silent || recipe.parameters !== undefined ? undefined : (published ?? narrowed);
  const told = known(silent ? undefined : recipe.parameters, 'the weights are loaded in the checkpoint’s own format');
  const parameters = kept === undefined ? told : assumed(kept, published ? 'published-format' : 'scaled-gradients');
  return {
    parameters,
    compute: silent ? unknown('no precision is stated') : exact(recipe.compute, origin),
    autocast: exact(recipe.autocast, origin),
    masterWeights: exact(recipe.masterWeights, origin),
    gradients: kept === undefined ? known(silent ? undefined : recipe.gradients, 'as the weights') : parameters,
  };
}

/** Stacks that compute in fp32 where nothing is said. */
function isPlain(stack: CodeSpec['stack']): boolean {
  return stack === 'pytorch' || stack === 'lightning' || stack === 'keras' || stack === 'jax' || stack === 'timm';
}

/** The optimiser by its normalised name; AdamW is what every trainer read here takes where nothing is said. */
export function resolveOptimizer(facts: FactView): OptimizerSpec {
  const name = facts.get('optimizer.name');
  const variant = facts.get('optimizer.variant');
  const full = variant ? `${variant}_${name ?? 'adamw'}` : name;
  return {
    name: full === undefined ? facts.known('optimizer.name') : facts.from(full, 'optimizer.name', 'optimizer.variant'),
    fused: facts.known('optimizer.fused'),
    ...(facts.get('optimizer.in_backward') === undefined ? {} : { inBackward: facts.known('optimizer.in_backward') }),
  };
}
