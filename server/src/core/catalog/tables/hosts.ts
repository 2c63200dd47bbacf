import { money } from '../../units/money.ts';
import type { HostPrice } from '../catalog.ts';
import { compact, dateOf, openRows, type Rows } from '../rows.ts';

/** Dollars an hour outside of which a machine without accelerators is taken for a mistake. */
const plausible = { low: 0.001, high: 20 };

/** The table of machines without accelerators: heads of clusters and controllers, on demand. */
export function openHosts(asset: unknown): Rows<HostPrice> {
  return openRows<HostPrice>(asset, 'hosts', (cells) => {
    const cloud = cells.text('cloud');
    const region = cells.text('region');
    const type = cells.text('type');
    const source = cells.text('source');
    const price = cells.number('onDemand');
    if (!cloud || !region || !type || !source) return { bad: 'lacks its cloud, region, type or source' };
    if (price === undefined || price < plausible.low || price > plausible.high)
      return { bad: `(${type}, ${region}) has an implausible price` };
    const dated = dateOf(cells);
    if (!dated) return { bad: `(${type}) has no date` };
    return compact({ cloud, region, type, perHour: money(price), ...dated, source });
  });
}
