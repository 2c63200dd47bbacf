import { describe, expect, it } from 'vitest';
import { sources } from '../../pricing-data/sources/index.ts';
import { awsList, gpuhuntList, readAnswer, sku } from './answers.ts';

/** Sources that publish whole lists: AWS's files, Google's parts, what gpuhunt collects. */

describe('aws-bulk', () => {
  const list = (...rows: readonly Parameters<typeof awsList>[number][]) =>
    readAnswer('aws-bulk', awsList(...rows), '/us-east-1/');
  it('takes the hour of a Linux machine on shared hardware', () => {
    expect(list({})).toEqual({
      offers: [
        {
          cloud: 'aws',
          region: 'us-east-1',
          instanceType: 'p5.48xlarge',
          onDemand: 55.04,
          vcpus: 192,
          memoryGiB: 2048,
        },
      ],
      problems: [],
    });
  });
  it('leaves out capacity blocks, other systems, installed software, other regions and currencies', () => {
    const others = [
      { MarketOption: 'CapacityBlock', PricePerUnit: '31.46' },
      { 'Operating System': 'Windows' },
      { 'Pre Installed S/W': 'SQL Std' },
      { CapacityStatus: 'UnusedCapacityReservation' },
      { Tenancy: 'Dedicated' },
      { 'Region Code': 'us-east-1-bos-1' },
      { Currency: 'CNY' },
      { PricePerUnit: '0.0000000000' },
    ];
    expect(list({}, ...others).offers).toHaveLength(1);
  });
  it('puts what is paid ahead of a reserved instance onto its hours', () => {
    const reserved = { TermType: 'Reserved', LeaseContractLength: '1yr', OfferingClass: 'standard' };
    const ahead = { ...reserved, Unit: 'Quantity', PriceDescription: 'Upfront Fee' };
    const { offers, terms, problems } = list(
      {},
      { ...reserved, PurchaseOption: 'No Upfront', PricePerUnit: '35.4' },
      { ...reserved, PurchaseOption: 'Partial Upfront', PricePerUnit: '17' },
      { ...ahead, PurchaseOption: 'Partial Upfront', PricePerUnit: '148920' },
      { ...reserved, PurchaseOption: 'All Upfront', PricePerUnit: '0' },
      { ...ahead, PurchaseOption: 'All Upfront', PricePerUnit: '289080' },
      { ...reserved, PurchaseOption: 'No Upfront', PricePerUnit: '40', OfferingClass: 'convertible' },
      { ...reserved, PurchaseOption: 'All Upfront', PricePerUnit: '0', LeaseContractLength: '3yr' },
    );
    expect(problems).toEqual([]);
    expect(offers).toHaveLength(1);
    const one = { cloud: 'aws', region: 'us-east-1', instanceType: 'p5.48xlarge', kind: 'reservation', termYears: 1 };
    expect(terms).toEqual([
      { ...one, upfront: 'none', perHour: 35.4 },
      { ...one, upfront: 'partial', perHour: 34 },
      { ...one, upfront: 'all', perHour: 33 },
    ]);
  });
  it('names rows of another unit, and a list without one of ours', () => {
    expect(list({ Unit: 'Quantity', PricePerUnit: '400000' })).toMatchObject({
      offers: [],
      problems: [{ code: 'source-unit' }],
    });
    expect(list({ Tenancy: 'Host' }).problems[0]?.message).toContain('has no accelerated Linux machine');
  });
});

