import type { PlacementEstimate } from '../estimate/estimate.ts';
import type { Place } from '../lifecycle/placement.ts';
import { spanOf } from '../source/traced.ts';
import { formatCount, formatDisk, formatMoneyInterval } from '../units/format.ts';
import type { ReportRow } from './report.ts';

/** Row of data that lies elsewhere than the machines, and of traffic between zones; none where nothing crosses. */
export function placementRow(placement: PlacementEstimate): ReportRow | undefined {
  const { crossing, from, to, origin, zones } = placement;
  const at = origin && spanOf(origin);
  if (from && (crossing === 'region' || crossing === 'cloud')) {
    const value = `data in ${phrasePlace(from)}, machines in ${phrasePlace(to)}`;
    return { label: 'placement', value, note: phraseReads(placement), ...(at ? { at } : {}) };
  }
  return zones ? { label: 'placement', value: phraseZones(zones) } : undefined;
}

/** Every sentence on where data and machines are, for hovers and the command line. */
export function describePlacement(placement: PlacementEstimate): readonly string[] {
  const { address, crossing, from, to, copyOnce, zones } = placement;
  const lines: string[] = [];
  if (from) {
    const where = `${address ?? 'the data'} in ${phrasePlace(from)}, machines in ${phrasePlace(to)}`;
    if (crossing === 'none') lines.push(`${where}: nothing crosses`);
    else if (crossing === 'unknown') lines.push(`${where}: whether reads cross regions is not known`);
    else lines.push(where, phraseReads(placement));
    if (copyOnce)
      lines.push(`one copy beside the machines: ${formatMoneyInterval(copyOnce)}, a month of keeping it included`);
  }
  return zones ? [...lines, phraseZones(zones)] : lines;
}

function phraseReads({ total, perGB, reads = 1, bytes, basis, unknown }: PlacementEstimate): string {
  const times = reads === 1 ? 'once' : `${formatCount(reads)} times`;
  if (total && bytes !== undefined)
    return `${formatMoneyInterval(total)} for ${formatDisk(bytes)} read ${times}${basis ? `, ${basis}` : ''}`;
  if (perGB) return `${formatMoneyInterval(perGB)} a GB, read ${times}; ${unknown ?? ''}`;
  return unknown ?? 'price unknown';
}

function phraseZones({ count, bytesPerStep, total, free, most }: NonNullable<PlacementEstimate['zones']>): string {
  const money = total ? `, ${formatMoneyInterval(total)} over the run` : free ? ', which this cloud does not bill' : '';
  const zones = `${most ? 'up to ' : ''}${formatCount(count)} zones`;
  return `${zones}: ${formatDisk(bytesPerStep)} cross them in a step${money}`;
}

function phrasePlace({ cloud, region }: Place): string {
  return region === undefined ? `${cloud}, region not known` : `${cloud} ${region}`;
}
