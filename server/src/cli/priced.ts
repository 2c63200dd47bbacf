import { formatDate, freshDays } from '#core/catalog/price-age.ts';
import {
  listPrices,
  type PriceOrder,
  type PriceRow,
  type TableFilter,
  type TableRows,
  usefulShare,
} from '#core/catalog/table.ts';
import type { Problem } from '#core/source/problem.ts';
import { amountOf, type Money } from '#core/units/money.ts';
import type { Engine } from '#server/gather/engine.ts';
import type { CliHost } from './host.ts';
import { ownSettings } from './own.ts';
import type { Column } from './reporters/columns.ts';

/** What the table of prices is sorted by, as people name it. */
export const priceOrders = {
  hour: 'accelerator-hour',
  tflop: 'tflop-hour',
  gib: 'gib-hour',
} as const satisfies Readonly<Record<string, PriceOrder>>;

/** Prices that were asked for, under the rates and discounts of the project file. */
export interface PriceTable {
  readonly rows: TableRows<PriceRow>;
  /** What was said while tables and project file were read. */
  readonly notices: readonly Problem[];
  readonly columns: readonly Column<PriceRow>[];
  /** A line under the table. */
  readonly foot: string;
}

/** Lists prices by what they buy: list prices, and the rates of the project file of this folder. */
export async function priceTable(
  filter: TableFilter & { readonly order: PriceOrder; readonly every: boolean },
  engine: Engine,
  host: CliHost,
): Promise<PriceTable> {
  const { settings, problems } = await ownSettings(engine, host);
  const rows = listPrices(engine.catalog, filter, settings);
  const currency = rows.rows[0]?.perHour.currency ?? 'USD';
  const sign = currency === 'USD' ? '$' : currency;
  const columns = columnsIn(sign);
  return {
    rows,
    notices: [...(engine.notices ?? []), ...problems],
    columns: rows.rows.some(({ discount }) => discount !== undefined) ? [...columns, discountColumn] : columns,
    foot: footIn(sign),
  };
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
