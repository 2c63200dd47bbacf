import type { Origin } from '../../source/traced.ts';
import type { Known } from '../../workload/known.ts';
import type { ModelEntry } from '../catalog.ts';
import { nominalRange } from '../model-name.ts';
import { compact, openRows, type Rows } from '../rows.ts';
import { shapeOf } from './transformer-shape.ts';
import { unetOf } from './unets.ts';

/** A model row with the further names it answers to. */
export interface ModelRow {
  readonly entry: ModelEntry;
  readonly aliases: readonly string[];
}

/**
 * The model table. The count is the exact published one where there is one, else what the row's dimensions come to;
 * a count that its source only rounds ("12.5 B") is a range.
 */
export function openModels(asset: unknown): Rows<ModelRow> {
  return openRows<ModelRow>(asset, 'models', (cells) => {
    const id = cells.text('id');
    const family = cells.text('family');
    const kind = cells.text('kind');
    const source = cells.text('source');
    const count = cells.number('parameters');
    if (!id || !family || !kind || !source) return { bad: 'lacks its id, family, kind or source' };
    if (count === undefined || count < 1e5 || count > 2e13)
      return { bad: `(${id}) has an implausible parameter count` };
    const shape = shapeOf(cells);
    if (shape && 'bad' in shape) return { bad: `(${id}) ${shape.bad}` };
    const origin: Origin = { kind: 'table', table: 'models', row: id, source: cells.text('publishedSource') ?? source };
    const parameters: Known<number> = cells.flag('nominal')
      ? { kind: 'range', ...nominalRange(count), origin }
      : { kind: 'exact', value: count, origin };
    const active = cells.number('activeParameters');
    const unet = kind === 'diffusion' && !shape ? unetOf(family, count) : undefined;
    const entry = compact({
      id,
      family,
      modelKind: kind,
      architecture: shape ?? unet,
      parameters,
      activeParameters: active !== undefined && active < count ? active : undefined,
      checkpointType: cells.text('checkpointType'),
      source,
    });
    return { entry, aliases: cells.list('aliases') };
  });
}
