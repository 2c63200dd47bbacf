import type { EgressTier } from '../catalog.ts';
import { compact, dateOf, openRows, type Rows } from '../rows.ts';

/** The table of data transfer prices. A tier that is free by the price list (the first 100 GB) is a stated zero, and stays. */
export function openEgress(asset: unknown): Rows<EgressTier> {
  return openRows<EgressTier>(asset, 'egress', (cells) => {
    const cloud = cells.text('cloud');
    const region = cells.text('region');
    const direction = cells.text('direction');
    const destination = cells.text('destination');
    const fromGB = cells.number('fromGB');
    const toGB = cells.number('toGB');
    const usdPerGB = cells.number('usdPerGB');
    const source = cells.text('source');
    if (!cloud || !region || !direction || !destination || !source) return { bad: 'lacks a name, region or source' };
    if (fromGB === undefined || fromGB < 0 || (toGB !== undefined && toGB <= fromGB))
      return { bad: 'has no proper tier' };
    if (usdPerGB === undefined || usdPerGB < 0 || usdPerGB > 1) return { bad: 'has an implausible price' };
    const dated = dateOf(cells);
    if (!dated) return { bad: 'has no date' };
    return compact({ cloud, region, direction, destination, fromGB, toGB, usdPerGB, ...dated, source });
  });
}
