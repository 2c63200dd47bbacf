import { isTransformer, type Outputs, type TransformerShape } from '../architecture.ts';
import type { Known } from '../known.ts';
import type { ModelSpec } from '../spec.ts';
import { pretrainsModel, taskOfMethod } from './code.ts';
import type { FactView } from './fact-view.ts';

/**
 * The model with the head that the program gives it. A classifier, a reward model or a bare encoder has no row over the vocabulary
 * to a token, and leaves a projection of its own behind: at 128,000 entries that is gigabytes of logits and half a billion weights.
 */
export function withHead(model: ModelSpec, facts: FactView): ModelSpec {
  const { architecture } = model;
  if (architecture.kind !== 'exact' || !isTransformer(architecture.value)) return model;
  const outputs = outputsOf(facts, architecture.value);
  return outputs === undefined ? model : withOutputs(model, outputs);
}

/** The model whose last matrix leads to something else than its row of the table says, counted without what is left behind. */
export function withOutputs(model: ModelSpec, outputs: Outputs): ModelSpec {
  const { architecture, parameters } = model;
  if (architecture.kind !== 'exact' || !isTransformer(architecture.value)) return model;
  const shape = architecture.value;
  const left = outputs === 'classes' && ownHead(shape) ? shape.vocabulary * shape.hidden : 0;
  const { activeParameters } = model;
  return {
    ...model,
    architecture: { ...architecture, value: { ...shape, outputs } },
    ...(parameters ? { parameters: less(parameters, left) } : {}),
    ...(activeParameters ? { activeParameters: less(activeParameters, left) } : {}),
  };
}

function outputsOf(facts: FactView, shape: TransformerShape): Outputs | undefined {
  const stated = facts.get('model.head');
  if (stated === 'vocabulary' || stated === 'classes') return stated;
  // LLaMA-Factory sets its score beside the whole language model.
  if (taskOfMethod(facts) === 'reward') return facts.stack === 'llamafactory' ? undefined : 'classes';
  if (shape.kind !== 'encoder') return undefined;
  return pretrainsModel(facts) ? 'vocabulary' : 'classes';
}

/** Whether the table counts a projection to the vocabulary beside the embedding; an encoder's count never does. */
function ownHead(shape: TransformerShape): boolean {
  return shape.kind === 'decoder' && !shape.tiedEmbeddings;
}

function less(count: Known<number>, by: number): Known<number> {
  if (by <= 0) return count;
  switch (count.kind) {
    case 'exact':
      return { ...count, value: count.value - by };
    case 'range':
      return { ...count, low: count.low - by, likely: count.likely - by, high: count.high - by };
    case 'choice':
      return { ...count, options: count.options.map((option) => ({ ...option, value: option.value - by })) };
    case 'unknown':
      return count;
  }
}
