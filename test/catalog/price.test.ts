import { describe, expect, it } from 'vitest';
import { type AppliedPrice, type PriceQuery, priceFor } from '#core/catalog/price.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { testCatalog } from './load.ts';

const catalog = testCatalog();

function price(query: PriceQuery, settings: Partial<Settings> = {}): AppliedPrice {
  return priceFor(query, catalog, { ...defaultSettings, today: '2026-08-01', ...settings });
}

/** The figures of a price in whole units, and what it rests on. */
function told(applied: AppliedPrice) {
  if (applied.kind === 'unknown') return applied.reason;
  const { low, likely, high } = applied.perHour.micros;
  return [low, likely, high].map((micros) => Math.round(micros / 1e4) / 100);
}

function notes(applied: AppliedPrice) {
  return applied.notes.map(({ id }) => id);
}

describe('the price that applies is', () => {
  it("the instance type's, times nodes", () => {
    const applied = price({ instanceType: 'Standard_ND96isr_H100_v5', region: 'eastus', nodes: 2 });
    expect(told(applied)).toEqual([196.64, 196.64, 196.64]);
    expect(applied).toMatchObject({ kind: 'known', instances: 2, devices: 16, asOf: '2026-06-18', notes: [] });
  });

  it('of the cheapest machine in the cloud and region that holds the accelerators', () => {
    const applied = price({ accelerator: 'A100', perNode: 4, region: 'us-central1-b' });
    expect(applied).toMatchObject({ offer: { instanceType: 'a2-highgpu-4g', cloud: 'gcp', region: 'us-central1' } });
  });

  it('of the whole machine where it is sold whole', () => {
    const applied = price({ accelerator: 'A100', perNode: 2, cloud: 'aws', region: 'us-east-1' });
    expect(applied).toMatchObject({ offer: { instanceType: 'p4d.24xlarge' }, devices: 8 });
    expect(notes(applied)).toEqual(['whole-machine']);
  });

  it('none on demand of a machine that is sold as spot only, and its spot is a band up to its share of the larger one', () => {
    expect(told(price({ instanceType: 'a3-highgpu-1g', region: 'us-central1' }))).toBe(
      'a3-highgpu-1g is sold as spot and by flex-start only, and the job asks for on demand',
    );
    expect(told(price({ instanceType: 'a3-highgpu-1g', region: 'us-central1', kind: 'spot' }))).toEqual([
      6.33, 6.33, 11.06,
    ]);
    const one = price({ accelerator: 'H100', cloud: 'gcp', region: 'us-central1' });
    expect(one).toMatchObject({ devices: 8, offer: { instanceType: 'a3-highgpu-8g' } });
    expect(notes(one)).toEqual(['sold-as-spot', 'whole-machine']);
  });

  it("assumed where nothing is named, with the clouds' spread as range", () => {
    const applied = price({ accelerator: 'H100', perNode: 8 });
    expect(applied).toMatchObject({ offer: { instanceType: 'p5.48xlarge' }, priceKind: 'on-demand' });
    expect(told(applied)).toEqual([23.6, 55.04, 88.49]);
    expect(notes(applied)).toEqual(['price-assumed']);
  });

  it('where nothing is named, only of what is sold at the count: no machine of eight stands in for one', () => {
    const one = price({ accelerator: 'H100' });
    expect(one).toMatchObject({ instances: 1, devices: 1, offer: { instanceType: 'p5.4xlarge' } });
    expect(told(one)).toEqual([2.85, 6.88, 6.88]);
    expect(notes(one)).toEqual(['price-assumed']);
    for (const perNode of [1, 2, 3, 4, 8])
      expect(price({ accelerator: 'H100', perNode })).toMatchObject({ devices: perNode });
  });

  it('of whole machines where the cloud is named, or where nobody sells fewer', () => {
    expect(price({ accelerator: 'A100', perNode: 1, cloud: 'aws' })).toMatchObject({ devices: 8 });
    const whole = price({ accelerator: 'B200', kind: 'spot' });
    expect(whole).toMatchObject({ devices: 8 });
    expect(notes(whole)).toContain('whole-machine');
  });

  it('the rate that the files state, before any setting', () => {
    const origin = { kind: 'setting', key: 'a line' } as const;
    const applied = price({ accelerator: 'H100', perNode: 4, rate: { dollars: 2.5, origin } }, { rates: { '*': 9 } });
    expect(told(applied)).toEqual([10, 10, 10]);
    expect(applied.notes.map(({ text }) => text)).toEqual([
      'own rate of 2.5 USD per accelerator-hour stated in the files',
    ]);
  });

  it('a band for spot, in the middle the mean saving where it is known', () => {
    expect(told(price({ instanceType: 'p5.48xlarge', region: 'us-east-1', kind: 'spot' }))).toEqual([
      16.95, 26.42, 55.04,
    ]);
  });

  it('the committed rate where one is asked for, at the shortest term', () => {
    const applied = price({ accelerator: 'A100', perNode: 8, kind: 'reserved', region: 'us-central1' });
    expect(applied).toMatchObject({ offer: { termYears: 1, instanceType: 'a2-highgpu-8g' } });
    const three = price({ accelerator: 'A100', perNode: 8, kind: 'reserved', region: 'us-central1', termYears: 3 });
    expect(three).toMatchObject({ offer: { termYears: 3 } });
  });

  it("higher than EC2's for SageMaker, said so", () => {
    const applied = price({ instanceType: 'ml.p4d.24xlarge', region: 'us-east-1' });
    expect(told(applied)).toEqual([21.96, 25.25, 30.74]);
    expect(notes(applied)).toEqual(['sagemaker-rate']);
  });

  it("another region's where the one named has none, said so", () => {
    expect(notes(price({ instanceType: 'g5.xlarge', region: 'eu-west-1' }))).toEqual([
      'region-without-price',
      'price-assumed',
    ]);
  });

  it('taken from the settings where the job names nothing', () => {
    expect(price({}, { accelerator: 'L4:4', cloud: 'gcp', region: 'us-central1' })).toMatchObject({ devices: 4 });
    expect(price({ accelerator: 'L4' }, { priceKind: 'spot' })).toMatchObject({ priceKind: 'spot' });
  });
});

