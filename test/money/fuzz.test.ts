import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { createCatalog } from '#core/catalog/decode.ts';
import { mergeSnapshot, type PriceTables } from '#core/catalog/merge-snapshot.ts';
import { readTable, type TableRow, writeTable } from '#core/catalog/raw-table.ts';
import type { SnapshotOffer, SnapshotTerm } from '#core/catalog/snapshot.ts';
import { readProject, withProject } from '#core/project/project.ts';
import { projectSchema } from '#core/project/schema.ts';
import { defaultSettings } from '#core/settings.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { readYaml } from '#core/syntax/yaml.ts';
import { reporter as list } from '#server/cli/reporters/list.ts';
import { readCatalogTables, testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

/** Whatever stands in a project file or comes of a price list: nothing throws, and no amount is zero, endless or undated. */

const catalog = testCatalog();
const runs = { numRuns: 60, seed: 7 };

/** Values that people and machines write where a number, a name or a list belongs. */
const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '0',
    '-1',
    '1e-12',
    '1e308',
    '.nan',
    '.inf',
    '0x10',
    '1_000',
    'null',
    '~',
    '""',
    '[]',
    '{}',
    '- 1',
    '*',
    '&a 3',
  ),
  fc.constantFrom(
    'H100:8',
    'A100',
    'aws',
    'us-east-1',
    'EUR',
    'JPY',
    'spot',
    '2026-01-01',
    'true',
    'no',
    '$5',
    '5 USD',
    '${X}',
  ),
  fc.double().map(String),
  fc.string({ maxLength: 12 }),
);

const keys = Object.keys(projectSchema.fields);

/** A project file: known keys and others, each with some value or a mapping of some. */
const projectText = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...keys) },
        { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
      ),
      fc.oneof(
        value.map((one) => ` ${one}`),
        fc
          .array(
            fc.tuple(
              fc.constantFrom('"*"', 'H100', 'percent', 'rate', 'per_run', 'purchase', 'cloud', 'accelerator'),
              value,
            ),
          )
          .map((pairs) => pairs.map(([key, one]) => `\n  ${key}: ${one}`).join('')),
        fc.array(value, { maxLength: 3 }).map((all) => all.map((one) => `\n  - ${one}`).join('')),
      ),
    ),
    { maxLength: 6 },
  )
  .map((entries) => `${entries.map(([key, text]) => `${key}:${text}`).join('\n')}\n`);

const exampleUri = 'file:///work/train.py';
const example: SourceFile = {
  uri: exampleUri,
  languageId: 'python',
  version: 1,
  text: readFileSync(new URL('../../examples/llama-sft/train.py', import.meta.url), 'utf8'),
};
const files = new Map([[exampleUri, example]]);
const never = /(?:[$€£¥]|\b[A-Z]{3}\s)\s?0(?:\.0+)?(?![\d.,])|NaN|Infinity|undefined|undated/;

describe('any project file', () => {
  it('is read without a throw, its faults lie within it, and no amount of it is zero or endless', async () => {
    const syntax = await testSyntax();
    fc.assert(
      fc.property(projectText, (text) => {
        const documents = readYaml({ uri: 'file:///work/flopwise.yaml', languageId: 'yaml', version: 1, text });
        const project = readProject(documents, catalog);
        for (const { span } of project.problems) expect((span?.end ?? 0) <= text.length).toBe(true);
        const settings = withProject({ ...defaultSettings, accelerator: 'H100:8', today: '2026-11-20' }, project);
        const { workloads } = analyze({ files, syntax, catalog, settings });
        const hints = workloads.flatMap(({ report }) =>
          report.hints.map(({ parts, tooltip }) => [...parts.map((part) => part.text), tooltip].join(' ')),
        );
        const whole = list.report(
          {
            workloads,
            problems: project.problems,
            files,
            pricesAsOf: catalog.pricesAsOf,
            worldOf: () => ({ catalog, settings }),
          },
          { show: (uri) => uri, version: '0', paint: (_style, said) => said, width: undefined },
        );
        expect(never.exec([...hints, whole].join('\n'))?.[0]).toBeUndefined();
      }),
      runs,
    );
  }, 120_000);
});

