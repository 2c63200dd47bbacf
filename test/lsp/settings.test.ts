import { expect, test } from 'vitest';
import { defaultEditorSettings, readSettings } from '#server/lsp/settings.ts';

test('nothing set gives the defaults', () => {
  expect(readSettings(undefined)).toEqual({ settings: defaultEditorSettings, complaints: [] });
  expect(defaultEditorSettings.core).toEqual({ currency: 'USD', rates: {} });
});

test('nested and dotted names are read', () => {
  const core = { currency: 'EUR', rates: { H100: 2.1 }, accelerator: 'H100:8', priceKind: 'spot', exchangeRate: 0.92 };
  const prices = { currency: 'EUR', kind: 'spot', exchangeRate: 0.92, rates: { H100: 2.1 } };
  expect(readSettings({ assume: { accelerator: ' H100:8 ' }, prices }).settings.core).toEqual(core);
  expect(readSettings({ 'assume.accelerator': 'H100:8', prices }).settings.core).toEqual(core);
});

test('a value of a wrong type is told and its default stands', () => {
  const odd = { hints: { enabled: 'yes' }, prices: { kind: 'cheap', rates: { H100: 0 } }, assume: 7 };
  expect(readSettings(odd)).toEqual({
    settings: defaultEditorSettings,
    complaints: [
      'Setting flopwise.prices.kind must be "on-demand", "spot" or "reserved"; "" is used.',
      'Setting flopwise.prices.rates must give dollars per hour by accelerator, such as { "H100": 2.1 }; {} is used.',
      'Setting flopwise.hints.enabled must be true or false; true is used.',
    ],
  });
  for (const section of [null, 3, 'x', [], { hints: [] }])
    expect(readSettings(section).settings).toEqual(defaultEditorSettings);
});

test('own prices have the forms of the project file', () => {
  const prices = {
    onPremise: { L40S: { purchase: 35_040, lifetime_years: 4 } },
    discounts: [{ cloud: 'aws', family: 'p5', percent: 25 }],
    pools: { 'gpu-large': { accelerator: 'H100', per_node: 8, rate: 2.1 } },
    rates: { H100: 3 },
    termYears: 3,
  };
  const { settings, complaints } = readSettings({ prices });
  expect(complaints).toEqual([]);
  expect(settings.core).toMatchObject({
    rates: { L40S: 1, H100: 3 },
    rateOrigins: { L40S: { kind: 'setting', key: 'flopwise.prices.onPremise.L40S' } },
    discounts: [{ share: 0.25, cloud: 'aws', family: 'p5', origin: { key: 'flopwise.prices.discounts[1]' } }],
    pools: { 'gpu-large': { accelerator: 'H100', perNode: 8, rate: 2.1 } },
    termYears: 3,
  });
});

test('own prices that do not fit are named, and the rest holds', () => {
  const prices = {
    discounts: [{ cloud: 'aws' }, { percent: 5 }],
    pools: { a: { rate: 2 } },
    onPremise: 7,
    termYears: 2,
  };
  const { settings, complaints } = readSettings({ prices });
  expect(settings.core.discounts).toMatchObject([{ share: 0.05 }]);
  expect(settings.core.pools).toBeUndefined();
  expect(complaints).toEqual([
    'Setting flopwise.prices.onPremise must be an object; {} is used.',
    'Setting flopwise.prices.termYears must be 1 or 3; null is used.',
    'Setting flopwise.prices: discounts[1] lacks percent.',
    'Setting flopwise.prices: pools.a lacks accelerator.',
  ]);
});
