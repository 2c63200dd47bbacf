import type { SnapshotOffer, SourceAnswer } from '#core/catalog/snapshot.ts';
import { parseCsv } from './csv.ts';
import { misshapen, numberOf, priceOf } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = "SkyPilot's catalogue";
const origin = 'https://raw.githubusercontent.com/skypilot-org/skypilot-catalog/master/catalogs/v8/';

/** Clouds whose files are read; each has one file of one shape. */
const clouds = ['aws', 'gcp', 'azure', 'lambda', 'nebius', 'oci', 'runpod'];

/** Clouds that list one price for every region. */
const priceEverywhere = new Set(['lambda', 'runpod']);

/** SkyPilot's hosted price files, one a cloud: a row is an instance type in a region or zone. */
export const source: PriceSource = {
  id: 'skypilot',
  title,
  secondHand: true,
  requests: clouds.map((cloud) => ({ url: `${origin}${cloud}/vms.csv`, label: `SkyPilot ${cloud}` })),
  read(answer, request): SourceAnswer {
    const cloud = request.url.split('/').at(-2) ?? '';
    const { header, rows } = parseCsv(answer);
    const needed = ['InstanceType', 'AcceleratorName', 'AcceleratorCount', 'Price', 'Region'];
    const lacking = needed.filter((name) => !header.includes(name));
    if (lacking.length > 0) return misshapen(`${title} for ${cloud}`, `lacks the columns ${lacking.join(', ')}`);
    const place = new Map(header.map((name, i) => [name, i]));
    const merged = new Map<string, SnapshotOffer>();
    for (const row of rows) {
      const cell = (name: string) => row[place.get(name) ?? -1] ?? '';
      const offer = offerOf(cloud, cell);
      if (!offer) continue;
      const key = `${offer.region} ${offer.instanceType}`;
      merged.set(key, cheaper(merged.get(key), offer));
    }
    if (merged.size === 0) return misshapen(`${title} for ${cloud}`, 'has no accelerator row');
    return { offers: [...merged.values()], problems: [] };
  },
};

function offerOf(cloud: string, cell: (name: string) => string): SnapshotOffer | undefined {
  const instanceType = cell('InstanceType');
  const accelerator = cell('AcceleratorName');
  const count = numberOf(cell('AcceleratorCount'));
  const region = priceEverywhere.has(cloud) ? 'all' : cell('Region');
  const onDemand = priceOf(cell('Price'));
  const spot = priceOf(cell('SpotPrice'));
  if (!instanceType || !accelerator || !count || !region || (onDemand === undefined && spot === undefined))
    return undefined;
  const vcpus = numberOf(cell('vCPUs'));
  const memoryGiB = numberOf(cell('MemoryGiB'));
  return {
    cloud,
    region,
    instanceType,
    accelerator,
    count,
    ...(onDemand !== undefined && { onDemand }),
    ...(spot !== undefined && { spot }),
    ...(vcpus !== undefined && { vcpus }),
    ...(memoryGiB !== undefined && { memoryGiB }),
  };
}

/** One row a region: the list price, and the lowest zone's spot price. */
function cheaper(a: SnapshotOffer | undefined, b: SnapshotOffer): SnapshotOffer {
  if (!a) return b;
  const onDemand = lowest(a.onDemand, b.onDemand);
  const spot = lowest(a.spot, b.spot);
  return { ...a, ...(onDemand !== undefined && { onDemand }), ...(spot !== undefined && { spot }) };
}

function lowest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
