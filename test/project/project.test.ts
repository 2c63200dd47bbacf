import { describe, expect, it } from 'vitest';
import { type AppliedPrice, type PriceQuery, priceFor } from '#core/catalog/price.ts';
import { readProject, withProject } from '#core/project/project.ts';
import { defaultSettings } from '#core/settings.ts';
import { lineAt } from '#core/source/lines.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { readYaml } from '#core/syntax/yaml.ts';
import { testCatalog } from '../catalog/load.ts';

const catalog = testCatalog();

function fileOf(text: string): SourceFile {
  return { uri: 'file:///work/flopwise.yaml', languageId: 'yaml', version: 1, text };
}

function read(text: string) {
  return readProject(readYaml(fileOf(text)), catalog);
}

/** The complaints with their 1-based lines. */
function complaints(text: string) {
  const file = fileOf(text);
  return read(text).problems.map(({ message, span }) => `${lineAt(file, span?.start ?? 0) + 1}: ${message}`);
}

function price(text: string, query: PriceQuery): AppliedPrice {
  return priceFor(query, catalog, { ...withProject(defaultSettings, read(text)), today: '2026-08-01' });
}

function told(applied: AppliedPrice) {
  if (applied.kind === 'unknown') return applied.reason;
  const { currency, micros } = applied.perHour;
  return `${(micros.likely / 1e6).toFixed(2)} ${currency}: ${applied.notes.map(({ text }) => text).join('; ')}`;
}

const whole = `# Rates of the team
accelerator: H100:8
cloud: aws
region: us-east-1
price: on-demand
currency: EUR
exchange_rate: 0.9
rates:
  A100-80GB: 1.80
  "*": 3
on_premise:
  L40S:
    purchase: 14000
    lifetime_years: 4
    utilisation: 0.5
    power_watts: 450
    pue: 1.4
    electricity_per_kwh: 0.2
    operations_per_year: 876
discounts:
  - cloud: aws
    percent: 10
  - cloud: aws
    family: p5
    percent: 25
pools:
  gpu-large:
    accelerator: A100-SXM4-80GB
    per_node: 4
    rate: 1.5
dataset:
  tokens: 1200000000
`;

