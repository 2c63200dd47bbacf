import { parseArgs } from 'node:util';
import { formatDate, freshDays } from '#core/catalog/price-age.ts';
import { listPrices, type PriceOrder, type PriceRow, usefulShare } from '#core/catalog/table.ts';
import { amountOf, type Money } from '#core/units/money.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { filterOf, filterOptions } from '../filter.ts';
import type { CliHost } from '../host.ts';
import { ownSettings } from '../own.ts';
import { refreshDetails, runRefresh } from '../refresh.ts';
import type { Column } from '../reporters/columns.ts';
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

/** What the table is sorted by, as the option names it. */
const orders: Readonly<Record<string, PriceOrder>> = { hour: 'accelerator-hour', tflop: 'tflop-hour', gib: 'gib-hour' };

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
  const order = Object.hasOwn(orders, values.by) ? orders[values.by] : undefined;
  if (!order) throw new KnownError(`--by ${values.by}: one of ${Object.keys(orders).join(', ')}`, exit.usage);
  const filter = filterOf(values, positionals);
  const engine = await loadEngine(host);
  const { catalog } = engine;
  const { settings, problems } = await ownSettings(engine, host);
  const notices = [...(engine.notices ?? []), ...problems];
  const rows = listPrices(catalog, { ...filter, order, every: values.all }, settings);
  const sign = rows.rows[0]?.perHour.currency ?? 'USD';
  const columns = columnsIn(sign === 'USD' ? '$' : sign);
  const shown = rows.rows.some(({ discount }) => discount !== undefined) ? [...columns, discountColumn] : columns;
  reportRows(
    rows,
    { columns: shown, format: values.format, notices, empty: 'price', foot: footIn(sign === 'USD' ? '$' : sign) },
    host,
  );
  return exit.fine;
}

const footIn = (sign: string) =>
  `${sign}/TFLOP-h: for an hour of one useful TFLOPS, ${usefulShare * 100} % of the dense bf16 peak; old: over ${freshDays} days.`;

const columnsIn = (sign: string): readonly Column<PriceRow>[] => [
  { title: 'accelerator', cell: (row) => row.accelerator },
  { title: 'n', right: true, cell: (row) => String(row.count) },
  { title: 'GiB', right: true, cell: (row) => String(Math.round(row.memoryGiB * 10) / 10) },
  { title: 'cloud', cell: (row) => row.cloud },
  { title: 'region', cell: (row) => row.region },
  { title: 'machine', cell: (row) => row.instanceType },
  { title: 'kind', cell: (row) => (row.termYears === undefined ? row.kind : `${row.kind} ${row.termYears} y`) },
  { title: `${sign}/h`, right: true, cell: (row) => formatPrice(row.perHour) },
  { title: `${sign}/GPU-h`, right: true, cell: (row) => formatPrice(row.perAcceleratorHour) },
  {
    title: `${sign}/TFLOP-h`,
    right: true,
    cell: (row) => (row.perUsefulTflopHour ? formatPrice(row.perUsefulTflopHour) : 'unknown'),
  },
  { title: `${sign}/GiB-h`, right: true, cell: (row) => formatPrice(row.perGiBHour) },
  { title: 'date', cell: dateOf },
];

const discountColumn: Column<PriceRow> = {
  title: 'own discount',
  cell: ({ discount }) => (discount === undefined ? '-' : `${Math.round(discount * 1000) / 10} %`),
};

function dateOf(row: PriceRow): string {
  return row.ageDays !== undefined && row.ageDays > freshDays ? `${formatDate(row)} (old)` : formatDate(row);
}

/** A list price is exact: cents where it has whole dollars, three digits below. */
function formatPrice(value: Money): string {
  const amount = amountOf(value);
  return amount >= 1 ? amount.toFixed(2) : amount.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
