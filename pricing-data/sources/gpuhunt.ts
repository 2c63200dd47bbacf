import type { SnapshotOffer, SourceAnswer } from '#core/catalog/snapshot.ts';
import { parseCsv } from './csv.ts';
import { misshapen, numberOf, priceOf } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = "gpuhunt's catalogue";
const origin = 'https://dstack-gpu-pricing.s3.eu-west-1.amazonaws.com/v3/';

/** Its names of providers beside ours. What it asks providers for at each run (Vast, Crusoe, ...) is not in the bucket. */
const clouds: Readonly<Record<string, string>> = {
  aws: 'aws',
  azure: 'azure',
  gcp: 'gcp',
  lambdalabs: 'lambda',
  nebius: 'nebius',
  oci: 'oci',
};

const columns = ['instance_name', 'location', 'price', 'gpu_count', 'gpu_name', 'gpu_memory', 'spot'];

/** The catalogue that dstack publishes every hour: one zipped CSV a provider, a row for each machine, place and kind. */
export const source: PriceSource = {
  id: 'gpuhunt',
  title,
  secondHand: true,
  requests: Object.keys(clouds).map((provider) => ({
    url: `${origin}${provider}/latest/catalog.zip`,
    label: `gpuhunt ${provider}`,
    unzip: `${provider}.csv`,
  })),
  read(answer, request): SourceAnswer {
    const provider = request.url.split('/').at(-3) ?? '';
    const cloud = clouds[provider] ?? provider;
    const { header, rows } = parseCsv(answer);
    const lacking = columns.filter((name) => !header.includes(name));
    if (lacking.length > 0) return misshapen(`${title} for ${provider}`, `lacks the columns ${lacking.join(', ')}`);
    const place = new Map(header.map((name, i) => [name, i]));
    const lowest = new Map<string, SnapshotOffer>();
    for (const row of rows) {
      const offer = offerOf(cloud, (name) => row[place.get(name) ?? -1] ?? '');
      if (!offer) continue;
      const key = `${offer.region} ${offer.instanceType} ${offer.spot === undefined}`;
      const before = lowest.get(key);
      // Zones of one region may differ in spot: the lowest stands, as in the shipped tables.
      if (!before || figure(offer) < figure(before)) lowest.set(key, offer);
    }
    if (lowest.size === 0) return misshapen(`${title} for ${provider}`, 'has no accelerator row');
    return { offers: [...lowest.values()], problems: [] };
  },
};

function offerOf(cloud: string, cell: (name: string) => string): SnapshotOffer | undefined {
  const count = numberOf(cell('gpu_count'));
  const price = priceOf(cell('price'));
  const type = cell('instance_name');
  const location = cell('location');
  const spot = cell('spot').toLowerCase();
  if (!count || price === undefined || !type || !location || (spot !== 'true' && spot !== 'false')) return undefined;
  // TPU rows count slices as one device and carry names of slices; calendar-mode rows are bookings, not list prices.
  if (cell('gpu_vendor') === 'google' || cell('flags').includes('calendar')) return undefined;
  const vcpus = numberOf(cell('cpu'));
  const memoryGiB = numberOf(cell('memory'));
  const accelerator = acceleratorOf(cell('gpu_name'), numberOf(cell('gpu_memory')));
  return {
    cloud,
    region: cloud === 'lambda' ? 'all' : regionOf(cloud, location),
    instanceType: cloud === 'nebius' ? type.replace(' ', '_') : type,
    count,
    ...(accelerator !== undefined && { accelerator }),
    ...(spot === 'true' ? { spot: price } : { onDemand: price }),
    ...(vcpus !== undefined && { vcpus }),
    ...(memoryGiB !== undefined && { memoryGiB }),
  };
}

/** GCP is listed by zone, all others by region. */
function regionOf(cloud: string, location: string): string {
  return cloud === 'gcp' ? location.replace(/-[a-z]$/, '') : location;
}

/** Its name says the family; boards that come in two sizes are told apart by memory. */
function acceleratorOf(name: string, memory: number | undefined): string | undefined {
  if (name === '') return undefined;
  return /^(A100|V100)$/.test(name) && memory !== undefined ? `${name}-${Math.round(memory)}GB` : name;
}

function figure(offer: SnapshotOffer): number {
  return offer.spot ?? offer.onDemand ?? Number.POSITIVE_INFINITY;
}
