/** Where bytes lie or machines stand; the region is absent where nothing tells it. */
export interface Place {
  readonly cloud: string;
  readonly region?: string;
}

/** How far reads travel: not at all, to another region of the cloud, to another cloud; unknown where a region is. */
export type Crossing = 'none' | 'region' | 'cloud' | 'unknown';

/** Clouds by the scheme of a bucket's address. */
const clouds: Readonly<Record<string, string>> = {
  s3: 'aws',
  s3a: 'aws',
  gs: 'gcp',
  gcs: 'gcp',
  az: 'azure',
  abfs: 'azure',
  abfss: 'azure',
  wasbs: 'azure',
  oci: 'oci',
};

/**
 * Cloud and, where its name has it, region of a bucket's address: hosts of S3 (`bucket.s3.eu-west-1.amazonaws.com`) and the
 * buckets that SageMaker makes (`sagemaker-us-west-2-123456789012`) name it. Undefined for what is no bucket.
 */
export function placeOfBucket(address: string): Place | undefined {
  const host = /^https?:\/\/(?:[\w.-]+\.)?s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com\//.exec(
    address,
  );
  if (host?.[1]) return { cloud: 'aws', region: host[1] };
  if (/^https?:\/\/storage\.googleapis\.com\//.test(address)) return { cloud: 'gcp' };
  if (/^https?:\/\/\w+\.blob\.core\.windows\.net\//.test(address)) return { cloud: 'azure' };
  const [, scheme = '', bucket = ''] = /^([a-z0-9]+):\/\/([^/]+)/i.exec(address) ?? [];
  const cloud = clouds[scheme.toLowerCase()];
  if (cloud === undefined) return undefined;
  const made = /^sagemaker-([a-z]{2}(?:-[a-z]+)+-\d)-\d{12}$/.exec(bucket);
  return made?.[1] ? { cloud, region: made[1] } : { cloud };
}

/** How far reads from one place to the other travel. Zones count as their region. */
export function crossingOf(from: Place, to: Place): Crossing {
  if (from.cloud !== to.cloud) return 'cloud';
  if (from.region === undefined || to.region === undefined) return 'unknown';
  return regionOf(from.region) === regionOf(to.region) ? 'none' : 'region';
}

/** `us-east-1a` and `us-central1-a` as their regions. */
export function regionOf(place: string): string {
  const name = place.toLowerCase();
  return name.replace(/^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/, '$1').replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, '$1');
}

/** What reads come to, and the other way: one copy beside the machines, kept as long as the run lasts. In dollars. */
export interface ReadCost {
  readonly perRead: number;
  readonly total: number;
  /** Carrying it once, and keeping it there. */
  readonly copyOnce: number;
}

/** Dollars of reading some bytes `reads` times over a path, and of copying them once instead. */
export function costOfReads(
  bytes: number,
  reads: number,
  usdPerGB: number,
  keeping: { readonly usdPerGBMonth: number; readonly months: number },
): ReadCost {
  const gigabytes = bytes / 1e9;
  const perRead = gigabytes * usdPerGB;
  return { perRead, total: perRead * reads, copyOnce: perRead + gigabytes * keeping.usdPerGBMonth * keeping.months };
}

/**
 * Bytes that cross zones in one optimiser step, where the nodes of a job stand in several: a ring over N ranks passes
 * 2 (N - 1) / N of the gradients over each of its links, and as many links as there are zones lead to another one; sharded
 * weights are gathered besides, half as much again (two gathers and one scatter of (N - 1) / N each).
 */
export function crossZoneBytes(gradientBytes: number, ranks: number, zones: number, shardedWeights: boolean): number {
  if (zones < 2 || ranks < 2) return 0;
  const passes = (shardedWeights ? 3 : 2) * ((ranks - 1) / ranks);
  return Math.min(zones, ranks) * passes * gradientBytes;
}
