import { z } from 'zod';
import { KnownError } from '../exit.ts';
import { priceOrders, priceTable } from '../priced.ts';
import { formatColumns } from '../reporters/columns.ts';
import { rowsJson } from '../reporters/rows.ts';
import { toolOf } from './tool.ts';

const money = z.object({ currency: z.string(), micros: z.number() }).describe('Millionths of a unit of the currency.');

/** What `prices --format json` prints, the first rows of it. */
export const pricesTool = toolOf({
  name: 'prices',
  title: 'List GPU prices',
  description:
    'Lists what accelerators cost on the clouds of the tables, with date and source, and the own rates of flopwise.yaml: per machine, per GPU, per useful TFLOP-hour, per GiB. Nothing is fetched. A price that is not listed is unknown, not zero.',
  input: z.strictObject({
    accelerator: z.string().optional().describe('"H100", in any usual spelling; all where absent.'),
    count: z.int().positive().optional().describe('Accelerators on one machine.'),
    memory_gib: z.number().positive().optional().describe('GiB of one accelerator at least.'),
    cloud: z.string().optional(),
    region: z.string().optional(),
    kind: z.enum(['on-demand', 'spot', 'reserved']).optional(),
    by: z.enum(['hour', 'tflop', 'gib']).default('hour').describe('What the rows are sorted by, the cheapest first.'),
    every: z.boolean().default(false).describe('Every offer; else the cheapest of each accelerator, cloud and kind.'),
    limit: z.int().positive().max(500).default(20).describe('Rows at most.'),
  }),
  output: z.object({
    version: z.literal(1),
    rows: z.array(
      z.object({
        accelerator: z.string(),
        count: z.number(),
        memoryGiB: z.number(),
        cloud: z.string(),
        region: z.string(),
        instanceType: z.string(),
        kind: z.enum(['on-demand', 'spot', 'reserved', 'own']),
        perHour: money,
        perAcceleratorHour: money,
        perUsefulTflopHour: money.optional(),
        perGiBHour: money,
        asOf: z.string().describe('Date of the price.'),
        source: z.string(),
      }),
    ),
    total: z.number().describe('Rows that fit what was asked.'),
    problems: z.array(z.object({ code: z.string(), message: z.string() })),
  }),
  async run({ accelerator, count, memory_gib: memoryGiB, cloud, region, kind, by, every, limit }, { host, engine }) {
    const filter = {
      ...(accelerator === undefined ? {} : { accelerator }),
      ...(count === undefined ? {} : { count }),
      ...(memoryGiB === undefined ? {} : { memoryGiB }),
      ...(cloud === undefined ? {} : { cloud }),
      ...(region === undefined ? {} : { region }),
      ...(kind === undefined ? {} : { kind }),
    };
    const { rows, notices, columns, foot } = await priceTable(
      { ...filter, order: priceOrders[by], every },
      await engine(),
      host,
    );
    const total = rows.rows.length;
    if (total === 0) throw new KnownError(rows.problems[0]?.message ?? 'no price fits what is asked');
    const some = { ...rows, rows: rows.rows.slice(0, limit) };
    const more = total > limit ? `\n${total - limit} more rows; narrow the question or raise the limit.` : '';
    return {
      words: `${formatColumns(columns, some.rows)}\n\n${foot}${more}`,
      value: { ...rowsJson(some, notices), total },
    };
  },
});
