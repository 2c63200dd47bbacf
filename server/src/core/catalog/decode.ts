import { once } from '../source/once.ts';
import type { Outcome, Problem } from '../source/problem.ts';
import { indexAccelerators } from './accelerator-name.ts';
import type { Catalog, EgressTier, GridEntry, HostPrice, StorageOffer } from './catalog.ts';
import { indexDatasets } from './dataset-index.ts';
import { usablePrices } from './kept-prices.ts';
import { shapeOfFamily } from './model-family.ts';
import { indexModelFiles, type ModelFiles } from './model-files.ts';
import { indexModels } from './model-index.ts';
import { indexOffers } from './offer-index.ts';
import { homeRegions, indexRegions } from './region.ts';
import type { Rows } from './rows.ts';
import { decodeAccelerators } from './tables/accelerators.ts';
import { decodeCommitments, reservedOffers } from './tables/commitments.ts';
import { openDatasets } from './tables/datasets.ts';
import { openEgress } from './tables/egress.ts';
import { decodeGrid } from './tables/grid.ts';
import { openHosts } from './tables/hosts.ts';
import { openInstances } from './tables/instances.ts';
import { openModels } from './tables/models.ts';
import { openOffers } from './tables/offers.ts';
import { findHistory, openSpotHistory, spotFromSavings } from './tables/spot-interruption.ts';
import { openStorage } from './tables/storage.ts';
import { decodeStorageFees } from './tables/storage-fees.ts';
import { openVisionModels } from './tables/vision-models.ts';
import { regionTransfer, zoneTransfer } from './transfer-price.ts';

/** The tables that a catalog is made of; each ships as the asset `<name>.json`. */
export const catalogTables = [
  'accelerators',
  'instances',
  'offers',
  'hosts',
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
  const accelerators = once(() => decodeAccelerators(tables.accelerators));
  const chips = once(() => indexAccelerators(accelerators().value));
  const instances = once(() => {
    const names = new Set(accelerators().value.map(({ name }) => name));
    return openInstances(tables.instances, (name) => names.has(name));
  });
  const machines = once(() => instances().all());
  const listed = once(() => openOffers(tables.offers, instances()));
  const hosts = once(() => openHosts(tables.hosts));
  const commitments = once(() => decodeCommitments(tables.commitments));
  const history = once(() => openSpotHistory(tables['spot-interruption']));
  const storage = once(() => openStorage(tables.storage));
  const fees = once(() => decodeStorageFees(tables.storage).value);
  const egress = once(() => openEgress(tables.egress));
  const grid = once(() => decodeGrid(tables.grid));
  const models = once(() => openModels(tables.models));
  const vision = once(() => openVisionModels(tables['vision-models']));
  const datasets = once(() => openDatasets(tables.datasets));

  const spotHistory = once(() => findHistory(history()));
  const offersOf = (accelerator: string) => {
    const list = listed().of(accelerator);
    const machine = (type: string, cloud: string) => {
      const found = instances().find(type, cloud);
      return found?.accelerator === accelerator ? found : undefined;
    };
    return [
      ...list,
      ...spotFromSavings(spotHistory(), list),
      ...reservedOffers(commitments().value, { offers: list, machine }),
    ];
  };
  const findOffers = once(() =>
    indexOffers(
      { of: offersOf, accelerators: () => accelerators().value.map(({ name }) => name) },
      (name) => chips().find(name),
      (type, cloud) => instances().find(type, cloud),
    ),
  );
  const findModel = once(() => indexModels(models(), vision));
  const findLocal = once(() => indexModelFiles(local, value));
  const findDataset = once(() => indexDatasets(datasets()));
  const cloudOfRegion = once(() => {
    const ofGrid = grid().value.flatMap(({ cloud, region }) => (cloud === undefined ? [] : [[cloud, region] as const]));
    return indexRegions([...listed().places(), ...ofGrid]);
  });
  const pricesAsOf = once(() => listed().newest());

  const value: Catalog = {
    get accelerators() {
      return accelerators().value;
    },
    accelerator: (name) => chips().find(name),
    nearestAccelerators: (name) => chips().nearest(name),
    get instances() {
      return machines().value;
    },
    instance: (type, cloud) => instances().find(type, cloud),
    offers: (query) => findOffers()(query),
    model: (id) => findModel()(id) ?? findLocal()(id),
    familyShape: (family) => shapeOfFamily(models(), family),
    dataset: (id, config, split) => findDataset()(id, config, split),
    storageOffers: (cloud, service) => storageOf(storage(), cloud.toLowerCase(), service),
    storage: (cloud, region) =>
      standardStorage(storageOf(storage(), cloud.toLowerCase()), cloud.toLowerCase(), region?.toLowerCase()),
    storageFees: (cloud) => fees().filter((fee) => fee.cloud === cloud.toLowerCase()),
    betweenRegions: (cloud, from, to) => regionTransfer(egress().where('cloud', cloud.toLowerCase()), from, to),
    betweenZones: (cloud, region) => zoneTransfer(egress().where('cloud', cloud.toLowerCase()), region),
    egress: (cloud, region) =>
      internetTiers(egress().where('cloud', cloud.toLowerCase()), cloud.toLowerCase(), region?.toLowerCase()),
    get commitments() {
      return commitments().value;
    },
    hostPrice: (cloud, type, region) =>
      hostOf(hosts().where('type', type.toLowerCase()), cloud.toLowerCase(), region?.toLowerCase()),
    spotHistory: (cloud, region, type) => spotHistory()(cloud, region, type),
    grid: (cloud, region) => gridOf(grid().value, cloud?.toLowerCase(), region?.toLowerCase()),
    cloudOfRegion: (region) => cloudOfRegion()(region),
    get pricesAsOf() {
      return pricesAsOf();
    },
  };
  return {
    value,
    get problems() {
      return [
        accelerators(),
        machines(),
        listed().all(),
        hosts().all(),
        commitments(),
        ...[history(), storage(), egress()].map((table) => table.all()),
        grid(),
        ...[models(), vision(), datasets()].map((table) => table.all()),
      ].flatMap((table) => table.problems);
    },
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

function storageOf(
  rows: Rows<{ readonly offer?: StorageOffer }>,
  cloud: string,
  service?: string,
): readonly StorageOffer[] {
  return rows
    .where('cloud', cloud)
    .flatMap(({ offer }) => (offer && (service === undefined || offer.service === service) ? [offer] : []));
}

function standardStorage(all: readonly StorageOffer[], cloud: string, region?: string): StorageOffer | undefined {
  const standard = all.filter((one) =>
    standardTiers.some(([service, tier]) => one.service === service && one.tier === tier),
  );
  const home = homeRegions[cloud];
  return (
    standard.find((one) => one.region === region || one.region === 'all') ??
    standard.find((one) => one.region === home) ??
    standard[0]
  );
}

/** The price of a machine in a region, else in the cloud's home region, else anywhere. */
function hostOf(all: readonly HostPrice[], cloud: string, region?: string): HostPrice | undefined {
  const ours = all.filter((one) => one.cloud === cloud);
  const at = (place: string | undefined) => ours.find((one) => one.region === place);
  return at(region) ?? at(homeRegions[cloud]) ?? ours[0];
}

function internetTiers(all: readonly EgressTier[], cloud: string, region?: string): readonly EgressTier[] {
  const ours = all.filter((one) => one.direction === 'internet' && one.destination.startsWith('worldwide'));
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
