import { crc32, deflateRawSync } from 'node:zlib';
import type { SourceAnswer } from '#core/catalog/snapshot.ts';
import { sources } from '../../pricing-data/sources/index.ts';

/** What a source reads of an answer to its first request, or to the one whose address holds `at`. */
export function readAnswer(id: string, answer: unknown, at = ''): SourceAnswer {
  const source = sources.find((one) => one.id === id);
  const request = source?.requests.find(({ url }) => url.includes(at));
  if (!source || !request) throw new Error(`no source ${id}`);
  return source.read(typeof answer === 'string' ? answer : JSON.stringify(answer), request);
}

/** One file of its own name in a zip archive. */
export function zipOf(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const packed = deflateRawSync(content);
  const title = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(typeof crc32 === 'function' ? crc32(content) : 0, 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(title.length, 22);
  const mark = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const local = Buffer.concat([mark(0x04034b50), common, title, packed]);
  const entry = Buffer.concat([mark(0x02014b50), Buffer.from([20, 0]), common, Buffer.alloc(14), title]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(entry.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, entry, mark(0x06054b50), end]);
}

const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell}"`).join(',');

const awsColumns = {
  SKU: 'X1',
  OfferTermCode: 'JRTCKXETXF',
  RateCode: 'X1.JRTCKXETXF.6YS6EN2CT7',
  TermType: 'OnDemand',
  PriceDescription: '$55.04 per On Demand Linux p5.48xlarge Instance Hour, all of it',
  EffectiveDate: '2026-07-01',
  Unit: 'Hrs',
  PricePerUnit: '55.0400000000',
  Currency: 'USD',
  LeaseContractLength: '',
  PurchaseOption: '',
  OfferingClass: '',
  'Instance Type': 'p5.48xlarge',
  vCPU: '192',
  Memory: '2,048 GiB',
  Tenancy: 'Shared',
  'Operating System': 'Linux',
  'License Model': 'No License required',
  CapacityStatus: 'Used',
  'Pre Installed S/W': 'NA',
  'Region Code': 'us-east-1',
  GPU: '8',
  MarketOption: 'OnDemand',
};

/** AWS's list with some rows, each the p5.48xlarge in us-east-1 with what differs. */
export function awsList(...rows: Partial<typeof awsColumns>[]): string {
  const before = ['FormatVersion', 'Disclaimer', 'Publication Date', 'Version', 'OfferCode'];
  return [
    ...before.map((word) => quoted([word, word === 'Disclaimer' ? 'informational, "as is"' : 'v1.0'])),
    quoted(Object.keys(awsColumns)),
    ...rows.map((row) => quoted(Object.values({ ...awsColumns, ...row }))),
    '',
  ].join('\n');
}

/** A SKU of Google's catalogue. */
export function sku(
  description: string,
  usd: number,
  unit = 'h',
  usageType = 'OnDemand',
  more: Readonly<Record<string, unknown>> = {},
) {
  return {
    skuId: 'ABCD-0000-1111',
    description,
    category: {
      serviceDisplayName: 'Compute Engine',
      resourceFamily: /storage/i.test(description) ? 'Storage' : 'Compute',
      resourceGroup: 'GPU',
      usageType,
    },
    serviceRegions: ['us-central1'],
    pricingInfo: [
      {
        effectiveTime: '2026-11-20T09:05:27.411Z',
        pricingExpression: {
          usageUnit: unit,
          tieredRates: [
            {
              startUsageAmount: 0,
              unitPrice: { currencyCode: 'USD', units: `${Math.floor(usd)}`, nanos: Math.round((usd % 1) * 1e9) },
            },
          ],
        },
      },
    ],
    ...more,
  };
}

const g2 = [
  sku('G2 Instance Core running in Americas', 0.02499),
  sku('G2 Instance Ram running in Americas', 0.00293, 'GiBy.h'),
  sku('Nvidia L4 GPU running in Americas', 0.56),
];

const gpuhuntColumns =
  'instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags,cpu_arch,provider_data';

/** gpuhunt's file for a provider. */
export function gpuhuntList(...rows: readonly string[]): string {
  return [gpuhuntColumns, ...rows, ''].join('\r\n');
}

/** An answer of each source that holds, and how many rows of the shipped prices it confirms or adds. */
export const answers: Readonly<Record<string, { readonly body: string | Buffer; readonly taken: number }>> = {
  'aws-bulk': { body: awsList({}), taken: 1 },
  'aws-spot-advisor': {
    body: JSON.stringify({
      ranges: [5, 11, 16, 22, 100].map((max, index) => ({ index, label: '', dots: index, max })),
      spot_advisor: { 'us-east-1': { Linux: { 'p5.48xlarge': { s: 52, r: 4 } } } },
    }),
    taken: 1,
  },
  'azure-retail': {
    body: JSON.stringify({
      Items: [
        {
          currencyCode: 'USD',
          retailPrice: 90,
          armRegionName: 'eastus',
          meterName: 'x',
          productName: 'Virtual Machines ND',
          skuName: 'x',
          unitOfMeasure: '1 Hour',
          type: 'Consumption',
          armSkuName: 'Standard_ND96isr_H100_v5',
        },
      ],
      NextPageLink: null,
    }),
    taken: 1,
  },
  // Every G2 machine of the tables, in one region.
  'gcp-billing': { body: JSON.stringify({ skus: g2 }), taken: 8 },
  gpuhunt: {
    body: zipOf('aws.csv', gpuhuntList('p5.48xlarge,us-east-1,55.04,192,2048.0,8,H100,80.0,False,,nvidia,,x86,{}')),
    taken: 1,
  },
  lambda: {
    body: JSON.stringify({
      data: {
        gpu_8x_h100_sxm5: {
          instance_type: {
            name: 'gpu_8x_h100_sxm5',
            gpu_description: 'H100 (80 GB SXM5)',
            price_cents_per_hour: 3192,
            specs: { vcpus: 208, memory_gib: 1800, gpus: 8 },
          },
        },
      },
    }),
    taken: 1,
  },
  runpod: {
    body: JSON.stringify({
      data: {
        gpuTypes: [{ id: 'NVIDIA L4', displayName: 'L4', secureCloud: true, securePrice: 0.43, lowestPrice: null }],
      },
    }),
    taken: 1,
  },
  skypilot: {
    body: 'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,AvailabilityZone\np5.48xlarge,H100,8.0,192.0,2048.0,,55.04,,us-east-1,us-east-1a\n',
    taken: 1,
  },
  vast: {
    body: JSON.stringify({
      offers: [0.3, 0.5, 0.4].map((dph_total) => ({
        gpu_name: 'RTX 4090',
        num_gpus: 1,
        dph_total,
        min_bid: dph_total / 2,
        rentable: true,
      })),
    }),
    taken: 1,
  },
};
