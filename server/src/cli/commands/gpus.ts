import { parseArgs } from 'node:util';
import { type AcceleratorRow, listAccelerators } from '#core/catalog/table.ts';
import { formatMoney, formatNumber } from '#core/units/format.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit } from '../exit.ts';
import { filterOf, filterOptions } from '../filter.ts';
import type { CliHost } from '../host.ts';
import { ownSettings } from '../own.ts';
import type { Column } from '../reporters/columns.ts';
import { reportRows } from '../reporters/rows.ts';
import type { Command } from './index.ts';

/** Prints the hardware facts of accelerators. */
export const command: Command = {
  name: 'gpus',
  usage: 'gpus [NAME] [--memory GIB] [--vendor V] [--cloud C] [--format table|json]',
  summary: 'accelerators: memory, bandwidth, peak rates, power, who rents them',
  async run(argv: readonly string[], host: CliHost): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: filterOptions });
    const filter = filterOf(values, positionals);
    const engine = await loadEngine(host);
    const { settings, problems } = await ownSettings(engine, host);
    const rows = listAccelerators(engine.catalog, filter, settings);
    const own = rows.rows.some(({ ownRate }) => ownRate !== undefined);
    reportRows(
      rows,
      {
        columns: own ? [...columns, ownColumn] : columns,
        format: values.format,
        notices: [...(engine.notices ?? []), ...problems],
        empty: 'accelerator',
      },
      host,
    );
    return exit.fine;
  },
};

const ownColumn: Column<AcceleratorRow> = {
  title: 'own rate/h',
  right: true,
  cell: ({ ownRate }) => (ownRate ? formatMoney(ownRate) : '-'),
};

const number = (value: number | undefined) => (value === undefined ? 'unknown' : formatNumber(value));

const columns: readonly Column<AcceleratorRow>[] = [
  { title: 'accelerator', cell: (row) => row.name },
  { title: 'vendor', cell: (row) => row.vendor },
  { title: 'architecture', cell: (row) => row.architecture },
  { title: 'GiB', right: true, cell: (row) => String(Math.round(row.memoryGiB * 10) / 10) },
  { title: 'GB/s', right: true, cell: (row) => number(row.bandwidthGBs) },
  { title: 'TFLOPS', right: true, cell: (row) => number(row.tflops) },
  { title: 'fp8', right: true, cell: (row) => (row.fp8Tflops === undefined ? '-' : formatNumber(row.fp8Tflops)) },
  { title: 'link GB/s', right: true, cell: (row) => (row.linkGBs === undefined ? '-' : formatNumber(row.linkGBs)) },
  { title: 'W', right: true, cell: (row) => number(row.powerWatts) },
  { title: 'sm', right: true, cell: (row) => row.computeCapability ?? '-' },
  { title: 'clouds', cell: (row) => row.clouds.join(' ') || '-' },
];