describe('flopwise.yaml', () => {
  it('becomes settings, amounts in dollars, each rate with its place', () => {
    const { settings, problems } = read(whole);
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({
      accelerator: 'H100:8',
      cloud: 'aws',
      region: 'us-east-1',
      priceKind: 'on-demand',
      currency: 'EUR',
      exchangeRate: 0.9,
      dataset: { tokens: 1.2e9 },
      discounts: [
        { share: 0.1, cloud: 'aws' },
        { share: 0.25, cloud: 'aws', family: 'p5' },
      ],
      pools: { 'gpu-large': { accelerator: 'A100-SXM4-80GB', perNode: 4 } },
    });
    expect(settings.rates?.['A100-80GB']).toBeCloseTo(2);
    const origin = settings.rateOrigins?.['A100-80GB'];
    expect(origin?.kind === 'setting' && origin.span && whole.slice(origin.span.start, origin.span.end)).toBe('1.80');
    // 14000 / (4 x 4380) + 876 / 4380 + 0.45 x 1.4 x 0.2, in euros.
    expect((settings.rates?.['L40S'] ?? 0) * 0.9).toBeCloseTo(0.7991 + 0.2 + 0.126, 3);
  });

  it('prices a job by the own rate, in its currency', () => {
    expect(told(price(whole, { accelerator: 'a100-80gb', perNode: 8 }))).toBe(
      '14.40 EUR: own rate of 1.8 EUR per accelerator-hour for A100-80GB; converted at 0.9 EUR to the USD',
    );
    expect(told(price(whole, { pool: 'GPU-LARGE', nodes: 2 }))).toContain(
      '12.00 EUR: own rate of 1.5 EUR per accelerator-hour in GPU-LARGE',
    );
    expect(told(price(whole, { instanceType: 'gpu-large' }))).toContain('6.00 EUR');
  });

  it('takes the discount off that says most', () => {
    const discounts = 'discounts: [{cloud: aws, percent: 10}, {cloud: aws, family: p5, percent: 25}]';
    expect(told(price(discounts, { instanceType: 'p5.48xlarge', region: 'us-east-1' }))).toBe(
      '41.28 USD: own discount of 25 % on aws p5 taken off',
    );
    expect(told(price(discounts, { instanceType: 'p4d.24xlarge', region: 'us-east-1' }))).toContain(
      '19.76 USD: own discount of 10 %',
    );
    expect(told(price(discounts, { instanceType: 'p5.48xlarge', region: 'us-east-1', kind: 'spot' }))).not.toContain(
      'discount',
    );
  });

  it('wins over the settings of the user, whose other rates stay', () => {
    const merged = withProject(
      { ...defaultSettings, region: 'eu-west-1', rates: { T4: 0.2, H100: 9 } },
      read('region: us-east-1\nrates: {H100: 2}'),
    );
    expect(merged).toMatchObject({ region: 'us-east-1', rates: { T4: 0.2, H100: 2 } });
  });

  it('names what is wrong, with the line and what would fit', () => {
    expect(
      complaints(
        'acelerator: H100\nrates:\n  H1000: 2\n  T4: 0\n  L4: free\nprice: spott\ncurrency: EUR\npools:\n  a: {per_node: 8}\ndiscounts: 5\ndataset: {tokens: 1, rows: 3}\non_premise:\n  L4: {purchase: 5000, lifetime_years: 99}\n',
      ),
    ).toEqual([
      '1: There is no key "acelerator" (did you mean accelerator?).',
      '3: No accelerator H1000 is in the tables (near: H100-SXM).',
      '4: rates.T4 must be above 0.',
      '5: rates.L4 must be a number.',
      '6: price must be one of on-demand, spot, reserved (did you mean spot?).',
      '7: currency EUR needs exchange_rate: the EUR that one US dollar is worth.',
      '9: pools.a lacks accelerator.',
      '10: discounts must be a list.',
      '11: dataset has no key "rows".',
      '13: on_premise.L4.lifetime_years must be at most 20.',
    ]);
  });

  it.each([
    '',
    '# nothing\n',
    '- 1\n- 2\n',
    'rates',
    'rates: [',
    '&a [*a]',
    '{{',
    '\0',
    'rates: {__proto__: 2, constructor: 3}',
    'price: ~',
  ])('never fails on %j', (text) => {
    const { settings } = read(text);
    expect(price(text, { accelerator: 'T4' }).kind).toBe('known');
    expect(settings.rates).toBeUndefined();
  });

  it('states no path, address or command: such keys are refused', () => {
    expect(complaints('command: rm -rf /\nprices: https://example.org/x.json\ninclude: ../../secret.yaml\n')).toEqual([
      '1: There is no key "command".',
      '2: There is no key "prices" (did you mean price?).',
      '3: There is no key "include".',
    ]);
  });
});

describe('budgets and rules', () => {
  it('reads limits in the currency of the file, and thresholds in dollars', () => {
    const { settings, problems } = read(`currency: EUR
exchange_rate: 0.5
budget: { per_run: 500, per_hour: 40 }
rules:
  recompute-not-needed: { min_percent: 15, min_saving: 20 }
  no-time-limit: { severity: off }
silence:
  - { rule: keeps-all-checkpoints, reason: compared later, until: 2027-01-31, file: train.py }
`);
    expect(problems).toEqual([]);
    expect(settings.budget).toMatchObject({ perRun: 500, perHour: 40 });
    expect(settings.rules).toEqual({
      'recompute-not-needed': { percent: 15, money: 40 },
      'no-time-limit': { severity: 'off' },
    });
    expect(settings.silences).toEqual([
      { rule: 'keeps-all-checkpoints', reason: 'compared later', until: '2027-01-31', file: 'train.py' },
    ]);
  });

  it('names rules and accelerators that are not there', () => {
    expect(
      complaints(`accelerator: H1000:8
rules:
  no-time-limits: { severity: off }
silence:
  - { rule: does-not-fits, reason: known }
`),
    ).toEqual([
      '1: No accelerator H1000 is in the tables (near: H100-SXM).',
      '3: There is no rule no-time-limits (did you mean no-time-limit?).',
      '5: There is no rule does-not-fits (did you mean does-not-fit?).',
    ]);
  });

  it('names what is no date, no severity and no reason', () => {
    expect(
      complaints(`rules:
  no-time-limit: { severity: loud }
silence:
  - { rule: does-not-fit }
  - { rule: does-not-fit, reason: soon, until: next week }
`),
    ).toMatchInlineSnapshot(`
      [
        "2: rules.no-time-limit.severity must be one of error, warning, information, hint, off.",
        "4: silence[1] lacks reason.",
        "5: until must be a date such as 2027-01-31.",
      ]
    `);
  });
});
