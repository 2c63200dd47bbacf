import { isTransformer, type TransformerShape } from '../workload/architecture.ts';
import type { Rows } from './rows.ts';
import type { ModelRow } from './tables/models.ts';

/**
 * The shape that stands for a family: the first of those that tie or untie their embeddings as most of the family do,
 * which is what the family's class does where a configuration is silent.
 */
export function shapeOfFamily(rows: Rows<ModelRow>, family: string): TransformerShape | undefined {
  const members = rows
    .where('family', family)
    .flatMap(({ entry }) => (entry.architecture && isTransformer(entry.architecture) ? [entry.architecture] : []));
  const tied = members.filter((shape) => shape.tiedEmbeddings).length * 2 > members.length;
  return members.find((shape) => shape.tiedEmbeddings === tied);
}
