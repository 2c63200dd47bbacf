import { hoursOfYear, type SnapshotOffer, type SnapshotTerm, type SourceAnswer } from '#core/catalog/snapshot.ts';
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

/** What a row says where it is the price of a Linux machine, nothing installed, shared hardware. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  TermType: ['OnDemand', 'Reserved'],
  Tenancy: ['Shared'],
  'Operating System': ['Linux'],
  'Pre Installed S/W': ['', 'NA'],
  // Unused and allocated reservations are rows of price zero.
  CapacityStatus: ['Used'],
  MarketOption: ['', 'OnDemand'],
};

/** Reserved instances that can be changed for others cost more; the common kind is taken. */
const offeringClass = 'standard';
const leases: Readonly<Record<string, number>> = { '1yr': 1, '3yr': 3 };
const payments: Readonly<Record<string, NonNullable<SnapshotTerm['upfront']>>> = {
  'No Upfront': 'none',
  'Partial Upfront': 'partial',
  'All Upfront': 'all',
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
    lines: {
      header: '"SKU"',
      all: ['"Linux"', '"Shared"'],
      any: '^(?=.*"(?:OnDemand|standard)").*"(?:p|g|gr|inf|trn|dl)\\d[a-z0-9-]*\\.',
    },
  })),
  read(answer, request): SourceAnswer {
    const region = request.url.split('/').at(-2) ?? '';
    const { header, rows } = parseCsv(answer.slice(Math.max(0, answer.indexOf('"SKU"'))));
    const lacking = needed.filter((name) => !header.includes(name));
    if (lacking.length > 0) return misshapen(`${title} for ${region}`, `lacks the columns ${lacking.join(', ')}`);
    const place = new Map(header.map((name, i) => [name, i]));
    const offers: SnapshotOffer[] = [];
    const reserved: Reserved[] = [];
    let wrongUnit = 0;
    for (const row of rows) {
      const cell = (name: string) => row[place.get(name) ?? -1] ?? '';
      if (Object.entries(wanted).some(([name, values]) => place.has(name) && !values.includes(cell(name)))) continue;
      if (cell('Region Code') !== region || cell('Currency') !== 'USD') continue;
      if (cell('TermType') === 'Reserved') reserved.push(...reservedOf(cell));
      else if (cell('Unit') !== 'Hrs') wrongUnit += 1;
      else offers.push(...offerOf(cell));
    }
    if (offers.length === 0 && wrongUnit === 0)
      return misshapen(`${title} for ${region}`, 'has no accelerated Linux machine');
    const problems =
      wrongUnit > 0
        ? [{ code: 'source-unit', message: `${wrongUnit} rows of ${title} are not by the hour and are left out.` }]
        : [];
    const terms = termsOf(region, reserved);
    return { offers, ...(terms.length > 0 && { terms }), problems };
  },
};

/** One of the rows that a reserved instance's price is made of: the hours, or what is paid ahead. */
interface Reserved {
  readonly instanceType: string;
  readonly termYears: number;
  readonly upfront: NonNullable<SnapshotTerm['upfront']>;
  readonly usd: number;
  readonly ahead: boolean;
}

function reservedOf(cell: (name: string) => string): readonly Reserved[] {
  const instanceType = cell('Instance Type');
  const termYears = leases[cell('LeaseContractLength')];
  const upfront = payments[cell('PurchaseOption')];
  const usd = numberOf(cell('PricePerUnit'));
  const unit = cell('Unit');
  if (cell('OfferingClass') !== offeringClass || !instanceType || termYears === undefined || !upfront) return [];
  if (usd === undefined || usd < 0 || (unit !== 'Hrs' && unit !== 'Quantity')) return [];
  return [{ instanceType, termYears, upfront, usd, ahead: unit === 'Quantity' }];
}

/** A promise whose rows are all there: hours where nothing is paid ahead, else both. */
function termsOf(region: string, rows: readonly Reserved[]): readonly SnapshotTerm[] {
  const groups = new Map<string, Reserved[]>();
  for (const row of rows) {
    const key = `${row.instanceType} ${row.termYears} ${row.upfront}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group): readonly SnapshotTerm[] => {
    const [first] = group;
    const hourly = group.find(({ ahead }) => !ahead)?.usd;
    const sum = group.find(({ ahead }) => ahead)?.usd;
    if (!first || hourly === undefined || (first.upfront !== 'none' && sum === undefined)) return [];
    const { instanceType, termYears, upfront } = first;
    const perHour = hourly + (sum ?? 0) / (hoursOfYear * termYears);
    return perHour > 0
      ? [{ cloud: 'aws', region, instanceType, kind: 'reservation', termYears, upfront, perHour }]
      : [];
  });
}

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
