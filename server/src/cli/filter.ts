import type { ParseArgsConfig } from 'node:util';
import type { PriceKind } from '#core/catalog/offer.ts';
import type { TableFilter } from '#core/catalog/table.ts';
import { exit, KnownError } from './exit.ts';

/** The options by which the tables of hardware and prices are narrowed. */
export const filterOptions = {
  memory: { type: 'string' },
  vendor: { type: 'string' },
  cloud: { type: 'string' },
  format: { type: 'string', default: 'table' },
} as const satisfies ParseArgsConfig['options'];

/** Option values as typed. */
export interface FilterValues {
  readonly memory?: string | undefined;
  readonly vendor?: string | undefined;
  readonly cloud?: string | undefined;
  readonly region?: string | undefined;
  readonly kind?: string | undefined;
  readonly count?: string | undefined;
  readonly format: string;
}

const kinds: readonly PriceKind[] = ['on-demand', 'spot', 'reserved'];

/** What the options and the accelerator ("H100" or "H100:8") ask of a table. A value that cannot be is a usage error. */
export function filterOf(values: FilterValues, positionals: readonly string[]): TableFilter {
  const [asked, ...more] = positionals;
  if (more.length > 0) throw new KnownError(`one accelerator at a time, not ${positionals.join(' and ')}`, exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const [, accelerator, count] = /^(.+?)(?::(\d{1,3}))?$/.exec(asked ?? '') ?? [];
  const number = countOf(values.count ?? count);
  const memoryGiB = memoryOf(values.memory);
  const kind = kinds.find((one) => one === values.kind);
  if (values.kind !== undefined && kind === undefined)
    throw new KnownError(`--kind ${values.kind}: one of ${kinds.join(', ')}`, exit.usage);
  return {
    ...(accelerator !== undefined && { accelerator }),
    ...(number !== undefined && { count: number }),
    ...(memoryGiB !== undefined && { memoryGiB }),
    ...(values.vendor !== undefined && { vendor: values.vendor }),
    ...(values.cloud !== undefined && { cloud: values.cloud }),
    ...(values.region !== undefined && { region: values.region }),
    ...(kind !== undefined && { kind }),
  };
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new KnownError(`--count ${text}: accelerators on one machine, such as 8`, exit.usage);
  return value;
}

function memoryOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(/^(\d+(?:\.\d+)?)\s*(?:gib|gb|g)?$/i.exec(text.trim())?.[1] ?? Number.NaN);
  if (!(value > 0)) throw new KnownError(`--memory ${text}: GiB of one accelerator, such as 40`, exit.usage);
  return value;
}
