import { describe, expect, it } from 'vitest';
import { listAccelerators, listPrices, type PriceTableOptions } from '#core/catalog/table.ts';
import { defaultSettings } from '#core/settings.ts';
import { testCatalog } from './load.ts';

const catalog = testCatalog();
const settings = { ...defaultSettings, today: '2026-08-01' };

function prices(options: PriceTableOptions) {
  return listPrices(catalog, options, settings);
}

describe('accelerators are listed', () => {
  it('all, by memory', () => {
    const { rows } = listAccelerators(catalog);
    expect(rows).toHaveLength(catalog.accelerators.length);
    const sizes = rows.map((row) => row.memoryGiB);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });
  it('by family, vendor, memory and cloud', () => {
    const names = (filter: Parameters<typeof listAccelerators>[1]) =>
      listAccelerators(catalog, filter).rows.map(({ name }) => name);
    expect(names({ accelerator: 'a100' })).toEqual(['A100-40GB', 'A100-PCIE-40GB', 'A100-80GB-PCIE', 'A100-80GB-SXM']);
    expect(names({ accelerator: 'A100-80GB' })).toEqual(['A100-80GB-PCIE', 'A100-80GB-SXM']);
    expect(names({ vendor: 'google', memoryGiB: 95 })).toEqual(['TPU-v5p', 'TPU-v7']);
    expect(names({ cloud: 'gcp', memoryGiB: 80, vendor: 'NVIDIA' })).toContain('H100-SXM');
  });
  it('and a name of none is said', () => {
    expect(listAccelerators(catalog, { accelerator: 'H1000' }).problems.map(({ message }) => message)).toEqual([
      'No accelerator H1000 is in the tables (near: H100-SXM).',
    ]);
  });
});

describe('prices are listed', () => {
  it('cheapest of each cloud and kind first', () => {
    const { rows, problems } = prices({ accelerator: 'H100-SXM', kind: 'on-demand' });
    expect(problems).toEqual([]);
    expect(new Set(rows.map(({ cloud }) => cloud)).size).toBe(rows.length);
    const each = rows.map((row) => row.perAcceleratorHour.micros);
    expect(each).toEqual(each.toSorted((a, b) => a - b));
    expect(rows.find(({ cloud }) => cloud === 'aws')).toMatchObject({
      perAcceleratorHour: { micros: 6_880_000 },
      source: expect.any(String),
    });
  });
  it('by what they buy', () => {
    const row = prices({
      accelerator: 'H100-SXM',
      cloud: 'azure',
      region: 'eastus',
      count: 8,
      kind: 'on-demand',
      order: 'tflop-hour',
    }).rows[0];
    // 88.488 for 8 devices, over 0.4 x 989 TFLOPS and over 80 GiB.
    expect(row?.perHour.micros).toBe(88_488_000);
    expect(row?.perUsefulTflopHour?.micros).toBe(Math.round(11_061_000 / (0.4 * 989)));
    expect(row?.perGiBHour.micros).toBe(Math.round(11_061_000 / 80));
    expect(row).toMatchObject({ asOf: '2026-06-18', ageDays: 44 });
    const useful = prices({ kind: 'on-demand', order: 'tflop-hour', cloud: 'gcp' }).rows.flatMap(
      (one) => one.perUsefulTflopHour?.micros ?? [],
    );
    expect(useful).toEqual(useful.toSorted((a, b) => a - b));
  });
  it('every one where asked for', () => {
    const all = prices({ accelerator: 'T4', every: true }).rows.length;
    expect(all).toBeGreaterThan(prices({ accelerator: 'T4' }).rows.length);
  });
  it('in the currency of the settings, or in dollars with a reason', () => {
    const inEuros = listPrices(catalog, { accelerator: 'T4' }, { ...settings, currency: 'EUR', exchangeRate: 0.5 })
      .rows[0];
    const inDollars = prices({ accelerator: 'T4' }).rows[0];
    expect(inEuros?.perHour).toEqual({ currency: 'EUR', micros: (inDollars?.perHour.micros ?? 0) / 2 });
    expect(listPrices(catalog, { accelerator: 'T4' }, { ...settings, currency: 'EUR' }).problems[0]?.message).toContain(
      'Prices stay in USD',
    );
  });
  it('or what is unknown is named', () => {
    expect(prices({ cloud: 'ibm', region: 'moon-1' }).problems.map(({ code }) => code)).toEqual([
      'unknown-cloud',
      'unknown-region',
    ]);
  });
});
