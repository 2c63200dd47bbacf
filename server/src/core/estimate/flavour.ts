import type { TransformerShape } from '../workload/architecture.ts';
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
  /** Gemma's norm multiplies by one plus the weight, which keeps one more copy. */
  readonly offsetNorm: boolean;
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
const unfusedGelu = /^(gpt2|gpt_neo$|gptj|codegen|bloom)/;
const relu = /^(opt|galactica)/;
const dropoutByDefault = /^(gpt2|bert|roberta|xlm-roberta|electra|distilbert|deberta|albert|gpt-megatron)/;
const fusedProjections =
  /^(gpt2|gpt_neox|bloom|falcon|phi3|chatglm|glm|baichuan|gpt-megatron|qwen$|mpt|gpt_bigcode|stablelm_alpha|pythia)/;
/** Stacks whose attention widens keys and values itself (torchtune `expand`, litgpt, torchtitan's `repeat_kv`). */
const repeatingStacks = new Set(['torchtune', 'litgpt', 'torchtitan']);
/** Stacks with kernels of their own for norms and activations. */
const fusedStacks = new Set(['megatron', 'unsloth', 'llm-foundry', 'nanogpt']);

const known = new WeakMap<Plan, Flavour>();

/** The flavour that stack, family and switches lead to; remembered, since one plan is asked many times. */
export function flavourOf(plan: Plan, shape: TransformerShape): Flavour {
  const before = known.get(plan);
  if (before) return before;
  const flavour = makeFlavour(plan, shape);
  known.set(plan, flavour);
  return flavour;
}

function makeFlavour(plan: Plan, shape: TransformerShape): Flavour {
  const { stack, compiled, fusedLayers } = plan;
  const megatron = plan.parallel.implementation === 'megatron' || stack === 'megatron';
  const fused = compiled || fusedLayers || megatron || fusedStacks.has(stack);
  const handWritten = stack !== 'litgpt' && stack !== 'nanogpt' && !megatron && !compiled;
  return {
    fusedNorm: fused || stack === 'torchtitan' || shape.norm !== 'rms',
    fusedGate: fused,
    fusedProjection: megatron || stack === 'litgpt' || fusedProjections.test(shape.family),
    fusedGateUp: megatron || /^(phi3|chatglm|glm4$)/.test(shape.family),
    repeatedKv: repeatingStacks.has(stack) || plan.attention === 'eager',
    activation: relu.test(shape.family)
      ? 'relu'
      : handWritten && unfusedGelu.test(shape.family)
        ? 'unfused-tanh'
        : 'fused',
    hiddenDropout: dropoutByDefault.test(shape.family),
    offsetNorm: /^gemma/.test(shape.family) && !fused,
    narrowSoftmax: stack === 'megatron' || /bert|electra/.test(shape.family),
    keepsFrozenInputs: stack === 'litgpt',
    keepsQuantizedInputs: stack === 'litgpt' && plan.quantization !== undefined,
    adapterDropout: stack === 'litgpt',
  };
}
