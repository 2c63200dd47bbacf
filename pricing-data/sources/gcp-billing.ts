import type { Instance } from '#core/catalog/offer.ts';
import type { Snapshot, SnapshotOffer, SnapshotTerm, SourceAnswer, UnitPrice } from '#core/catalog/snapshot.ts';
import { jsonObject, listOf, misshapen, numberOf, objectOf, textOf, type Unknown } from './shape.ts';
import type { PriceSource } from './source.ts';

const title = "Google Cloud's billing catalogue";
/** The service "Compute Engine". */
const list = 'https://cloudbilling.googleapis.com/v1/services/6F81-5844-456A/skus?currencyCode=USD&pageSize=5000';

/** Hours that Google counts for a month. */
const monthHours = 730;

/** What one unit of a resource is billed by, and hours in it. */
const units: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  core: { h: 1 },
  gpu: { h: 1 },
  ram: { 'GiBy.h': 1 },
  ssd: { 'GiBy.mo': monthHours, 'GiBy.h': 1 },
};

/** Years of the promise by the usage that a price is for. */
const commitments: Readonly<Record<string, number>> = { Commit1Yr: 1, Commit3Yr: 3 };

/** Words in a description that make it another product than a plain machine. */
const others = /sole tenancy|reserved|premium|custom|suspended|calendar mode|dws|upgrade/i;

/** Accelerators as descriptions and as our tables name them. */
const boards: readonly (readonly [described: RegExp, accelerator: string])[] = [
  [/nvidia tesla a100 80gb/i, 'A100-80GB-SXM'],
  [/nvidia tesla a100/i, 'A100-40GB'],
  [/nvidia h100 80gb (mega|plus)/i, 'H100-SXM plus'],
  [/nvidia h100 80gb/i, 'H100-SXM'],
  [/nvidia h200/i, 'H200-SXM'],
  [/nvidia b200/i, 'B200'],
  [/nvidia l4\b/i, 'L4'],
  [/rtx (pro )?6000 96gb/i, 'RTXPRO6000'],
];

/**
 * Google's own list, one price for each part of a machine: cores, memory, accelerators, local disk. A machine's price is the
 * sum of its parts in a region; where one of them has no price there, the machine has none. Needs a key.
 */
export const source: PriceSource = {
  id: 'gcp-billing',
  title,
  key: 'GCP_BILLING_KEY',
  keyHeader: 'x-goog-api-key',
  requests: [{ url: list, label: 'Google Cloud' }],
  read(answer): SourceAnswer {
    const root = jsonObject(answer);
    const skus = listOf(root?.['skus']);
    if (!root || !skus) return misshapen(title, 'has no list of SKUs');
    let strange = 0;
    const parts = skus.flatMap((sku): readonly UnitPrice[] => {
      const found = partOf(objectOf(sku));
      if (found === 'strange unit') strange += 1;
      return typeof found === 'object' ? found : [];
    });
    const token = textOf(root['nextPageToken']);
    const problems =
      strange > 0
        ? [
            {
              code: 'source-unit',
              message: `${strange} rows of ${title} are of another unit or currency and are left out.`,
            },
          ]
        : [];
    return {
      offers: [],
      parts,
      problems,
      ...(token !== undefined && { next: `${list}&pageToken=${encodeURIComponent(token)}` }),
    };
  },
  compose,
};

/** The prices of a SKU by region; none where it is no part of a machine that we know. */
function partOf(sku: Unknown | undefined): readonly UnitPrice[] | 'strange unit' {
  const category = objectOf(sku?.['category']);
  const description = textOf(sku?.['description']) ?? '';
  const usage = textOf(category?.['usageType']);
  const termYears = commitments[usage ?? ''];
  if (!sku || (usage !== 'OnDemand' && usage !== 'Preemptible' && termYears === undefined)) return [];
  // What a promise is for is said by both the description and the usage.
  if (others.test(description) || promised.test(description) !== (termYears !== undefined)) return [];
  const named = nameOf(description, textOf(category?.['resourceFamily']) ?? '');
  if (!named) return [];
  const expression = objectOf(objectOf(listOf(sku['pricingInfo'])?.[0])?.['pricingExpression']);
  const hours = units[named.resource]?.[textOf(expression?.['usageUnit']) ?? ''];
  // The last tier: what comes after a free allowance, where there is one.
  const unitPrice = objectOf(objectOf(listOf(expression?.['tieredRates'])?.at(-1))?.['unitPrice']);
  const whole = numberOf(unitPrice?.['units'] ?? 0);
  const nanos = numberOf(unitPrice?.['nanos'] ?? 0);
  if (!unitPrice || whole === undefined || nanos === undefined) return [];
  if (hours === undefined || unitPrice['currencyCode'] !== 'USD') return 'strange unit';
  const usd = (whole + nanos / 1e9) / hours;
  if (!(usd > 0)) return [];
  const regions = (listOf(sku['serviceRegions']) ?? []).flatMap((region) => textOf(region) ?? []);
  const spot = usage === 'Preemptible';
  return regions.map((region) => ({ ...named, region, spot, ...(termYears !== undefined && { termYears }), usd }));
}

