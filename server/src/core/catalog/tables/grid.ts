import type { Outcome } from '../../source/problem.ts';
import type { GridEntry } from '../catalog.ts';
import { compact, decodeRows, isDate } from '../rows.ts';

/** Methods from the newest and most local to the oldest; the first that a region has is the one used. */
const methods = [
  'codecarbon (Google region carbon)',
  'cloud carbon footprint',
  'mlco2 impact calculator',
  'national average (Our World in Data / Ember via CodeCarbon)',
];

/** The table of grid carbon, best method first for every region. Countries stand under their ISO code. */
export function decodeGrid(asset: unknown): Outcome<readonly GridEntry[]> {
  const rows = decodeRows<{ rank: number; entry: GridEntry }>(asset, 'grid', (cells) => {
    const region = cells.text('region') ?? cells.text('country');
    const gramsPerKwh = cells.number('gramsPerKwh');
    const pue = cells.number('pue');
    const source = cells.text('source');
    if (!region || !source) return { bad: 'lacks its region or source' };
    if (gramsPerKwh === undefined || gramsPerKwh < 0 || gramsPerKwh > 1500)
      return { bad: `(${region}) has an implausible figure` };
    if (pue !== undefined && (pue < 1 || pue > 3)) return { bad: `(${region}) has an implausible PUE` };
    const asOf = cells.text('asOf');
    if (asOf !== undefined && !isDate(asOf)) return { bad: `(${region}) has the date ${asOf}` };
    const method = cells.text('method') ?? '';
    const rank = methods.indexOf(method);
    const cloud = cells.text('cloud');
    const location = cells.text('location');
    const entry = compact({
      cloud,
      region,
      location,
      country: cells.text('country'),
      gramsPerKwh,
      pue,
      method,
      asOf,
      source,
    });
    return { rank: rank < 0 ? methods.length : rank, entry };
  });
  const value = rows.value.toSorted((a, b) => a.rank - b.rank).map(({ entry }) => entry);
  return { value, problems: rows.problems };
}
