import type { TransformerShape } from '../workload/architecture.ts';
import { hasSharedGate } from './parameters.ts';
import type { Plan } from './plan.ts';

/** How a family's model code computes its feed-forward activation. */
export type Activation = 'fused' | 'unfused-tanh' | 'relu';

/**
 * Implementation flavour of one plan: which tensors the model code hands to autograd. For one architecture it
 * moves activation memory up to threefold.
 */
export interface Flavour {
  /** Norms written in Python keep a widened copy and the normalised value; fused kernels keep their input alone. */
  readonly fusedNorm: boolean;
  /** The gate's activation is computed again in the backward pass (compiled, Liger, Megatron). */
  readonly fusedGate: boolean;
  /** Query, key and value are one matrix, so that autocast copies its input once. */
  readonly fusedProjection: boolean;
  /** Gate and up are one matrix. */
  readonly fusedGateUp: boolean;
  /** Keys and values are widened to all query heads before attention. */
  readonly repeatedKv: boolean;
  readonly activation: Activation;
  /** One mask byte for every dropped element of attention output and feed-forward output. */
  readonly hiddenDropout: boolean;
  /** The norm multiplies by its weight before it narrows its result, so that the normalised value stays in fp32 (Gemma, OLMo 2). */
  readonly wideNormalised: boolean;
  /** LayerNorm spelled out in Python: widened input, its distance from the mean and the normalised value (Cohere). */
  readonly spelledLayerNorm: boolean;
  /** A part of each head is rotated and put beside the rest, after which the attention's output is laid out anew. */
  readonly partialRotary: boolean;
  /** Both norms of a layer read one tensor, kept once (GPT-NeoX's parallel residual). */
  readonly sharedNormInput: boolean;
  /** Scores are capped by a tanh, which keeps its output (Gemma 2, unfused). */
  readonly cappedScores: boolean;
  /** The shared expert's output is weighed by a gate of its own (Qwen 2 MoE and its heirs). */
  readonly gatedShared: boolean;
  /** Softmax of eager attention stays in the compute format (BERT's code, Megatron's fused kernel). */
  readonly narrowSoftmax: boolean;
  /** Inputs of frozen linears are kept although no gradient needs them. */
  readonly keepsFrozenInputs: boolean;
  /** Quantised linears keep an input each of their own (bitsandbytes before 0.43). */
  readonly keepsQuantizedInputs: boolean;
  /** Adapters read a dropped-out copy of their input, one a module. */
  readonly adapterDropout: boolean;
}

/** Families whose Hugging Face code spells GELU out in Python (`gelu_new`): five tensors kept for one activation. */
const unfusedGelu = /^(gpt2|gpt_neo$|gptj|codegen|phi$)/;
const relu = /^(opt|galactica|transfo_xl)/;
const dropoutByDefault = /^(gpt2|transfo_xl|bert|roberta|xlm-roberta|electra|distilbert|deberta|albert|gpt-megatron)/;
const fusedProjections =
  /^(gpt2|transfo_xl|gpt_neox|bloom|falcon|phi3|chatglm|glm|baichuan|gpt-megatron|qwen$|mpt|gpt_bigcode|stablelm_alpha|pythia)/;
/** Stacks whose attention widens keys and values itself (torchtune `expand`, litgpt, torchtitan's `repeat_kv`). */
const repeatingStacks = new Set(['torchtune', 'litgpt', 'torchtitan']);
/** Stacks with kernels of their own for norms and activations. */
const fusedStacks = new Set(['megatron', 'unsloth', 'llm-foundry', 'nanogpt']);

/** What a family's model code has of its own, whatever runs it. */
interface FamilyTraits {
  readonly activation: Activation;
  readonly dropout: boolean;
  readonly fusedProjection: boolean;
  readonly fusedGateUp: boolean;
  readonly wideNormalised: boolean;
  readonly spelledLayerNorm: boolean;
  readonly partialRotary: boolean;
  readonly sharedNormInput: boolean;
  readonly cappedScores: boolean;
  readonly gatedShared: boolean;
  readonly narrowSoftmax: boolean;
}

const traits = new Map<string, FamilyTraits>();
/** Families remembered at most: more than any table has. */
const mostFamilies = 1000;

/** Traits by the family's name; remembered, since one name is asked many times. */
function traitsOf(family: string): FamilyTraits {
  const before = traits.get(family);
  if (before) return before;
  const found: FamilyTraits = {
    activation: relu.test(family) ? 'relu' : unfusedGelu.test(family) ? 'unfused-tanh' : 'fused',
    dropout: dropoutByDefault.test(family),
    fusedProjection: fusedProjections.test(family),
    fusedGateUp: /^(phi3|chatglm|glm4$)/.test(family),
    wideNormalised: /^(gemma|olmo2|olmo3)/.test(family),
    spelledLayerNorm: /^cohere/.test(family),
    partialRotary: /^(phi|gpt_neox|pythia|stablelm|glm)/.test(family),
    sharedNormInput: /^(gpt_neox|pythia|stablelm_alpha)/.test(family),
    cappedScores: /^gemma2/.test(family),
    gatedShared: hasSharedGate(family),
    narrowSoftmax: /^gpt2|bert|electra/.test(family),
  };
  if (traits.size >= mostFamilies) traits.clear();
  traits.set(family, found);
  return found;
}

/** The flavour that stack, family and switches lead to. */
export function flavourOf(plan: Plan, shape: TransformerShape): Flavour {
  const { stack, compiled, fusedLayers } = plan;
  const megatron = plan.parallel.implementation === 'megatron' || stack === 'megatron';
  const fused = compiled || fusedLayers || megatron || fusedStacks.has(stack);
  const family = traitsOf(shape.family);
  const handWritten = stack !== 'litgpt' && stack !== 'nanogpt' && !megatron && !compiled;
  return {
    fusedNorm: fused || stack === 'torchtitan' || (shape.norm !== 'rms' && !family.spelledLayerNorm),
    fusedGate: fused,
    fusedProjection: megatron || stack === 'litgpt' || family.fusedProjection,
    fusedGateUp: megatron || family.fusedGateUp,
    repeatedKv: repeatingStacks.has(stack) || plan.attention === 'eager',
    activation: family.activation === 'unfused-tanh' && !handWritten ? 'fused' : family.activation,
    hiddenDropout: family.dropout,
    wideNormalised: family.wideNormalised && !fused,
    spelledLayerNorm: family.spelledLayerNorm && !fused,
    partialRotary: family.partialRotary && !fused && stack !== 'litgpt',
    sharedNormInput: family.sharedNormInput,
    cappedScores: family.cappedScores,
    gatedShared: family.gatedShared,
    narrowSoftmax: stack === 'megatron' || family.narrowSoftmax,
    keepsFrozenInputs: stack === 'litgpt',
    keepsQuantizedInputs: stack === 'litgpt' && plan.quantization !== undefined,
    adapterDropout: stack === 'litgpt',
  };
}
