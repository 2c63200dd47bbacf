import { parametersFromName } from '../catalog/model-name.ts';
import { type Architecture, isTransformer, type TransformerShape } from '../workload/architecture.ts';
import { likely } from '../workload/known.ts';
import type { ModelSpec } from '../workload/spec.ts';
import { countParameters } from './parameters.ts';

/** A model's shape, and the size that contradicts it where both are said. */
export interface SizedShape {
  readonly architecture: Architecture | undefined;
  /** Parameters that the name or the files tell, where the stated dimensions come to quite another count. */
  readonly otherSize?: number;
}

/** Counts of one model from its dimensions and from its name differ by less: tables leave out towers, names round and multiply experts. */
const contradiction = 1.5;
/** A width that was guessed is looked for within this factor of the guess. */
const furthest = 16;
/** Names of models that were made smaller than the one they are called after. */
const cut = /cut to|\b\d+ ?layers?\b|debug|tiny|mini\b|toy|test/i;

/**
 * The shape of a model whose size is said beside its dimensions. A feed-forward width that nobody states is what the size leaves
 * for it; where all is stated and comes to another size, both may be meant and the other is handed on.
 */
export function sizedShape(model: ModelSpec): SizedShape {
  const architecture = likely(model.architecture);
  if (!architecture || !isTransformer(architecture) || architecture.kind === 'vit') return { architecture };
  const name = likely(model.name) ?? '';
  const stated = likely(model.parameters);
  const told = stated ?? likely(parametersFromName(name.replace(/\s+/g, '-')));
  if (told === undefined || cut.test(name)) return { architecture };
  const counted = countParameters(architecture).total;
  if (model.guessedWidth) return { architecture: widened(architecture, told / counted, told) };
  const ratio = told / counted;
  const agrees = ratio < contradiction && ratio > 1 / contradiction;
  return stated !== undefined || agrees ? { architecture } : { architecture, otherSize: told };
}

/** The shape with the feed-forward width at which it counts `told` parameters; as it is where none does within reason. */
function widened(shape: TransformerShape, ratio: number, told: number): TransformerShape {
  // What a name rounds is nearer to a usual width.
  if (ratio < roundedUp && ratio > 1 / roundedUp) return shape;
  const { experts, width } = shape.feedForward;
  const at = (factor: number): TransformerShape => ({
    ...shape,
    feedForward: experts
      ? { ...shape.feedForward, experts: { ...experts, width: Math.round(experts.width * factor) } }
      : { ...shape.feedForward, width: Math.round(width * factor) },
  });
  // Counts grow with the width by a straight line.
  const one = countParameters(shape).total;
  const slope = countParameters(at(2)).total - one;
  const factor = slope > 0 ? 1 + (told - one) / slope : 1;
  return factor > 1 / furthest && factor < furthest ? at(factor) : shape;
}

/** How far the size in a name may lie from the count before it tells of another width. */
const roundedUp = 1.12;
