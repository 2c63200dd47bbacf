import type { Pool, Settings } from '../settings.ts';
import type { PriceQuery } from './price.ts';

/** The own pool that a job runs in: of the name it gives as pool, or as instance type. Case does not matter. */
export function poolOf(query: Pick<PriceQuery, 'pool' | 'instanceType'>, settings: Settings): Pool | undefined {
  const names = [query.pool, query.instanceType].flatMap((name) =>
    name === undefined ? [] : [name.trim().toLowerCase()],
  );
  const found = Object.entries(settings.pools ?? {}).find(([name]) => names.includes(name.toLowerCase()));
  return found?.[1];
}

/** What the job leaves open, filled from its pool. A node type that is only the pool's name is no instance type. */
export function inPool(query: PriceQuery, pool: Pool | undefined): PriceQuery {
  if (!pool) return query;
  const { instanceType: written, ...rest } = query;
  const instanceType = pool.instanceType ?? (query.pool === undefined ? undefined : written);
  const { cloud, region, perNode } = pool;
  const name = query.pool ?? written;
  return {
    ...(cloud !== undefined && { cloud }),
    ...(region !== undefined && { region }),
    ...(perNode !== undefined && { perNode }),
    accelerator: pool.accelerator,
    ...rest,
    ...(instanceType !== undefined && { instanceType }),
    ...(name !== undefined && { pool: name }),
  };
}
