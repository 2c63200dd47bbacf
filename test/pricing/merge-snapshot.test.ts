import { describe, expect, it } from 'vitest';
import { createCatalog } from '#core/catalog/decode.ts';
import { type Merged, mergeSnapshot, type PriceTables } from '#core/catalog/merge-snapshot.ts';
import { readTable, writeTable } from '#core/catalog/raw-table.ts';
import type { SnapshotOffer, SnapshotTerm } from '#core/catalog/snapshot.ts';
import { readCatalogTables, testCatalog } from '../catalog/load.ts';

const all = readCatalogTables();
const tables: PriceTables = {
  instances: String(all.instances),
  offers: String(all.offers),
  commitments: String(all.commitments),
  'spot-interruption': String(all['spot-interruption']),
};

function merge(
  offers: readonly SnapshotOffer[],
  extra: Partial<Pick<Parameters<typeof mergeSnapshot>[1], 'histories' | 'terms'>> = {},
) {
  const snapshot = { source: 'test list', asOf: '2026-11-20', offers, ...extra };
  const { value, problems } = mergeSnapshot(tables, snapshot, testCatalog());
  return {
    merged: value,
    problems: problems.filter(({ code }) => code !== 'region-missing').map(({ message }) => message),
    all: problems,
  };
}

function catalogOf({ tables: made }: Merged) {
  const { value, problems } = createCatalog({ ...all, ...made });
  expect(problems).toEqual([]);
  return value;
}

const azure: SnapshotOffer = {
  cloud: 'azure',
  region: 'eastus',
  instanceType: 'Standard_ND96isr_H100_v5',
  onDemand: 90,
};

describe('a table', () => {
  it.each(Object.entries(all))('%s is written as it was read', (_, text) => {
    const table = readTable(String(text));
    expect(table && writeTable(table)).toBe(text);
  });
});

