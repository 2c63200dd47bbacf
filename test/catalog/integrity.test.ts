import { describe, expect, it } from 'vitest';
import { indexAccelerators } from '#core/catalog/accelerator-name.ts';
import { createCatalog } from '#core/catalog/decode.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import { isTransformer } from '#core/workload/architecture.ts';
import { likely } from '#core/workload/known.ts';
import { readCatalogTables, testCatalog } from './load.ts';

const catalog = testCatalog();
const assets = readCatalogTables();

interface Table {
  readonly columns: readonly string[];
  readonly strings: Readonly<Record<string, readonly string[]>>;
  readonly rows: readonly (readonly unknown[])[];
}

/** Rows of a shipped table as they lie in the file, positions in string lists resolved. */
function rowsOf(name: keyof typeof assets): readonly Record<string, unknown>[] {
  const table = JSON.parse(String(assets[name])) as Table;
  return table.rows.map((row) =>
    Object.fromEntries(
      table.columns.map((column, i) => {
        const words = table.strings[column];
        const cell = row[i] ?? undefined;
        return [column, words && typeof cell === 'number' ? words[cell] : cell];
      }),
    ),
  );
}

const keys: Readonly<Record<string, readonly string[]>> = {
  accelerators: ['name'],
  instances: ['cloud', 'type'],
  offers: ['cloud', 'type', 'region'],
  hosts: ['cloud', 'type', 'region'],
  commitments: ['cloud', 'scope', 'region', 'kind', 'termYears'],
  'spot-interruption': ['cloud', 'type', 'region'],
  storage: ['cloud', 'service', 'tier', 'region', 'item'],
  egress: ['cloud', 'region', 'direction', 'destination', 'fromGB'],
  grid: ['scope', 'cloud', 'region', 'country', 'method'],
  models: ['id'],
  'vision-models': ['library', 'name'],
  datasets: ['id', 'config', 'split'],
};

