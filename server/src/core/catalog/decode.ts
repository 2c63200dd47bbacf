import type { Outcome, Problem } from '../source/problem.ts';
import { indexAccelerators } from './accelerator-name.ts';
import type { Catalog, EgressTier, GridEntry, StorageOffer } from './catalog.ts';
import type { SpotHistory } from './commitment.ts';
import { indexDatasets } from './dataset-index.ts';
import { usablePrices } from './kept-prices.ts';
import { indexFamilies } from './model-family.ts';
import { indexModelFiles, type ModelFiles } from './model-files.ts';
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

/** The tables that a catalog is made of; each ships as the asset `<name>.json`. */
export const catalogTables = [
  'accelerators',
  'instances',
  'offers',
  'commitments',
  'spot-interruption',
  'storage',
  'egress',
  'grid',
  'models',
  'vision-models',
  'datasets',
] as const;

/** Tables by name, as text or as parsed JSON. A missing one makes an empty table and a problem. */
export type CatalogTables = Readonly<Partial<Record<(typeof catalogTables)[number], unknown>>>;

/** A catalog, and what is to be said of its tables as a whole. */
export interface LoadedCatalog extends Outcome<Catalog> {
  readonly notices: readonly Problem[];
}

/**
 * Makes the catalog of the tables that `readText` gives by asset name; rejects where it does. Prices that a refresh has
 * kept (their text) take the place of the shipped ones where they are newer and whole; a notice says why where they do not.
 */
export async function loadCatalog(
  readText: (asset: string) => Promise<string>,
  kept?: string,
  local: readonly ModelFiles[] = [],
): Promise<LoadedCatalog> {
  const texts = catalogTables.map(async (name) => [name, await readText(`${name}.json`)] as const);
  const shipped = Object.fromEntries(await Promise.all(texts)) as Record<(typeof catalogTables)[number], string>;
  if (kept === undefined) return withNotices(createCatalog(shipped, local), []);
  const { value, problems } = usablePrices(kept, shipped);
  return withNotices(createCatalog({ ...shipped, ...value }, local), problems);
}

/** The problems of a catalog are worked out when asked for: they are passed on unasked. */
function withNotices(made: Outcome<Catalog>, notices: readonly Problem[]): LoadedCatalog {
  return {
    value: made.value,
    notices,
    get problems() {
      return made.problems;
    },
  };
}

/**
 * Indexes the tables. Bad rows are left out and named; a catalog comes of whatever is good.
 * `local` are models of this machine, for ids that are in no table.
 * A table is decoded when it is first asked for, so that a start pays for nothing unused; `problems` decodes them all.
 */
export function createCatalog(tables: CatalogTables, local: readonly ModelFiles[] = []): Outcome<Catalog> {
  const accelerators = lazy(() => decodeAccelerators(tables.accelerators));
  const instances = lazy(() =>
    decodeInstances(tables.instances, new Set(accelerators().value.map(({ name }) => name))),
  );
  const byKey = lazy(() => new Map(instances().value.map((one) => [instanceKey(one.cloud, one.type), one])));
  const listed = lazy(() => decodeOffers(tables.offers, byKey()));
  const commitments = lazy(() => decodeCommitments(tables.commitments));
  const history = lazy(() => decodeSpotHistory(tables['spot-interruption']));
  const storage = lazy(() => decodeStorage(tables.storage));
  const egress = lazy(() => decodeEgress(tables.egress));
  const grid = lazy(() => decodeGrid(tables.grid));
  const models = lazy(() => decodeModels(tables.models));
  const vision = lazy(() => decodeVisionModels(tables['vision-models']));
  const datasets = lazy(() => decodeDatasets(tables.datasets));
  const all = [accelerators, instances, listed, commitments, history, storage, egress, grid, models, vision, datasets];

  const chips = lazy(() => indexAccelerators(accelerators().value));
  const instance = lazy(() => findInstance(instances().value, byKey()));
  const offers = lazy(() => [
    ...listed().value,
    ...spotFromSavings(history().value, listed().value),
    ...reservedOffers(commitments().value, listed().value),
  ]);
  const findOffers = lazy(() => indexOffers(offers(), chips().find, instance()));
  const findHistory = lazy(() => indexHistory(history().value));
  const findModel = lazy(() => indexModels(models().value, () => vision().value));
  const findLocal = lazy(() => indexModelFiles(local, value));
  const families = lazy(() => indexFamilies(models().value));
  const findDataset = lazy(() => indexDatasets(datasets().value));
  const cloudOfRegion = lazy(() => indexRegions(listed().value, grid().value));
  const pricesAsOf = lazy(() => newest(listed().value));

  const value: Catalog = {
    get accelerators() {
      return accelerators().value;
    },
    accelerator: (name) => chips().find(name),
    nearestAccelerators: (name) => chips().nearest(name),
    get instances() {
      return instances().value;
    },
    instance: (type, cloud) => instance()(type, cloud),
    offers: (query) => findOffers()(query),
    model: (id) => findModel()(id) ?? findLocal()(id),
    familyShape: (family) => families().get(family),
    dataset: (id, config, split) => findDataset()(id, config, split),
    storageOffers: (cloud, service) => storageOf(storage().value, cloud.toLowerCase(), service),
    storage: (cloud, region) => standardStorage(storage().value, cloud.toLowerCase(), region?.toLowerCase()),
    egress: (cloud, region) => internetTiers(egress().value, cloud.toLowerCase(), region?.toLowerCase()),
    get commitments() {
      return commitments().value;
    },
    spotHistory: (cloud, region, type) => findHistory()(cloud, region, type),
    grid: (cloud, region) => gridOf(grid().value, cloud?.toLowerCase(), region?.toLowerCase()),
    cloudOfRegion: (region) => cloudOfRegion()(region),
    get pricesAsOf() {
      return pricesAsOf();
    },
  };
  return {
    value,
    get problems() {
      return all.flatMap((table) => table().problems);
    },
  };
}

/** The value of a computation done once, when it is first asked for. */
function lazy<T>(compute: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: compute() };
    return done.value;
  };
}

function indexHistory(histories: readonly SpotHistory[]): Catalog['spotHistory'] {
  const byPlace = new Map(histories.map((one) => [`${instanceKey(one.cloud, one.instanceType)} ${one.region}`, one]));
  return (cloud, region, type) => byPlace.get(`${instanceKey(cloud, type)} ${region}`);
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

function storageOf(all: readonly StorageOffer[], cloud: string, service?: string): readonly StorageOffer[] {
  return all.filter((one) => one.cloud === cloud && (service === undefined || one.service === service));
}

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
