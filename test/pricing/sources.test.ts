import { describe, expect, it } from 'vitest';
import type { SourceAnswer } from '#core/catalog/snapshot.ts';
import { sources } from '../../pricing-data/sources/index.ts';
import { awsList, gpuhuntList, sku } from './answers.ts';

/** What a source reads of an answer to its first request, or to the one whose address holds `at`. */
function read(id: string, answer: unknown, at = ''): SourceAnswer {
  const source = sources.find((one) => one.id === id);
  const request = source?.requests.find(({ url }) => url.includes(at));
  if (!source || !request) throw new Error(`no source ${id}`);
  return source.read(typeof answer === 'string' ? answer : JSON.stringify(answer), request);
}

describe('every source', () => {
  it.each(sources.map((source) => [source.id, source] as const))(
    '%s asks over https and survives any answer',
    (id, source) => {
      expect(source.requests.length).toBeGreaterThan(0);
      for (const { url } of source.requests) expect(url).toMatch(/^https:\/\//);
      const faults = [
        '',
        '{',
        '[]',
        'null',
        '{"data":null}',
        '{"Items":5}',
        '<html>busy</html>',
        '{"offers":[null,7]}',
        'a,b\n1',
        '{"data":{"gpuTypes":[{}]}}',
        '\0',
      ];
      for (const answer of faults) {
        const { offers, problems } = read(id, answer);
        expect(offers).toEqual([]);
        if (answer !== '{"offers":[null,7]}') expect(problems.length).toBe(1);
      }
    },
  );
});

describe('azure-retail', () => {
  const item = {
    currencyCode: 'USD',
    retailPrice: 98.32,
    armRegionName: 'eastus',
    meterName: 'ND96isr H100 v5',
    productName: 'Virtual Machines ND H100 v5 Series',
    skuName: 'Standard_ND96isr_H100_v5',
    unitOfMeasure: '1 Hour',
    type: 'Consumption',
    armSkuName: 'Standard_ND96isr_H100_v5',
  };
  const page = (...items: unknown[]) => ({ Items: items, NextPageLink: null, Count: items.length });

  it('takes Linux machines by the hour, spot by the name of the meter', () => {
    const spot = { ...item, retailPrice: 39.3, skuName: `${item.skuName} Spot`, meterName: `${item.meterName} Spot` };
    expect(read('azure-retail', page(item, spot)).offers).toEqual([
      { cloud: 'azure', region: 'eastus', instanceType: 'Standard_ND96isr_H100_v5', onDemand: 98.32 },
      { cloud: 'azure', region: 'eastus', instanceType: 'Standard_ND96isr_H100_v5', spot: 39.3 },
    ]);
  });
  it('leaves out Windows, low priority, test rates, free rows and other currencies', () => {
    const others = [
      { ...item, productName: `${item.productName} Windows` },
      { ...item, skuName: `${item.skuName} Low Priority` },
      { ...item, type: 'DevTestConsumption' },
      { ...item, retailPrice: 0 },
      { ...item, currencyCode: 'EUR' },
    ];
    expect(read('azure-retail', page(...others))).toEqual({ offers: [], problems: [] });
  });
  it('spreads a reservation over the hours of its term, whatever its unit says', () => {
    const reserved = { ...item, type: 'Reservation', retailPrice: 551_221.2, reservationTerm: '1 Year' };
    const longer = { ...reserved, retailPrice: 1_033_539.3, reservationTerm: '3 Years' };
    const windows = { ...reserved, productName: `${item.productName} Windows` };
    const odd = { ...reserved, reservationTerm: '5 Years' };
    const { offers, terms } = read('azure-retail', page(reserved, longer, windows, odd));
    expect(offers).toEqual([]);
    const place = { cloud: 'azure', region: 'eastus', instanceType: 'Standard_ND96isr_H100_v5', kind: 'reservation' };
    expect(terms).toEqual([
      { ...place, termYears: 1, perHour: 551_221.2 / 8760 },
      { ...place, termYears: 3, perHour: 1_033_539.3 / 26_280 },
    ]);
  });
  it('reads savings plans beside a list price, none beside a spot price', () => {
    const savingsPlan = [
      { unitPrice: 70.5, retailPrice: 70.5, term: '3 Years' },
      { unitPrice: 82.1, retailPrice: 82.1, term: '1 Year' },
      { unitPrice: 0, retailPrice: 0, term: '1 Year' },
    ];
    const spot = { ...item, skuName: `${item.skuName} Spot`, retailPrice: 39.3 };
    const { terms } = read('azure-retail', page({ ...item, savingsPlan }, { ...spot, savingsPlan }));
    expect(terms).toMatchObject([
      { kind: 'savings plan', termYears: 3, perHour: 70.5 },
      { kind: 'savings plan', termYears: 1, perHour: 82.1 },
    ]);
  });
  it('names rows of another unit', () => {
    expect(read('azure-retail', page({ ...item, unitOfMeasure: '1 Day' }))).toMatchObject({
      offers: [],
      problems: [{ code: 'source-unit' }],
    });
  });
  it('goes on to the next page of its own place only', () => {
    const next = 'https://prices.azure.com/api/retail/prices?$skip=1000';
    expect(read('azure-retail', { ...page(item), NextPageLink: next }).next).toBe(next);
    expect(read('azure-retail', { ...page(item), NextPageLink: 'https://elsewhere.example/x' }).next).toBeUndefined();
    expect(
      read('azure-retail', { ...page(item), NextPageLink: 'https://prices.azure.com.example/x' }).next,
    ).toBeUndefined();
  });
});

describe('skypilot', () => {
  const header =
    'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,AvailabilityZone';
  const info = `"{'Gpus': [{'Name': 'H100', 'Count': 8}], 'TotalGpuMemoryInMiB': 655360}"`;
  it('takes the lowest zone of a region, and no machine without an accelerator', () => {
    const rows = [
      `p5.48xlarge,H100,8.0,192.0,2048.0,${info},55.04,21.5,us-east-1,us-east-1a`,
      `p5.48xlarge,H100,8.0,192.0,2048.0,${info},55.04,16.9,us-east-1,us-east-1b`,
      'm5.large,,,2.0,8.0,,0.096,0.04,us-east-1,us-east-1a',
    ];
    expect(read('skypilot', [header, ...rows, ''].join('\n'), '/aws/').offers).toEqual([
      {
        cloud: 'aws',
        region: 'us-east-1',
        instanceType: 'p5.48xlarge',
        accelerator: 'H100',
        count: 8,
        onDemand: 55.04,
        spot: 16.9,
        vcpus: 192,
        memoryGiB: 2048,
      },
    ]);
  });
  it('says one price for clouds that list one', () => {
    const text = `${header}\r\ngpu_1x_h100_sxm5,H100,1,26,225,,4.29,,us-west-1,\r\ngpu_1x_h100_sxm5,H100,1,26,225,,4.29,,us-east-1,\r\n`;
    expect(read('skypilot', text, '/lambda/').offers).toMatchObject([{ region: 'all', onDemand: 4.29 }]);
  });
  it('refuses a file of other columns', () => {
    expect(read('skypilot', 'Instance,Cost\np5,1\n').problems[0]?.message).toContain('lacks the columns InstanceType');
  });
});

describe('aws-spot-advisor', () => {
  const ranges = [5, 11, 16, 22, 100].map((max, index) => ({ index, label: '', dots: index, max }));
  it('reads bands and savings of Linux machines', () => {
    const advisor = {
      'us-east-1': { Linux: { 'p5.48xlarge': { s: 52, r: 4 } }, Windows: { 'p5.48xlarge': { s: 1, r: 0 } } },
    };
    expect(read('aws-spot-advisor', { ranges, spot_advisor: advisor })).toEqual({
      offers: [],
      histories: [
        {
          cloud: 'aws',
          region: 'us-east-1',
          instanceType: 'p5.48xlarge',
          interruption: { low: 0.22, high: 1 },
          savings: 0.52,
        },
      ],
      problems: [],
    });
  });
  it('refuses bands that do not rise', () => {
    expect(
      read('aws-spot-advisor', { ranges: [...ranges].map((range) => ({ ...range, max: 5 })), spot_advisor: {} })
        .problems,
    ).toHaveLength(1);
  });
});

describe('lambda', () => {
  it('reads cents an hour', () => {
    const type = {
      name: 'gpu_8x_h100_sxm5',
      gpu_description: 'H100 (80 GB SXM5)',
      price_cents_per_hour: 3192,
      specs: { vcpus: 208, memory_gib: 1800, gpus: 8 },
    };
    expect(
      read('lambda', { data: { gpu_8x_h100_sxm5: { instance_type: type, regions_with_capacity_available: [] } } })
        .offers,
    ).toMatchObject([{ cloud: 'lambda', region: 'all', instanceType: 'gpu_8x_h100_sxm5', count: 8, onDemand: 31.92 }]);
  });
});

describe('runpod', () => {
  it('reads the secure cloud, and a bid below it as spot', () => {
    const types = [
      {
        id: 'NVIDIA A100 80GB PCIe',
        displayName: 'A100 PCIe',
        secureCloud: true,
        securePrice: 1.64,
        lowestPrice: { minimumBidPrice: 0.82 },
      },
      { id: 'NVIDIA RTX A2000', displayName: 'RTX A2000', secureCloud: false, securePrice: 0.1, lowestPrice: null },
      { id: 'NVIDIA L4', displayName: 'L4', secureCloud: true, securePrice: 0, lowestPrice: null },
    ];
    expect(read('runpod', { data: { gpuTypes: types } }).offers).toEqual([
      {
        cloud: 'runpod',
        region: 'all',
        instanceType: '1x_A100-PCIe_SECURE',
        accelerator: 'NVIDIA A100 80GB PCIe',
        count: 1,
        onDemand: 1.64,
        spot: 0.82,
      },
    ]);
  });
});

describe('vast', () => {
  it('takes the median of several machines, and no price of a few', () => {
    const machine = (dph_total: number, gpu_name = 'RTX 4090') => ({
      gpu_name,
      num_gpus: 1,
      dph_total,
      min_bid: dph_total / 2,
      rentable: true,
    });
    const offers = [
      machine(0.3),
      machine(0.5),
      machine(0.4),
      machine(9, 'H100 SXM'),
      { ...machine(0.01), rentable: false },
    ];
    expect(read('vast', { offers }).offers).toEqual([
      {
        cloud: 'vast',
        region: 'all',
        instanceType: '1x_RTX-4090',
        accelerator: 'RTX 4090',
        count: 1,
        onDemand: 0.4,
        spot: 0.2,
      },
    ]);
  });
});

describe('aws-bulk', () => {
  const list = (...rows: readonly Parameters<typeof awsList>[number][]) =>
    read('aws-bulk', awsList(...rows), '/us-east-1/');
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
    source?.compose?.(read('gcp-billing', { skus }).parts ?? [], machines);
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
    expect(read('gcp-billing', { skus: [ultra] }).parts).toEqual([]);
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
    expect(read('gcp-billing', { skus: [strange, euro] })).toMatchObject({
      parts: [],
      problems: [{ code: 'source-unit' }],
    });
  });
  it('goes on by the token of the page', () => {
    expect(read('gcp-billing', { skus: [], nextPageToken: 'a/b=' }).next).toMatch(/pageToken=a%2Fb%3D$/);
    expect(read('gcp-billing', { skus: [], nextPageToken: '' }).next).toBeUndefined();
  });
});

describe('gpuhunt', () => {
  const list = (provider: string, ...rows: readonly string[]) =>
    read('gpuhunt', gpuhuntList(...rows), `/${provider}/`).offers;
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