describe('tables', () => {
  it('decode without a problem', () => {
    expect(createCatalog(assets).problems).toEqual([]);
  });

  it.each(Object.entries(keys))('%s: every row has its source, rows are unique by %s', (name, columns) => {
    const rows = rowsOf(name as keyof typeof assets);
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => typeof row['source'] !== 'string')).toEqual([]);
    const seen = rows.map((row) => JSON.stringify(columns.map((column) => row[column])).toLowerCase());
    expect(seen.filter((key, i) => seen.indexOf(key) !== i)).toEqual([]);
  });

  const priced = ['offers', 'hosts', 'commitments', 'spot-interruption', 'storage', 'egress'] as const;
  it.each(priced)('%s: every row is dated, by its source or by its retrieval and never by both', (name) => {
    const dates = /^20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
    for (const { asOf, retrieved } of rowsOf(name)) {
      expect(String(asOf ?? retrieved)).toMatch(dates);
      expect(asOf === undefined || retrieved === undefined).toBe(true);
    }
  });

  const order: Readonly<Record<string, readonly string[]>> = {
    accelerators: ['name'],
    instances: ['cloud', 'type'],
    offers: ['cloud', 'type', 'region'],
    hosts: ['cloud', 'type', 'region'],
    'spot-interruption': ['cloud', 'type', 'region'],
    storage: ['cloud', 'service', 'tier', 'region', 'item'],
    'vision-models': ['library', 'name'],
  };
  it.each(Object.entries(order))('%s: rows stand in the order of %j', (name, columns) => {
    const names = rowsOf(name as keyof typeof assets).map((row) => columns.map((column) => String(row[column])));
    const sorted = names.toSorted((a, b) => {
      const at = a.findIndex((cell, i) => cell !== b[i]);
      return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
    });
    expect(names).toEqual(sorted);
  });

  it('join: prices name known machines, machines known accelerators, commitments known clouds', () => {
    const chips = new Set(rowsOf('accelerators').map(({ name }) => name));
    const machines = new Set(rowsOf('instances').map(({ cloud, type }) => `${cloud} ${type}`));
    const clouds = new Set(rowsOf('instances').map(({ cloud }) => cloud));
    expect(rowsOf('instances').filter(({ accelerator }) => !chips.has(accelerator))).toEqual([]);
    for (const table of ['offers', 'spot-interruption'] as const)
      expect(rowsOf(table).filter(({ cloud, type }) => !machines.has(`${cloud} ${type}`))).toEqual([]);
    expect(rowsOf('commitments').filter(({ cloud }) => !clouds.has(cloud))).toEqual([]);
  });

  it('have plausible prices: an accelerator-hour in line with its kind, spot not above on demand by much', () => {
    const counts = new Map(rowsOf('instances').map(({ cloud, type, count }) => [`${cloud} ${type}`, Number(count)]));
    for (const { cloud, type, onDemand, spot } of rowsOf('offers')) {
      const count = counts.get(`${cloud} ${type}`) ?? 0;
      for (const price of [onDemand, spot])
        if (price !== undefined && price !== null) {
          expect(Number(price) / count).toBeGreaterThan(0.02);
          expect(Number(price) / count).toBeLessThan(100);
        }
      if (onDemand && spot) expect(Number(spot)).toBeLessThanOrEqual(Number(onDemand) * 1.001);
    }
    for (const { usd } of rowsOf('storage')) expect(Number(usd)).toBeGreaterThan(0);
  });

  it('are refused where they are broken, with the rows named', () => {
    const offers = JSON.stringify({
      format: 1,
      table: 'offers',
      columns: ['cloud', 'region', 'type', 'onDemand', 'source', 'asOf'],
      strings: {},
      rows: [
        ['aws', 'us-east-1', 'p5.48xlarge', 0, 'x', '2026-07-20'],
        ['aws', 'us-east-1', 'p9.none', 1, 'x', '2026-07-20'],
        7,
        ['aws', 'us-east-1', 'p5.48xlarge', 55, 'x', '2026-07-20'],
        ['aws', 'us-east-1', 'p5.48xlarge', 55, 'x'],
        ['aws', 'us-east-1', 'p5.48xlarge', 55, 'x', 'lately'],
      ],
    });
    const made = createCatalog({
      ...assets,
      offers: offers,
      models: '{"format":2}',
      grid: '{',
    });
    expect(made.value.offers({ instanceType: 'p5.48xlarge', kind: 'on-demand' })).toHaveLength(1);
    expect(made.problems.map((problem) => problem.message)).toEqual([
      'Table offers row 1 (p5.48xlarge, us-east-1) has an implausible price.',
      'Table offers row 2 prices the unknown instance aws p9.none.',
      'Table offers row 3 is no list.',
      'Table offers row 5 (p5.48xlarge) has no date.',
      'Table offers row 6 (p5.48xlarge) has no date.',
      'Table grid is missing or is no JSON object.',
      'Table models has format 2, and 1 is read.',
    ]);
  });
});

describe('offers', () => {
  const all = catalog.offers({});
  it('are positive, in micro-units, and dated', () => {
    expect(all.length).toBeGreaterThan(2000);
    for (const offer of all) {
      expect(Number.isInteger(offer.perHour.micros) && offer.perHour.micros > 0).toBe(true);
      expect(offer.asOf).toMatch(/^20\d\d(-\d\d(-\d\d)?)?$/);
    }
  });
  it('join an instance and an accelerator', () => {
    for (const offer of all) {
      const instance = catalog.instance(offer.instanceType, offer.cloud);
      expect(instance).toMatchObject({ accelerator: offer.accelerator, count: offer.count });
      expect(catalog.accelerator(offer.accelerator)?.name).toBe(offer.accelerator);
    }
  });
  it('come cheapest per accelerator-hour first', () => {
    const each = all.map((offer) => offer.perHour.micros / offer.count);
    expect(each).toEqual(each.toSorted((a, b) => a - b));
  });
  it('cost less as spot or reserved than on demand, or the same', () => {
    const onDemand = new Map(
      all
        .filter(({ kind }) => kind === 'on-demand')
        .map((offer) => [`${offer.cloud} ${offer.instanceType} ${offer.region}`, offer.perHour.micros]),
    );
    const dearer = all.filter(
      (offer) =>
        offer.perHour.micros >
        (onDemand.get(`${offer.cloud} ${offer.instanceType} ${offer.region}`) ?? Number.POSITIVE_INFINITY),
    );
    expect(dearer.map((offer) => `${offer.kind} ${offer.instanceType} ${offer.region}`)).toEqual([]);
  });
});

