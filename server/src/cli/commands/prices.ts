import { parseArgs } from 'node:util';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { filterOf, filterOptions } from '../filter.ts';
import type { CliHost } from '../host.ts';
import { priceOrders, priceTable } from '../priced.ts';
import { refreshDetails, runRefresh } from '../refresh.ts';
import { reportRows } from '../reporters/rows.ts';
import type { Command } from './index.ts';

/** Prints prices by what they buy: list prices, and the rates of the project file of this folder. */
export const command: Command = {
  name: 'prices',
  usage:
    'prices [refresh [--source ID]... [--dry-run]] | [NAME[:COUNT]] [--memory GIB] [--cloud C] [--region R] [--kind KIND] [--count N] [--by hour|tflop|gib] [--all] [--format table|json]',
  summary: 'list prices and own rates per hour, per useful TFLOP-hour and per GiB',
  details: refreshDetails,
  run: ([first, ...rest], host) =>
    first === 'refresh' ? runRefresh(rest, host) : runPrices(first === undefined ? [] : [first, ...rest], host),
};

async function runPrices(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...filterOptions,
      region: { type: 'string' },
      kind: { type: 'string' },
      by: { type: 'string', default: 'hour' },
      count: { type: 'string' },
      all: { type: 'boolean', default: false },
    },
  });
  const [, order] = Object.entries(priceOrders).find(([name]) => name === values.by) ?? [];
  if (!order) throw new KnownError(`--by ${values.by}: one of ${Object.keys(priceOrders).join(', ')}`, exit.usage);
  const filter = filterOf(values, positionals);
  const engine = await loadEngine(host);
  const table = await priceTable({ ...filter, order, every: values.all }, engine, host);
  reportRows(table.rows, { ...table, format: values.format, empty: 'price' }, host);
  return exit.fine;
}
