import type { Catalog } from '../catalog/catalog.ts';
import { type DiskPrice, diskPrice, fileSystemPrice } from '../catalog/disk-price.ts';
import type { Offer } from '../catalog/offer.ts';
import type { Settings } from '../settings.ts';
import type { Origin } from '../source/traced.ts';
import { exactly } from '../units/interval.ts';
import type { MoneyInterval } from '../units/money.ts';
import { bytesPerGB } from '../units/quantity.ts';
import { type Known, likely, originOf } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { CostPart, StorageEstimate } from './estimate.ts';
import { dateOf, egressCost, inCurrency } from './in-currency.ts';
import { estimatePlacement } from './placement.ts';

/** Hours that clouds count for a month of storage. */
const hoursPerMonth = 730;

/** What parts are worked out from. */
export interface PartsInput {
  readonly spec: WorkloadSpec;
  /** The list price that the machines are billed at; an own rate holds all that belongs to it. */
  readonly offer: Offer;
  /** Machines billed. */
  readonly instances: number;
  readonly storage: StorageEstimate | undefined;
  readonly catalog: Catalog;
  readonly settings: Settings;
}

/**
 * What a run pays for besides its accelerators, each only where the files state it: disks of the machines, a file system,
 * a head node, traffic to another cloud's bucket. One whose price no table has is named with the reason.
 */
export function costParts(input: PartsInput): readonly CostPart[] {
  const { spec, offer, instances, catalog } = input;
  const { diskGiB, fileSystemGiB, headInstanceType } = spec.resources;
  const parts: CostPart[] = [];
  const disk = sizeOf(diskGiB);
  if (disk) {
    const label = instances > 1 ? `disks of ${disk.size} GiB on ${instances} machines` : `disk of ${disk.size} GiB`;
    parts.push(kept('disk', label, disk, instances, diskPrice(offer, catalog), input));
  }
  const system = sizeOf(fileSystemGiB);
  if (system)
    parts.push(
      kept('file-system', `file system of ${system.size} GiB`, system, 1, fileSystemPrice(offer, catalog), input),
    );
  const head = headInstanceType && likely(headInstanceType);
  if (headInstanceType && head !== undefined) parts.push(headNode(head, originOf<string>(headInstanceType), input));
  return [...parts, ...egress(input), ...reads(input)];
}

/** The money of parts that are billed by the hour, together; undefined where there are none of known price. */
export function hourlyParts(parts: readonly CostPart[]): readonly MoneyInterval[] {
  return parts.flatMap(({ perHour }) => (perHour ? [perHour] : []));
}

interface Size {
  readonly size: number;
  readonly origin: Origin | undefined;
}

function sizeOf(known: Known<number> | undefined): Size | undefined {
  const size = known && likely(known);
  if (!known || size === undefined || !(size > 0) || !Number.isFinite(size)) return undefined;
  return { size, origin: originOf<number>(known) };
}

/** A disk or file system as long as the run lasts. */
function kept(
  id: CostPart['id'],
  what: string,
  { size, origin }: Size,
  times: number,
  price: DiskPrice | undefined,
  { offer, settings }: PartsInput,
): CostPart {
  const at = origin && { origin };
  if (!price) return { id, label: what, unknown: `no price of it on ${offer.cloud} is in the tables`, ...at };
  const hourly = (usd: number) => (usd * size * times) / hoursPerMonth;
  const { likely, high } = price.usdPerMonth;
  const usd = { low: hourly(likely), likely: hourly(likely), high: hourly(high) };
  const perHour = inCurrency(usd, price.offer, settings);
  const { service, tier, region } = price.offer;
  const elsewhere = region === offer.region || region === 'all' ? '' : ` of ${region}`;
  return {
    id,
    label: what,
    ...(perHour ? { perHour } : { unknown: 'no exchange rate is set' }),
    basis: `${service} ${tier}${elsewhere}, ${dateOf(price.offer, settings)}`,
    source: price.offer.source,
    ...at,
  };
}

/** A node that only directs, on demand in the machines' region. */
function headNode(type: string, origin: Origin | undefined, { offer, catalog, settings }: PartsInput): CostPart {
  const label = `head node ${type}`;
  const at = origin && { origin };
  const found = catalog.hostPrice(offer.cloud, type, offer.region);
  const perHour = found && inCurrency(exactly(found.perHour.micros / 1e6), found, settings);
  if (!found || !perHour) return { id: 'head-node', label, unknown: `no price of ${type} is in the tables`, ...at };
  const elsewhere = found.region === offer.region ? '' : ` in ${found.region}`;
  return {
    id: 'head-node',
    label,
    perHour,
    basis: `on demand${elsewhere}, ${dateOf(found, settings)}`,
    source: found.source,
    ...at,
  };
}

/** Buckets by the scheme of their addresses. */
const bucketClouds: Readonly<Record<string, string>> = {
  s3: 'aws',
  gs: 'gcp',
  abfs: 'azure',
  abfss: 'azure',
  oci: 'oci',
};

/** Traffic of the saves where they are written to the bucket of another cloud than the machines'. */
function egress({ spec, offer, storage, catalog, settings }: PartsInput): readonly CostPart[] {
  const directory = spec.checkpoint?.directory;
  const scheme = /^([a-z0-9]+):\/\//i.exec((directory && likely(directory)) ?? '')?.[1]?.toLowerCase();
  const bucket = scheme === undefined ? undefined : bucketClouds[scheme];
  if (!directory || bucket === undefined || bucket === offer.cloud || !storage?.saves) return [];
  const tiers = catalog.egress(offer.cloud, offer.region);
  const first = tiers[0];
  if (!first) return [];
  const { perSave, saves } = storage;
  const cost = (bytes: number, times: number) => egressCost((bytes * times) / bytesPerGB, tiers);
  const total = inCurrency(
    {
      low: cost(perSave.low, saves.low),
      likely: cost(perSave.likely, saves.likely),
      high: cost(perSave.high, saves.high),
    },
    first,
    settings,
  );
  // A free allowance that holds it all leaves nothing to pay and nothing to say.
  if (total && total.micros.high <= 0) return [];
  const origin = originOf<string>(directory);
  return [
    {
      id: 'egress',
      label: `traffic of the saves from ${offer.cloud} to ${bucket}`,
      ...(total ? { once: total } : { unknown: 'no exchange rate is set' }),
      basis: `${first.direction} from ${first.region}, ${dateOf(first, settings)}`,
      source: first.source,
      ...(origin && { origin }),
    },
  ];
}

/** Reads of the training data from another region or cloud, where the sum is known. */
function reads({ spec, catalog, settings }: PartsInput): readonly CostPart[] {
  const placement = estimatePlacement(spec, catalog, settings);
  if (!placement?.total || !placement.from || placement.reads === undefined) return [];
  const { from, total, basis, source, origin, reads: times } = placement;
  return [
    {
      id: 'reads',
      label: `reads of the data from ${from.cloud}${from.region ? ` ${from.region}` : ''}, ${times === 1 ? 'once' : `${times} times`}`,
      once: total,
      ...(basis === undefined ? {} : { basis }),
      ...(source === undefined ? {} : { source }),
      ...(origin ? { origin } : {}),
    },
  ];
}
