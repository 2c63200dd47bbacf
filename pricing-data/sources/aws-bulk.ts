import type { SnapshotOffer, SourceAnswer } from '#core/catalog/snapshot.ts';
import { parseCsv } from './csv.ts';
import { misshapen, numberOf, priceOf } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = "AWS's bulk price lists";
const origin = 'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/';

/** Regions in which most accelerators are rented; the list of one has some hundred megabytes. */
const regions = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'eu-north-1',
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-1',
];

/** What a row says where it is the price of a Linux machine by the hour, nothing installed, shared hardware. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  TermType: ['OnDemand'],
  Tenancy: ['Shared'],
  'Operating System': ['Linux'],
  'Pre Installed S/W': ['', 'NA'],
  // Unused and allocated reservations are rows of price zero.
  CapacityStatus: ['Used'],
  MarketOption: ['', 'OnDemand'],
};

const needed = ['Instance Type', 'Region Code', 'PricePerUnit', 'Unit', 'Currency', 'TermType', 'Operating System'];

/** AWS's own list of EC2 prices, one file a region: far too long to hold, so only the rows of accelerated Linux machines are kept. */
export const source: PriceSource = {
  id: 'aws-bulk',
  title,
  large: 'some hundred megabytes a region',
  requests: regions.map((region) => ({
    url: `${origin}${region}/index.csv`,
    label: `AWS ${region}`,
    // Lines before the header tell version and date. Every cell is quoted.
    lines: { header: '"SKU"', all: ['"OnDemand"', '"Linux"', '"Shared"'], any: '"(p|g|gr|inf|trn|dl)\\d[a-z0-9-]*\\.' },
  })),
  read(answer, request): SourceAnswer {
    const region = request.url.split('/').at(-2) ?? '';
    const { header, rows } = parseCsv(answer.slice(Math.max(0, answer.indexOf('"SKU"'))));
    const lacking = needed.filter((name) => !header.includes(name));
    if (lacking.length > 0) return misshapen(`${title} for ${region}`, `lacks the columns ${lacking.join(', ')}`);
    const place = new Map(header.map((name, i) => [name, i]));
    const offers: SnapshotOffer[] = [];
    let wrongUnit = 0;
    for (const row of rows) {
      const cell = (name: string) => row[place.get(name) ?? -1] ?? '';
      if (Object.entries(wanted).some(([name, values]) => place.has(name) && !values.includes(cell(name)))) continue;
      if (cell('Region Code') !== region || cell('Currency') !== 'USD') continue;
      if (cell('Unit') !== 'Hrs') wrongUnit += 1;
      else offers.push(...offerOf(cell));
    }
    if (offers.length === 0 && wrongUnit === 0)
      return misshapen(`${title} for ${region}`, 'has no accelerated Linux machine');
    const problems =
      wrongUnit > 0
        ? [{ code: 'source-unit', message: `${wrongUnit} rows of ${title} are not by the hour and are left out.` }]
        : [];
    return { offers, problems };
  },
};

function offerOf(cell: (name: string) => string): readonly SnapshotOffer[] {
  const onDemand = priceOf(cell('PricePerUnit'));
  const instanceType = cell('Instance Type');
  if (onDemand === undefined || !instanceType) return [];
  const vcpus = numberOf(cell('vCPU'));
  const memoryGiB = numberOf(/^([\d,.]+) GiB$/.exec(cell('Memory'))?.[1]?.replaceAll(',', ''));
  const region = cell('Region Code');
  return [
    {
      cloud: 'aws',
      region,
      instanceType,
      onDemand,
      ...(vcpus !== undefined && { vcpus }),
      ...(memoryGiB !== undefined && { memoryGiB }),
    },
  ];
}