describe('gcp-billing', () => {
  const source = sources.find(({ id }) => id === 'gcp-billing');
  const machine = (
    type: string,
    accelerator: string,
    count: number,
    vcpus: number,
    memoryGiB: number,
    localDiskGB?: number,
  ) => ({
    cloud: 'gcp',
    type,
    accelerator,
    count,
    vcpus,
    memoryGiB,
    source: 'x',
    ...(localDiskGB !== undefined && { localDiskGB }),
  });
  const compose = (skus: readonly object[], ...machines: ReturnType<typeof machine>[]) =>
    source?.compose?.(readAnswer('gcp-billing', { skus }).parts ?? [], machines);
  const a2 = [
    sku('A2 Instance Core running in Iowa', 0.031611),
    sku('A2 Instance Ram running in Iowa', 0.004237, 'GiBy.h'),
    sku('Nvidia Tesla A100 80GB GPU running in Iowa', 3.67),
    sku('SSD backed Local Storage', 0.08, 'GiBy.mo'),
  ];
  it('adds up the parts of a machine, a month of disk as 730 hours', () => {
    const price = 12 * 0.031611 + 170 * 0.004237 + 3.67 + (375 * 0.08) / 730;
    expect(compose(a2, machine('a2-ultragpu-1g', 'A100-80GB-SXM', 1, 12, 170, 375))?.offers).toEqual([
      { cloud: 'gcp', region: 'us-central1', instanceType: 'a2-ultragpu-1g', onDemand: Math.round(price * 1e6) / 1e6 },
    ]);
  });
  it('gives no price where a part has none, and takes no part of another product for it', () => {
    const one = machine('a2-ultragpu-1g', 'A100-80GB-SXM', 1, 12, 170, 375);
    expect(compose(a2.slice(0, 3), one)).toEqual({ offers: [] });
    expect(compose(a2, machine('a2-highgpu-1g', 'A100-40GB', 1, 12, 85))).toEqual({ offers: [] });
    const others = [
      'Sole Tenancy Premium for A2 Instance Core running in Iowa',
      'Commitment v1: A2 Core in Iowa for 1 Year',
      'Reserved A2 Instance Core in Iowa',
      'DWS Calendar Mode A2 Instance Core running in Iowa',
      'A2 Custom Instance Core running in Iowa',
    ].map((description) => sku(description, 9));
    expect(compose([...others, ...a2.slice(1)], one)).toEqual({ offers: [] });
    const ultra = sku('A3 Ultra Instance Core running in Iowa', 9);
    expect(readAnswer('gcp-billing', { skus: [ultra] }).parts).toEqual([]);
  });
  it('adds up the parts of a promise where each has a price for its term', () => {
    const g2 = machine('g2-standard-4', 'L4', 1, 4, 16);
    const year = [
      sku('Commitment v1: G2 Cpu in Iowa for 1 Year', 0.016, 'h', 'Commit1Yr'),
      sku('Commitment v1: G2 Ram in Iowa for 1 Year', 0.002, 'GiBy.h', 'Commit1Yr'),
      sku('Commitment v1: Nvidia L4 GPU running in Iowa for 1 Year', 0.35, 'h', 'Commit1Yr'),
    ];
    const three = sku('Commitment v1: Nvidia L4 GPU running in Iowa for 3 Years', 0.25, 'h', 'Commit3Yr');
    const term = {
      cloud: 'gcp',
      region: 'us-central1',
      instanceType: 'g2-standard-4',
      kind: 'committed use (resource-based)',
    };
    expect(compose([...year, three], g2)).toEqual({ offers: [], terms: [{ ...term, termYears: 1, perHour: 0.446 }] });
    const mistaken = sku('Commitment v1: Nvidia L4 GPU running in Iowa for 1 Year', 0.35);
    expect(compose([...year.slice(0, 2), mistaken], g2)).toEqual({ offers: [] });
  });
  it('keeps spot apart, and A3 Mega with its own prices', () => {
    const parts = [
      sku('Spot Preemptible A3Plus Instance Core running in Iowa', 0.01, 'h', 'Preemptible'),
      sku('Spot Preemptible A3Plus Instance Ram running in Iowa', 0.001, 'GiBy.h', 'Preemptible'),
      sku('Spot Preemptible Nvidia H100 80GB Plus GPU running in Iowa', 4, 'h', 'Preemptible'),
    ];
    expect(compose(parts, machine('a3-megagpu-8g', 'H100-SXM', 8, 208, 1872))?.offers).toMatchObject([
      { spot: 208 * 0.01 + 1872 * 0.001 + 32 },
    ]);
    expect(compose(parts, machine('a3-highgpu-8g', 'H100-SXM', 8, 208, 1872))).toEqual({ offers: [] });
  });
  it('names rows of another unit or currency', () => {
    const strange = sku('G2 Instance Core running in Iowa', 1, 'mo');
    const euro = sku('G2 Instance Core running in Iowa', 1, 'h', 'OnDemand', {
      pricingInfo: [
        {
          pricingExpression: {
            usageUnit: 'h',
            tieredRates: [{ unitPrice: { currencyCode: 'EUR', units: '1', nanos: 0 } }],
          },
        },
      ],
    });
    expect(readAnswer('gcp-billing', { skus: [strange, euro] })).toMatchObject({
      parts: [],
      problems: [{ code: 'source-unit' }],
    });
  });
  it('goes on by the token of the page', () => {
    expect(readAnswer('gcp-billing', { skus: [], nextPageToken: 'a/b=' }).next).toMatch(/pageToken=a%2Fb%3D$/);
    expect(readAnswer('gcp-billing', { skus: [], nextPageToken: '' }).next).toBeUndefined();
  });
});

describe('gpuhunt', () => {
  const list = (provider: string, ...rows: readonly string[]) =>
    readAnswer('gpuhunt', gpuhuntList(...rows), `/${provider}/`).offers;
  it('takes spot and list price, the lowest zone of a region', () => {
    expect(
      list(
        'gcp',
        'a2-highgpu-1g,us-central1-a,3.67,12,85.0,1,A100,40.0,False,,nvidia,,x86,{}',
        'a2-highgpu-1g,us-central1-a,1.9,12,85.0,1,A100,40.0,True,,nvidia,,x86,{}',
        'a2-highgpu-1g,us-central1-b,1.8,12,85.0,1,A100,40.0,True,,nvidia,,x86,{}',
      ),
    ).toMatchObject([
      { region: 'us-central1', instanceType: 'a2-highgpu-1g', accelerator: 'A100-40GB', count: 1, onDemand: 3.67 },
      { region: 'us-central1', spot: 1.8 },
    ]);
  });
  it('takes no slices of TPUs, bookings, machines without a device or rows of strange values', () => {
    expect(
      list(
        'gcp',
        'v5litepod-8,us-central1-a,9.6,224,384.0,1,v5litepod-8,128.0,False,,google,,x86,{}',
        'a4-highgpu-8g,us-central1-a,50,224,3968.0,8,B200,180.0,False,,nvidia,gcp-dws-calendar-mode,x86,{}',
        'n2-standard-2,us-central1-a,0.1,2,8.0,0,,,False,,,,x86,{}',
        'g2-standard-4,us-central1-a,0.7,4,16.0,1,L4,24.0,perhaps,,nvidia,,x86,{}',
      ),
    ).toEqual([]);
  });
  it('knows the names that it gives machines', () => {
    expect(
      list('nebius', 'gpu-h100-sxm 8gpu-128vcpu-1600gb,eu-north1,23.6,128,1600.0,8,H100,80.0,False,,nvidia,,x86,{}'),
    ).toMatchObject([{ cloud: 'nebius', instanceType: 'gpu-h100-sxm_8gpu-128vcpu-1600gb' }]);
    expect(
      list('lambdalabs', 'gpu_1x_a10,us-west-1,0.75,30,200.0,1,A10,24.0,False,1400.0,nvidia,,x86,{}'),
    ).toMatchObject([{ cloud: 'lambda', region: 'all', onDemand: 0.75 }]);
  });
});