describe('accelerators', () => {
  it('have no spelling that two of them claim', () => {
    expect(indexAccelerators(catalog.accelerators).ambiguous).toEqual([]);
  });
  it('are found by their names and aliases', () => {
    for (const one of catalog.accelerators)
      for (const name of [one.name, ...one.aliases])
        expect([name, catalog.accelerator(name)?.name]).toEqual([name, one.name]);
  });
  it('have plausible figures', () => {
    for (const { peak, bandwidth, powerWatts, memory, usableMemory } of catalog.accelerators) {
      for (const rate of Object.values(peak)) expect(rate).toBeGreaterThan(1e12);
      if (peak.bf16 !== undefined && peak.fp8 !== undefined) expect(peak.fp8).toBeGreaterThanOrEqual(peak.bf16);
      if (bandwidth !== undefined) expect(bandwidth).toBeGreaterThan(5e10);
      if (powerWatts !== undefined) expect(powerWatts).toBeGreaterThan(50);
      if (usableMemory !== undefined) expect(usableMemory / memory).toBeLessThanOrEqual(1.001);
    }
  });
});

describe('models', () => {
  const ids = rowsOf('models').map((row) => String(row['id']));
  it('are found by id in any case, with a count', () => {
    for (const id of ids) {
      const entry = catalog.model(id.toUpperCase());
      expect(entry?.id).toBe(id);
      expect(entry?.parameters.kind === 'exact' || entry?.parameters.kind === 'range').toBe(true);
    }
  });
  it('have whole shapes', () => {
    const shapes = ids.flatMap((id) => catalog.model(id)?.architecture ?? []).filter(isTransformer);
    expect(shapes.length).toBeGreaterThan(400);
    for (const { attention, layers, hidden } of shapes) {
      expect(layers * hidden).toBeGreaterThan(100);
      expect(attention.heads % attention.kvHeads).toBe(0);
    }
  });
  // A tower for images, convolutions over sound and the like stand outside of the blocks and are counted by themselves.
  it('count by the formula what is published or was worked out from the same dimensions', () => {
    const off = rowsOf('models').flatMap(({ id, parameters, published, outside }) => {
      const shape = catalog.model(String(id))?.architecture;
      // Denoisers have time, prompt and modulation beside their blocks, which are what is left of the published total.
      if (!shape || !isTransformer(shape) || shape.denoiser) return [];
      const ratio = (countParameters(shape).total + Number(outside ?? 0)) / Number(parameters) - 1;
      return Math.abs(ratio) > (published === undefined ? 1e-4 : 0.01) ? [`${id} ${(100 * ratio).toFixed(3)} %`] : [];
    });
    expect(off).toEqual([]);
  });
  it('leave a denoiser less than half of its parameters beside its blocks', () => {
    for (const id of ids) {
      const entry = catalog.model(id);
      const shape = entry?.architecture;
      if (!shape || !isTransformer(shape) || !shape.denoiser) continue;
      const share = countParameters(shape).total / (likely(entry.parameters) ?? 0);
      expect(share, id).toBeGreaterThan(0.55);
      expect(share, id).toBeLessThan(1.01);
    }
  });
});