describe('own rates', () => {
  it('come first, by any spelling of the accelerator', () => {
    const applied = price({ accelerator: 'gpu:h100', perNode: 8, nodes: 2 }, { rates: { 'H100 SXM': 2.1, '*': 1 } });
    expect(told(applied)).toEqual([33.6, 33.6, 33.6]);
    expect(applied).toMatchObject({ source: 'own rate', devices: 16 });
  });
  it('of all accelerators hold where none is named', () => {
    expect(told(price({ instanceType: 'p4d.24xlarge' }, { rates: { '*': 1.5 } }))).toEqual([12, 12, 12]);
  });
  it('of zero or less are none', () => {
    expect(price({ accelerator: 'T4' }, { rates: { T4: 0, '*': -1 } })).toMatchObject({ offer: { accelerator: 'T4' } });
  });
});

describe('currency', () => {
  it('is converted at the stated rate', () => {
    const applied = price({ accelerator: 'T4' }, { currency: 'EUR', exchangeRate: 0.9, rates: { T4: 1 } });
    expect(applied).toMatchObject({ perHour: { currency: 'EUR', micros: { likely: 900_000 } } });
    expect(notes(applied)).toEqual(['own-rate', 'exchange-rate']);
  });
  it('without a rate makes the price unknown', () => {
    expect(told(price({ accelerator: 'T4' }, { currency: 'EUR' }))).toBe(
      'prices are in USD and no exchange rate to EUR is set',
    );
  });
});

describe('age', () => {
  const query = { instanceType: 'Standard_ND96isr_H100_v5', region: 'eastus' };
  it('of 90 days and less leaves a price as it is', () => {
    expect(told(price(query, { today: '2026-09-16' }))).toEqual([98.32, 98.32, 98.32]);
  });
  it('of more widens it, said so', () => {
    const applied = price(query, { today: '2027-06-18' });
    expect(told(applied)).toEqual([78.66, 98.32, 122.9]);
    expect(notes(applied)).toEqual(['price-old']);
  });
  it('that is not known widens it too', () => {
    expect(notes(price({ instanceType: 'gpu-h100-sxm_8gpu-128vcpu-1600gb', region: 'eu-north1' }))).toEqual([
      'price-retrieved',
    ]);
  });
});

describe('a price is unknown, with the reason, where', () => {
  it.each([
    [{}, 'no accelerator and no machine type is known'],
    [{ accelerator: 'H1000' }, 'no accelerator H1000 is in the tables (near: H100-SXM'],
    [{ instanceType: 'trn2.48xlarge' }, 'no on-demand price of trn2.48xlarge is known'],
    [{ accelerator: 'GB300' }, 'no on-demand price of GB300 is known'],
    [{ instanceType: 'c5.large' }, 'no machine type c5.large is in the tables'],
    [{ accelerator: 'T4', perNode: 64, cloud: 'aws' }, 'no machine holds 64 accelerators of this kind'],
  ])('%j', (query, reason) => expect(told(price(query))).toContain(reason));
});
