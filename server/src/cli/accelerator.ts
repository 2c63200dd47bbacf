import type { Catalog } from '#core/catalog/catalog.ts';
import { KnownError } from './exit.ts';

/** Refuses the value of `--accelerator` ("H100", "H100:8") where the tables have no such card, and names the nearest. */
export function checkAccelerator(value: string | undefined, catalog: Catalog): void {
  const name = value?.replace(/:\d+$/, '');
  if (name === undefined || catalog.accelerator(name)) return;
  const near = catalog.nearestAccelerators(name).slice(0, 3).join(', ');
  throw new KnownError(`--accelerator ${name}: no accelerator known here${near ? `; nearest: ${near}` : ''}`);
}