describe('a snapshot', () => {
  it('changes the price it names, with its date and source, and nothing else', () => {
    const { merged, problems } = merge([azure]);
    expect(problems).toEqual([]);
    expect(merged).toMatchObject({ updated: 1, added: 0 });
    const before = tables.offers.split('\n').length;
    expect(merged.tables.offers.split('\n')).toHaveLength(before);
    const offers = catalogOf(merged).offers({ instanceType: azure.instanceType, region: 'eastus', kind: 'on-demand' });
    expect(offers).toMatchObject([{ perHour: { micros: 90_000_000 }, asOf: '2026-11-20', source: 'test list' }]);
  });

  it('joins on-demand and spot that come as two rows', () => {
    const { merged } = merge([azure, { cloud: 'azure', region: 'eastus', instanceType: azure.instanceType, spot: 30 }]);
    const kinds = catalogOf(merged)
      .offers({ instanceType: azure.instanceType, region: 'eastus' })
      .map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['on-demand', 'reserved', 'spot']);
  });

  it('takes no on-demand price of a machine that is sold as spot only', () => {
    const small = { cloud: 'gcp', region: 'us-central1', instanceType: 'a3-highgpu-1g', onDemand: 11.5 };
    expect(merge([small]).merged).toMatchObject({ updated: 0, added: 0 });
    const { merged } = merge([{ ...small, spot: 6 }]);
    const offers = catalogOf(merged).offers({ instanceType: 'a3-highgpu-1g', region: 'us-central1' });
    expect(offers).toMatchObject([{ kind: 'spot', perHour: { micros: 6_000_000 }, asOf: '2026-11-20' }]);
  });

  it('adds a machine that it says enough of', () => {
    const { merged } = merge([
      { cloud: 'vast', region: 'all', instanceType: '1x_RTX-4090', accelerator: 'RTX 4090', count: 1, onDemand: 0.4 },
    ]);
    expect(merged).toMatchObject({ updated: 0, added: 1 });
    expect(catalogOf(merged).offers({ accelerator: 'RTX4090', cloud: 'vast' })).toMatchObject([
      { perHour: { micros: 400_000 } },
    ]);
  });

  it.each([
    ['a price that moved too far', { onDemand: 500 }, 'the price moved from 98.32 to 500'],
    [
      'a price of another unit',
      { onDemand: 8_832_000 },
      'the price of 8832000 an hour is not plausible for 8 accelerators',
    ],
    ['no price', { onDemand: 0 }, 'the price of 0 an hour is not plausible'],
    ['no number', { onDemand: Number.NaN }, 'the price of NaN an hour is not plausible'],
    ['spot above the list', { onDemand: 90, spot: 95 }, 'the spot price of 95 is above the list price of 90'],
  ])('is refused where it has %s, and the price before it stays', (_, prices, reason) => {
    const { merged, problems } = merge([{ ...azure, ...prices }]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(reason);
    expect(merged.tables.offers).toBe(tables.offers);
  });

  const promised: SnapshotTerm = {
    cloud: 'azure',
    region: 'eastus',
    instanceType: azure.instanceType,
    kind: 'savings plan',
    termYears: 1,
    perHour: 58.5,
  };

  it('brings prices under a promise, which fall out of use when the list price moves', () => {
    const { merged, problems } = merge([azure], {
      terms: [promised, { ...promised, instanceType: 'Standard_D2s_v5' }],
    });
    expect(problems).toEqual([]);
    expect(merged).toMatchObject({ updated: 1, added: 1 });
    const find = (made: Merged) =>
      catalogOf(made)
        .offers({ instanceType: azure.instanceType, region: 'eastus', kind: 'reserved' })
        .filter(({ asOf }) => asOf === '2026-11-20');
    expect(find(merged)).toMatchObject([{ perHour: { micros: 58_500_000 }, termYears: 1, source: 'test list' }]);
    const again = mergeSnapshot(
      merged.tables,
      { source: 'test list', asOf: '2026-11-21', offers: [{ ...azure, onDemand: 70 }] },
      testCatalog(),
    ).value;
    expect(find(again)).toEqual([]);
    const same = mergeSnapshot(
      merged.tables,
      { source: 'x', asOf: '2026-11-21', offers: [], terms: [promised] },
      testCatalog(),
    );
    expect(same.value).toMatchObject({ updated: 1, added: 0 });
  });

  it.each([
    ['the sum of its term', 512_000, 'the promised price of 512000 an hour is not plausible for 8 accelerators'],
    ['more than the list price', 95, 'the promised price of 95 is above the list price of 90'],
    ['a tenth of it', 8, 'the promised price of 8 is below a tenth of the list price'],
  ])('is refused where a promise costs %s', (_, perHour, reason) => {
    const { merged, problems } = merge([azure], { terms: [{ ...promised, perHour }] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(reason);
    expect(merged).toMatchObject({ updated: 1, added: 0 });
  });

  it('names the regions that it no longer has, whose prices stay', () => {
    const { all: problems } = merge([azure]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('test list has no price for azure australiacentral, '),
    ]);
  });

  it('leaves out accelerators that no table has, counted', () => {
    const unknown = {
      cloud: 'aws',
      region: 'us-east-1',
      instanceType: 'p2.xlarge',
      accelerator: 'X-1',
      count: 1,
      onDemand: 0.9,
    };
    expect(merge([unknown, { ...unknown, region: 'us-west-2' }]).problems).toEqual([
      'X-1 is in no table: 2 prices of test list are left out.',
    ]);
  });

  it('brings spot histories of known machines', () => {
    const history = {
      cloud: 'aws',
      region: 'us-east-1',
      interruption: { low: 0.05, high: 0.11 },
      savings: 0.4,
      asOf: '2026-11-20',
      source: 'x',
    };
    const { merged } = merge([], {
      histories: [
        { ...history, instanceType: 'p5.48xlarge' },
        { ...history, instanceType: 'm5.large' },
      ],
    });
    const catalog = catalogOf(merged);
    expect(catalog.spotHistory('aws', 'us-east-1', 'p5.48xlarge')).toMatchObject({
      savings: 0.4,
      asOf: '2026-11-20',
      source: 'test list',
    });
    expect(catalog.spotHistory('aws', 'us-east-1', 'm5.large')).toBeUndefined();
  });

  it('changes nothing where the tables cannot be read', () => {
    const broken = { ...tables, offers: '{' };
    const { value, problems } = mergeSnapshot(
      broken,
      { source: 's', asOf: '2026-11-20', offers: [azure] },
      testCatalog(),
    );
    expect(value.tables).toBe(broken);
    expect(problems).toHaveLength(1);
  });
});