const all = readCatalogTables();
const cell = fc.oneof(
  fc.double(),
  fc.constantFrom(
    0,
    -1,
    1e-9,
    1e12,
    Number.NaN,
    '',
    'aws',
    '2026-07-01',
    'yesterday',
    '0',
    'us-east-1',
    'p5.48xlarge',
    true,
  ),
);

describe('any table of offers', () => {
  const table = readTable(String(all.offers));
  if (!table) throw new Error('no table of offers');
  const changes = fc.array(fc.tuple(fc.nat(399), fc.constantFrom(...table.columns), cell), {
    minLength: 1,
    maxLength: 30,
  });
  const damaged = (all: readonly (readonly [number, string, TableRow[string]])[]) => {
    const rows = table.rows.slice(0, 400);
    for (const [at, column, one] of all) rows[at] = { ...rows[at], [column]: one };
    return writeTable({ ...table, rows });
  };

  it('gives offers above zero with a date alone; the others are named', () => {
    fc.assert(
      fc.property(changes, (some) => {
        const { value: made, problems } = createCatalog({ ...all, offers: damaged(some) });
        for (const { message } of problems) expect(message).not.toMatch(/undefined/);
        for (const { name } of made.accelerators.slice(0, 20))
          for (const offer of made.offers({ accelerator: name })) {
            expect(offer.perHour.micros).toBeGreaterThan(0);
            expect(Number.isFinite(offer.perHour.micros)).toBe(true);
            expect(offer.asOf).toMatch(/^20\d\d/);
          }
      }),
      { ...runs, numRuns: 40 },
    );
  }, 60_000);
});

describe('any snapshot', () => {
  const tables: PriceTables = {
    instances: String(all.instances),
    offers: String(all.offers),
    commitments: String(all.commitments),
    'spot-interruption': String(all['spot-interruption']),
  };
  const place = {
    cloud: fc.constantFrom('aws', 'azure', 'gcp', 'vast', 'nowhere'),
    region: fc.constantFrom('us-east-1', 'eastus', 'all', 'moon'),
    instanceType: fc.constantFrom('p5.48xlarge', 'Standard_ND96isr_H100_v5', 'g2-standard-4', '1x_RTX-4090', ''),
  };
  const price = fc.oneof(fc.double(), fc.double({ min: 0.1, max: 120, noNaN: true }), fc.constantFrom(0, -3, 500_000));
  const maybe = fc.option(price, { nil: undefined });
  const offer = fc.record({ ...place, onDemand: maybe, spot: maybe }).map(
    ({ onDemand, spot, ...rest }): SnapshotOffer => ({
      ...rest,
      ...(onDemand !== undefined && { onDemand }),
      ...(spot !== undefined && { spot }),
    }),
  );
  const term: fc.Arbitrary<SnapshotTerm> = fc.record({
    ...place,
    kind: fc.constantFrom('reservation' as const, 'savings plan' as const),
    termYears: fc.constantFrom(1, 3),
    perHour: price,
  });

  it('leaves tables that hold, whatever it brings', () => {
    const before = createCatalog(all).problems.length;
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 8 }), fc.array(term, { maxLength: 8 }), (offers, terms) => {
        const snapshot = { source: 'any list', asOf: '2026-11-20', offers, terms };
        const { value: merged, problems } = mergeSnapshot(tables, snapshot, catalog);
        expect(createCatalog({ ...all, ...merged.tables }).problems).toHaveLength(before);
        for (const { message } of problems) expect(message).not.toMatch(/undefined/);
      }),
      { ...runs, numRuns: 25 },
    );
  }, 60_000);
});
