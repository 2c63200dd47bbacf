import type { ModelEntry } from '../catalog.ts';
import { isDate, openRows, type Rows } from '../rows.ts';
import type { ModelRow } from './models.ts';

/** The table of image networks, by their measured operation counts. Counts of parameters are rounded to 0.01 M by the source. */
export function openVisionModels(asset: unknown): Rows<ModelRow> {
  return openRows<ModelRow>(asset, 'vision-models', (cells) => {
    const library = cells.text('library');
    const name = cells.text('name');
    const source = cells.text('source');
    const parameters = cells.number('megaParameters');
    const macs = cells.number('gigaMacs');
    const activations = cells.number('megaActivations');
    const imageSize = cells.number('imageSize');
    const asOf = cells.text('asOf');
    if (!library || !name || !source) return { bad: 'lacks its library, name or source' };
    if (!parameters || parameters < 0 || !macs || macs < 0 || !imageSize || imageSize < 0)
      return { bad: `(${name}) lacks a figure` };
    if (asOf !== undefined && !isDate(asOf)) return { bad: `(${name}) has the date ${asOf}` };
    const row = `${library}/${name}`;
    const entry: ModelEntry = {
      id: row,
      family: name.split('_')[0] ?? name,
      modelKind: 'vision',
      parameters: {
        kind: 'exact',
        value: Math.round(parameters * 1e6),
        origin: { kind: 'table', table: 'vision-models', row, source },
      },
      ...(activations && {
        architecture: {
          kind: 'vision' as const,
          family: name.split('_')[0] ?? name,
          macs: macs * 1e9,
          activations: activations * 1e6,
          imageSize,
        },
      }),
      source,
    };
    return { entry, aliases: [name, ...cells.list('aliases')] };
  });
}
