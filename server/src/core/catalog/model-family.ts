import { isTransformer, type TransformerShape } from '../workload/architecture.ts';
import type { ModelRow } from './tables/models.ts';

/**
 * One shape for each family that has any: the first of those that tie or untie their embeddings as most of the family
 * do, which is what the family's class does where a configuration is silent.
 */
export function indexFamilies(rows: readonly ModelRow[]): ReadonlyMap<string, TransformerShape> {
  const shapes = new Map<string, TransformerShape[]>();
  for (const { entry } of rows) {
    const shape = entry.architecture;
    if (!shape || !isTransformer(shape)) continue;
    const known = shapes.get(entry.family);
    if (known) known.push(shape);
    else shapes.set(entry.family, [shape]);
  }
  const families = new Map<string, TransformerShape>();
  for (const [family, members] of shapes) {
    const tied = members.filter((shape) => shape.tiedEmbeddings).length * 2 > members.length;
    const first = members.find((shape) => shape.tiedEmbeddings === tied);
    if (first) families.set(family, first);
  }
  return families;
}
