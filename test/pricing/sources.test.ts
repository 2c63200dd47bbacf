import { describe, expect, it } from 'vitest';
import { sources } from '../../pricing-data/sources/index.ts';
import { readAnswer } from './answers.ts';

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
        const { offers, problems } = readAnswer(id, answer);
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
    expect(readAnswer('azure-retail', page(item, spot)).offers).toEqual([
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
    expect(readAnswer('azure-retail', page(...others))).toEqual({ offers: [], problems: [] });
  });
  it('spreads a reservation over the hours of its term, whatever its unit says', () => {
    const reserved = { ...item, type: 'Reservation', retailPrice: 551_221.2, reservationTerm: '1 Year' };
    const longer = { ...reserved, retailPrice: 1_033_539.3, reservationTerm: '3 Years' };
    const windows = { ...reserved, productName: `${item.productName} Windows` };
    const odd = { ...reserved, reservationTerm: '5 Years' };
    const { offers, terms } = readAnswer('azure-retail', page(reserved, longer, windows, odd));
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
    const { terms } = readAnswer('azure-retail', page({ ...item, savingsPlan }, { ...spot, savingsPlan }));
    expect(terms).toMatchObject([
      { kind: 'savings plan', termYears: 3, perHour: 70.5 },
      { kind: 'savings plan', termYears: 1, perHour: 82.1 },
    ]);
  });
  it('names rows of another unit', () => {
    expect(readAnswer('azure-retail', page({ ...item, unitOfMeasure: '1 Day' }))).toMatchObject({
      offers: [],
      problems: [{ code: 'source-unit' }],
    });
  });
  it('goes on to the next page of its own place only', () => {
    const next = 'https://prices.azure.com/api/retail/prices?$skip=1000';
    expect(readAnswer('azure-retail', { ...page(item), NextPageLink: next }).next).toBe(next);
    expect(
      readAnswer('azure-retail', { ...page(item), NextPageLink: 'https://elsewhere.example/x' }).next,
    ).toBeUndefined();
    expect(
      readAnswer('azure-retail', { ...page(item), NextPageLink: 'https://prices.azure.com.example/x' }).next,
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
    expect(readAnswer('skypilot', [header, ...rows, ''].join('\n'), '/aws/').offers).toEqual([
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
    expect(readAnswer('skypilot', text, '/lambda/').offers).toMatchObject([{ region: 'all', onDemand: 4.29 }]);
  });
  it('refuses a file of other columns', () => {
    expect(readAnswer('skypilot', 'Instance,Cost\np5,1\n').problems[0]?.message).toContain(
      'lacks the columns InstanceType',
    );
  });
});

describe('aws-spot-advisor', () => {
  const ranges = [5, 11, 16, 22, 100].map((max, index) => ({ index, label: '', dots: index, max }));
  it('reads bands and savings of Linux machines', () => {
    const advisor = {
      'us-east-1': { Linux: { 'p5.48xlarge': { s: 52, r: 4 } }, Windows: { 'p5.48xlarge': { s: 1, r: 0 } } },
    };
    expect(readAnswer('aws-spot-advisor', { ranges, spot_advisor: advisor })).toEqual({
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
      readAnswer('aws-spot-advisor', { ranges: [...ranges].map((range) => ({ ...range, max: 5 })), spot_advisor: {} })
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
      readAnswer('lambda', { data: { gpu_8x_h100_sxm5: { instance_type: type, regions_with_capacity_available: [] } } })
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
    expect(readAnswer('runpod', { data: { gpuTypes: types } }).offers).toEqual([
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
    expect(readAnswer('vast', { offers }).offers).toEqual([
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
