import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { listPrices } from '#core/catalog/table.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { languageOf } from '#core/source/language.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { reporters } from '#server/cli/reporters/index.ts';
import { reporter as list } from '#server/cli/reporters/list.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

/** The promise of the whole product: no surface prints an amount of zero, and none an amount without a date. */

const catalog = testCatalog();
const own: Settings['rates'] = { '*': 1.5 };

const variants: Readonly<Record<string, Settings>> = {
  'what the files say': defaultSettings,
  'eight H100 on demand': { ...defaultSettings, accelerator: 'H100:8' },
  'spot in one region': {
    ...defaultSettings,
    accelerator: 'A100-80GB:8',
    priceKind: 'spot',
    cloud: 'aws',
    region: 'us-west-2',
  },
  'reserved for three years': { ...defaultSettings, accelerator: 'H100:8', priceKind: 'reserved', termYears: 3 },
  'a TPU of an undated list': { ...defaultSettings, accelerator: 'tpu-v5e:8', cloud: 'gcp' },
  'a small cloud': { ...defaultSettings, accelerator: 'L4', cloud: 'runpod' },
  'own rates in euros': { ...defaultSettings, accelerator: 'H100:8', rates: own, currency: 'EUR', exchangeRate: 0.9 },
  'a rate of next to nothing': { ...defaultSettings, accelerator: 'T4', rates: { '*': 1e-9 } },
  'a currency without a rate': { ...defaultSettings, accelerator: 'H100:8', currency: 'EUR' },
  'a discount of nearly all': {
    ...defaultSettings,
    accelerator: 'H100:8',
    discounts: [{ share: 0.95, origin: { kind: 'setting', key: 'x' } }],
  },
};

/** Folders of input files: examples, and every case of the reader and rule fixtures. */
function cases(): readonly (readonly [name: string, files: ReadonlyMap<string, SourceFile>])[] {
  const found: (readonly [string, ReadonlyMap<string, SourceFile>])[] = [];
  const walk = (url: URL, name: string) => {
    const entries = readdirSync(url, { withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && !/^(expected|writes|finding|settings)\.json$|^README/.test(entry.name))
      .flatMap(({ name: file }): readonly (readonly [string, SourceFile])[] => {
        const text = readFileSync(new URL(file, url), 'utf8');
        const uri = `file:///case/${file}`;
        const languageId = languageOf(uri, text);
        return languageId === undefined ? [] : [[uri, { uri, languageId, version: 0, text }]];
      });
    if (files.length > 0) found.push([name, new Map(files)]);
    for (const entry of entries) if (entry.isDirectory()) walk(new URL(`${entry.name}/`, url), `${name}/${entry.name}`);
  };
  for (const room of ['examples', 'test/fixtures/readers', 'test/fixtures/rules'])
    walk(new URL(`../../${room}/`, import.meta.url), room);
  return found;
}

/** An amount of zero in any currency, as digits alone or with decimals. */
const zero = /(?:[$€£¥]|\b[A-Z]{3}\s)\s?0(?:\.0+)?(?![\d.,])/;
const amount = /[$€£¥]\s?\d/;
const date = /\b20\d\d(?:-\d\d(?:-\d\d)?)?\b/;

describe.each(Object.entries(variants))('%s', (_, settings) => {
  it('prints no zero and nothing undated on any surface', async () => {
    const syntax = await testSyntax();
    const wrong: string[] = [];
    let priced = 0;
    for (const [name, files] of cases()) {
      const analysis = analyze({ files, syntax, catalog, settings: { ...settings, today: '2026-11-20' } });
      for (const one of analysis.workloads) {
        const { report, findings, estimate } = one;
        const hints = report.hints.flatMap(({ parts, tooltip }) => [...parts.map(({ text }) => text), tooltip]);
        // A page draws every chart of a job: the examples have them all.
        const shown = [...reporters, list].filter(({ id }) => id !== 'html' || name.startsWith('examples'));
        const whole = [
          ...shown.map((reporter) =>
            reporter.report(
              {
                workloads: [one],
                problems: [],
                files,
                pricesAsOf: catalog.pricesAsOf,
                worldOf: () => ({ catalog, settings: { ...settings, today: '2026-11-20' } }),
              },
              { show: (uri) => uri, version: '0', paint: (_style, text) => text, width: undefined },
            ),
          ),
          hints.join('\n'),
          findings.flatMap(({ message, fixes }) => [message, ...fixes.map(({ title }) => title)]).join('\n'),
        ];
        for (const text of whole) {
          const bad = zero.exec(text)?.[0] ?? /undated|NaN|Infinity/.exec(text)?.[0];
          if (bad)
            wrong.push(`${name}: ${bad} in ${text.slice(Math.max(0, text.indexOf(bad) - 60), text.indexOf(bad) + 20)}`);
        }
        const { cost } = estimate;
        if (!cost) continue;
        priced += 1;
        const amounts = [cost.perHour, cost.total, cost.perThousandSteps, cost.perMillionTokens];
        for (const each of amounts)
          if (each && !(each.micros.low > 0)) wrong.push(`${name}: ${JSON.stringify(each)} is not above zero`);
        if ('cloud' in cost.offer && !date.test(cost.offer.asOf))
          wrong.push(`${name}: ${cost.offer.instanceType} undated`);
        for (const text of whole.slice(0, shown.length))
          if (amount.test(text) && !date.test(text) && !text.includes('own rate'))
            wrong.push(`${name}: no date beside ${amount.exec(text)?.[0]}`);
      }
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    if (settings.currency === 'USD' || settings.exchangeRate) expect(priced).toBeGreaterThan(20);
    else expect(priced).toBe(0);
  }, 120_000);
});

describe('the price table', () => {
  it.each(['accelerator-hour', 'tflop-hour', 'gib-hour'] as const)(
    'by %s has no zero and a date in each row',
    (order) => {
      const { rows } = listPrices(catalog, { order, every: true }, { ...defaultSettings, today: '2026-11-20' });
      expect(rows.length).toBeGreaterThan(1500);
      for (const row of rows) {
        expect(row.asOf).toMatch(/^20\d\d/);
        for (const each of [row.perHour, row.perAcceleratorHour, row.perGiBHour, row.perUsefulTflopHour])
          if (each) expect(each.micros).toBeGreaterThan(0);
      }
    },
  );
});
