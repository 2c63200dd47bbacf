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
