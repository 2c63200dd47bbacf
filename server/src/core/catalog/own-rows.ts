import type { Settings } from '../settings.ts';
import type { Accelerator } from './accelerator.ts';
import type { Catalog } from './catalog.ts';

/** Capacity at the user's own price, as a row of the price table names it. */
export interface OwnCapacity {
  readonly chip: Accelerator;
  readonly count: number;
  /** The pool's name, or words for a rate that holds anywhere. */
  readonly name: string;
  readonly dollarsPerHour: number;
  readonly region: string;
  /** The key that states it. */
  readonly source: string;
}

/** What the settings and the project file give a price to: accelerators by name, and pools by node. `*` alone names none. */
export function ownCapacity(catalog: Catalog, { rates, rateOrigins, pools = {} }: Settings): readonly OwnCapacity[] {
  const found: OwnCapacity[] = [];
  for (const [name, rate] of Object.entries(rates)) {
    const chip = name === '*' ? undefined : catalog.accelerator(name);
    if (!chip || !(rate > 0)) continue;
    const origin = rateOrigins?.[name];
    const source = origin?.kind === 'setting' ? origin.key : `setting flopwise.prices.rates ${name}`;
    found.push({ chip, count: 1, name: 'own rate', dollarsPerHour: rate, region: '-', source });
  }
  for (const [name, pool] of Object.entries(pools)) {
    const chip = catalog.accelerator(pool.accelerator);
    if (!chip || pool.rate === undefined || !(pool.rate > 0)) continue;
    const count = pool.perNode ?? 1;
    const source = pool.origin.kind === 'setting' ? pool.origin.key : `pool ${name}`;
    found.push({ chip, count, name, dollarsPerHour: pool.rate * count, region: pool.region ?? '-', source });
  }
  return found;
}
