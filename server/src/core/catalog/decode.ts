import type { Outcome } from '../source/problem.ts';
import { indexAccelerators } from './accelerator-name.ts';
import type { Catalog, EgressTier, GridEntry, StorageOffer } from './catalog.ts';
import { indexDatasets } from './dataset-index.ts';
import { indexModels } from './model-index.ts';
import type { Instance, Offer } from './offer.ts';
import { indexOffers } from './offer-index.ts';
import { homeRegions, indexRegions } from './region.ts';
import { decodeAccelerators } from './tables/accelerators.ts';
import { decodeCommitments, reservedOffers } from './tables/commitments.ts';
import { decodeDatasets } from './tables/datasets.ts';
import { decodeEgress } from './tables/egress.ts';
import { decodeGrid } from './tables/grid.ts';
import { decodeInstances } from './tables/instances.ts';
import { decodeModels } from './tables/models.ts';
import { decodeOffers, instanceKey } from './tables/offers.ts';
import { decodeSpotHistory, spotFromSavings } from './tables/spot-interruption.ts';
import { decodeStorage } from './tables/storage.ts';
import { decodeVisionModels } from './tables/vision-models.ts';

/** Names of the tables that a catalog is made of: paths under the product's root, to be read as assets. */
export const catalogAssets = [
  'pricing-data/accelerators.json',
  'pricing-data/instances.json',
  'pricing-data/offers.json',
  'pricing-data/commitments.json',
  'pricing-data/spot-interruption.json',
  'pricing-data/storage.json',
  'pricing-data/egress.json',
  'pricing-data/grid.json',
  'model-data/models.json',
  'model-data/vision-models.json',
  'model-data/datasets.json',
] as const;

/** A table's text or its parsed JSON, by asset name. A missing one makes an empty table and a problem. */
export type CatalogAssets = Readonly<Partial<Record<(typeof catalogAssets)[number], unknown>>>;

/** Decodes, validates and indexes the tables. Bad rows are left out and named; a catalog comes of whatever is good. */
export function createCatalog(assets: CatalogAssets): Outcome<Catalog> {
  const accelerators = decodeAccelerators(assets['pricing-data/accelerators.json']);
  const names = new Set(accelerators.value.map(({ name }) => name));
  const instances = decodeInstances(assets['pricing-data/instances.json'], names);
  const byKey = new Map(instances.value.map((one) => [instanceKey(one.cloud, one.type), one]));
  const listed = decodeOffers(assets['pricing-data/offers.json'], byKey);
  const commitments = decodeCommitments(assets['pricing-data/commitments.json']);
  const history = decodeSpotHistory(assets['pricing-data/spot-interruption.json']);
  const storage = decodeStorage(assets['pricing-data/storage.json']);
  const egress = decodeEgress(assets['pricing-data/egress.json']);
  const grid = decodeGrid(assets['pricing-data/grid.json']);
  const models = decodeModels(assets['model-data/models.json']);
  const vision = decodeVisionModels(assets['model-data/vision-models.json']);
  const datasets = decodeDatasets(assets['model-data/datasets.json']);

  const offers = [
    ...listed.value,
    ...spotFromSavings(history.value, listed.value),
    ...reservedOffers(commitments.value, listed.value),
  ];
  const chips = indexAccelerators(accelerators.value);
  const instance = findInstance(instances.value, byKey);
  const histories = new Map(
    history.value.map((one) => [`${instanceKey(one.cloud, one.instanceType)} ${one.region}`, one]),
  );
  const value: Catalog = {
    accelerators: accelerators.value,
    accelerator: chips.find,
    nearestAccelerators: chips.nearest,
    instances: instances.value,
    instance,
    offers: indexOffers(offers, chips.find, instance),
    model: indexModels([...models.value, ...vision.value]),
    dataset: indexDatasets(datasets.value),
    storageOffers: (cloud, service) =>
      storage.value.filter(
        (one) => one.cloud === cloud.toLowerCase() && (service === undefined || one.service === service),
      ),
    storage: (cloud, region) => standardStorage(storage.value, cloud.toLowerCase(), region?.toLowerCase()),
    egress: (cloud, region) => internetTiers(egress.value, cloud.toLowerCase(), region?.toLowerCase()),
    commitments: commitments.value,
    spotHistory: (cloud, region, type) => histories.get(`${instanceKey(cloud, type)} ${region}`),
    grid: (cloud, region) => gridOf(grid.value, cloud?.toLowerCase(), region?.toLowerCase()),
    cloudOfRegion: indexRegions(offers, grid.value),
    pricesAsOf: newest(listed.value),
  };
  const tables = [
    accelerators,
    instances,
    listed,
    commitments,
    history,
    storage,
    egress,
    grid,
    models,
    vision,
    datasets,
  ];
  return { value, problems: tables.flatMap(({ problems }) => problems) };
}

function findInstance(instances: readonly Instance[], byKey: ReadonlyMap<string, Instance>): Catalog['instance'] {
  const byType = new Map<string, Instance>();
  for (const one of instances) {
    const key = one.type.toLowerCase();
    if (!byType.has(key)) byType.set(key, one);
  }
  return (type, cloud) => {
    const key = type.trim().toLowerCase().replace(/^ml\./, '');
    return cloud === undefined ? byType.get(key) : byKey.get(`${cloud.toLowerCase()} ${key}`);
  };
}

/** Services and tiers that hold checkpoints where nothing else is said. */
const standardTiers: readonly (readonly [service: string, tier: string])[] = [
  ['s3', 'Standard'],
  ['gcs', 'Standard'],
  ['blob', 'Hot'],
  ['object-storage', 'Standard'],
  ['network-volume', 'under 1 TB'],
  ['hub', 'private storage over quota'],
];

function standardStorage(all: readonly StorageOffer[], cloud: string, region?: string): StorageOffer | undefined {
  const standard = all.filter(
    (one) =>
      one.cloud === cloud && standardTiers.some(([service, tier]) => one.service === service && one.tier === tier),
  );
  const home = homeRegions[cloud];
  return (
    standard.find((one) => one.region === region || one.region === 'all') ??
    standard.find((one) => one.region === home) ??
    standard[0]
  );
}

function internetTiers(all: readonly EgressTier[], cloud: string, region?: string): readonly EgressTier[] {
  const ours = all.filter(
    (one) => one.cloud === cloud && one.direction === 'internet' && one.destination.startsWith('worldwide'),
  );
  const at = ours.some((one) => one.region === region)
    ? region
    : (ours.find((one) => one.region === homeRegions[cloud]) ?? ours[0])?.region;
  return ours.filter((one) => one.region === at).sort((a, b) => a.fromGB - b.fromGB);
}

function gridOf(all: readonly GridEntry[], cloud?: string, region?: string): GridEntry | undefined {
  if (region === undefined) return undefined;
  const zone = region.replace(/-?[a-f]$/, '');
  const matches = (one: GridEntry, name: string) =>
    one.region.toLowerCase() === name && (cloud === undefined || one.cloud === undefined || one.cloud === cloud);
  return all.find((one) => matches(one, region)) ?? all.find((one) => matches(one, zone));
}

/** The newest day among the prices; dates of months and years do not name one. */
function newest(offers: readonly Offer[]): string {
  return offers.reduce((best, { asOf }) => (asOf !== undefined && asOf.length === 10 && asOf > best ? asOf : best), '');
}
