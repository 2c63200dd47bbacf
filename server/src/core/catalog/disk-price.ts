import type { Catalog, StorageOffer } from './catalog.ts';
import type { Offer } from './offer.ts';
import { homeRegions } from './region.ts';

/** What a cloud gives a machine's disk or a job's file system where the files name no tier. */
interface UsualTier {
  readonly service: string;
  readonly tier: string;
  /** The dearest tier that files of the kind ask for; the range goes up to it. */
  readonly dearest?: string;
}

/** EBS gp3 is what EC2, SageMaker, EKS and ParallelCluster take now; balanced disks are what Google Batch and GKE take, SSD what Vertex AI does. */
const disks: Readonly<Record<string, UsualTier>> = {
  aws: { service: 'ebs', tier: 'gp3' },
  gcp: { service: 'compute-disk', tier: 'pd-balanced', dearest: 'pd-ssd' },
  runpod: { service: 'container-disk', tier: 'worker' },
};

/** FSx for Lustre: ParallelCluster and HyperPod make scratch systems where nothing else is said. */
const fileSystems: Readonly<Record<string, UsualTier>> = {
  aws: { service: 'fsx-lustre', tier: 'scratch', dearest: 'persistent SSD 125 MB/s/TiB' },
};

/** Dollars of one G-unit for a month as the seller counts it, with the price that it was taken from. */
export interface DiskPrice {
  readonly offer: StorageOffer;
  readonly usdPerMonth: { readonly likely: number; readonly high: number };
}

/** The price of a disk beside a machine; undefined where the tables have none of the cloud. */
export function diskPrice(machine: Offer, catalog: Catalog): DiskPrice | undefined {
  return priceAt(machine, disks[machine.cloud], catalog);
}

/** The price of a parallel file system in the machine's region; undefined where the tables have none of the cloud. */
export function fileSystemPrice(machine: Offer, catalog: Catalog): DiskPrice | undefined {
  return priceAt(machine, fileSystems[machine.cloud], catalog);
}

function priceAt({ cloud, region }: Offer, usual: UsualTier | undefined, catalog: Catalog): DiskPrice | undefined {
  if (!usual) return undefined;
  const all = catalog.storageOffers(cloud, usual.service);
  const of = (tier: string | undefined) => {
    const ofTier = all.filter((one) => one.tier === tier);
    const at = (place: string | undefined) => ofTier.find((one) => one.region === place);
    return at(region) ?? at('all') ?? at(homeRegions[cloud]) ?? ofTier[0];
  };
  const offer = of(usual.tier);
  if (!offer) return undefined;
  const unit = billedUnit(cloud);
  const likely = offer.usdPerGBMonth * unit;
  return { offer, usdPerMonth: { likely, high: Math.max(likely, (of(usual.dearest)?.usdPerGBMonth ?? 0) * unit) } };
}

/** Decimal GB that a seller means by the G of a disk: AWS counts a GiB of a volume as the GB of its price, Google prices the GiB. */
function billedUnit(cloud: string): number {
  return cloud === 'gcp' ? 2 ** 30 / 1e9 : 1;
}
