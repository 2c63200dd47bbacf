import { formatDate } from '../catalog/price-age.ts';
import type { CostEstimate, CostPart, Estimate, MemoryEstimate, StorageEstimate } from '../estimate/estimate.ts';
import {
  formatCount,
  formatDisk,
  formatDurationInterval,
  formatGiB,
  formatMoneyInterval,
  formatNumber,
} from '../units/format.ts';
import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';

/** "71 of 80 GiB", "94 of 80 GiB, does not fit", "76 of 80 GiB, tight"; the need alone where the card is unknown. */
export function phraseMemory(memory: MemoryEstimate): string {
  const need = formatGiB(memory.device.likely);
  if (memory.capacity === undefined) return `${need} GiB`;
  const words = { yes: '', tight: ', tight', no: ', does not fit', unknown: '' }[memory.fits];
  return `${need} of ${formatGiB(memory.capacity)} GiB${words}`;
}

/** "8 x H100", "2 x 8 x H100"; what is missing is left out. */
export function phraseDevices(spec: WorkloadSpec): string {
  const name = likely(spec.resources.accelerator);
  const perNode = likely(spec.resources.perNode);
  // A serving job's replicas are its nodes.
  const nodes = (likely(spec.resources.nodes) ?? 1) * (spec.serving ? (likely(spec.serving.replicas) ?? 1) : 1);
  if (name === undefined) return 'accelerator unknown';
  if (perNode === undefined) return name;
  return nodes > 1
    ? `${formatNumber(nodes)} x ${formatNumber(perNode)} x ${name}`
    : `${formatNumber(perNode)} x ${name}`;
}

/** "aws us-east-1 on-demand, 2026-07-30": what the price is of. */
export function phraseOffer(cost: CostEstimate): string {
  if (!('cloud' in cost.offer)) return 'own rate';
  const { cloud, region } = cost.offer;
  return `${cloud} ${region === 'all' ? '' : `${region} `}${cost.kind}, ${formatDate(cost.offer)}`;
}

/** "disk of 256 GiB $0.028/h (ebs gp3, retrieved 2026-11)": what is billed beside the machines, each with its price and date. */
export function phraseParts(parts: readonly CostPart[]): string {
  return parts
    .map(({ label, perHour, once, basis, unknown }) => {
      const price = perHour ? `${formatMoneyInterval(perHour)}/h` : once ? formatMoneyInterval(once) : 'price unknown';
      return `${label} ${price} (${unknown ?? basis})`;
    })
    .join('; ');
}

/** What an amount rests on, as a sentence of its own where nothing beside it says so; none where there is no amount. */
export function pricedBy({ cost }: Estimate): readonly string[] {
  return cost ? [`Price: ${phraseOffer(cost)}`] : [];
}

/** The sum of a run, or the rate where its length is not known, or the word unknown. */
export function phraseCost(estimate: Estimate, locale?: string): string {
  const { cost, time } = estimate;
  if (!cost) return time?.run ? `price unknown, ${phraseTime(estimate)}` : 'price unknown';
  if (cost.total) return formatMoneyInterval(cost.total, locale);
  if (cost.perThousandSteps) return `${formatMoneyInterval(cost.perThousandSteps, locale)} per 1k steps`;
  return `${formatMoneyInterval(cost.perHour, locale)}/h`;
}

/** "16.4 h (13-21)", or the length of a step where the run's is not known. */
export function phraseTime(estimate: Estimate): string {
  const { time } = estimate;
  if (!time) return 'time unknown';
  return time.run ? formatDurationInterval(time.run) : `${formatDurationInterval(time.step)} a step`;
}

/** "96 saves, 2.9 TB kept"; the size of one save where their number is not known. */
export function phraseStorage(storage: StorageEstimate): string {
  const one = formatDisk(storage.perSave.likely);
  if (!storage.saves) return `${one} a save`;
  const saves = `${formatCount(storage.saves.likely)} ${Math.round(storage.saves.likely) === 1 ? 'save' : 'saves'}`;
  return storage.kept ? `${saves}, ${formatDisk(storage.kept.likely)} kept` : `${saves} of ${one}`;
}