/** How the description of a price under a promise begins. */
const promised = /^commitment v\d+: /i;

/** What a description names: a part of a family of machines, an accelerator, or local disk. */
function nameOf(description: string, family: string): Pick<UnitPrice, 'name' | 'resource'> | undefined {
  const plain = description.replace(/^spot preemptible /i, '').replace(promised, '');
  if (/^(?:ssd backed local storage|local ssd)\b/i.test(plain)) return { name: '', resource: 'ssd' };
  if (family !== 'Compute') return undefined;
  const board = boards.find(([described]) => described.test(plain));
  if (/\bgpu\b/i.test(plain) || /96GB/.test(plain)) return board && { name: board[1], resource: 'gpu' };
  const [, machine, resource] = /^([a-z]\d\w*) (?:instance )?(core|cpu|ram)\b/i.exec(plain) ?? [];
  return machine && resource
    ? { name: machine.toLowerCase(), resource: resource.toLowerCase() === 'ram' ? 'ram' : 'core' }
    : undefined;
}

/** Which family's cores and memory, and which accelerator's price, a machine type is billed by. */
function billedAs({ type, accelerator }: Instance): { readonly family: string; readonly board: string } {
  const [series = type, size] = type.split('-');
  // Of one series, but with prices of their own.
  if (series === 'a3' && size === 'megagpu') return { family: 'a3plus', board: `${accelerator} plus` };
  return { family: series === 'a3' && size !== 'highgpu' ? `a3 ${size}` : series, board: accelerator };
}

/** How a machine is paid for. */
interface Way {
  readonly spot: boolean;
  readonly termYears?: number;
}

const keyOf = (resource: string, name: string, region: string, { spot, termYears }: Way) =>
  `${resource} ${name} ${region} ${spot} ${termYears ?? 0}`;

/** The machines of our tables whose parts all have a price, in each region: on demand, spot and under each promise. */
function compose(parts: readonly UnitPrice[], machines: readonly Instance[]): Pick<Snapshot, 'offers' | 'terms'> {
  const prices = new Map(parts.map((part) => [keyOf(part.resource, part.name, part.region, part), part.usd]));
  const regions = [...new Set(parts.map(({ region }) => region))].sort();
  const years = [...new Set(parts.flatMap(({ termYears }) => termYears ?? []))].sort();
  const ours = machines.filter(({ cloud }) => cloud === 'gcp');
  const offers: SnapshotOffer[] = [];
  const terms: SnapshotTerm[] = [];
  for (const machine of ours) {
    for (const region of regions) {
      const place = { cloud: 'gcp', region, instanceType: machine.type };
      const onDemand = machine.soldAs === 'spot' ? undefined : sum(machine, region, { spot: false }, prices);
      const spot = sum(machine, region, { spot: true }, prices);
      if (onDemand !== undefined || spot !== undefined)
        offers.push({ ...place, ...(onDemand !== undefined && { onDemand }), ...(spot !== undefined && { spot }) });
      for (const termYears of years) {
        const perHour = sum(machine, region, { spot: false, termYears }, prices);
        if (perHour !== undefined) terms.push({ ...place, kind: 'committed use (resource-based)', termYears, perHour });
      }
    }
  }
  return { offers, ...(terms.length > 0 && { terms }) };
}

function sum(machine: Instance, region: string, way: Way, prices: ReadonlyMap<string, number>): number | undefined {
  const { family, board } = billedAs(machine);
  const bill: readonly (readonly [resource: string, name: string, amount: number | undefined])[] = [
    ['core', family, machine.vcpus],
    ['ram', family, machine.memoryGiB],
    ['gpu', board, machine.count],
    ...(machine.localDiskGB === undefined ? [] : [['ssd', '', machine.localDiskGB] as const]),
  ];
  let total = 0;
  for (const [resource, name, amount] of bill) {
    const usd = prices.get(keyOf(resource, name, region, way));
    if (usd === undefined || amount === undefined) return undefined;
    total += usd * amount;
  }
  return Math.round(total * 1e6) / 1e6;
}
