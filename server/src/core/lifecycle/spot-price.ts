import { type SaveCycle, usefulShare } from './interval.ts';

/** What an hour of work that stays done costs on spot. */
export interface EffectivePrice {
  /** Share of the paid time that stays done. */
  readonly useful: number;
  /** Price of an hour over that share, in the unit of the price. */
  readonly perUsefulHour: number;
}

/** The price of spot over what interruptions leave of its hours, saved after every `work` seconds. */
export function effectivePrice(perHour: number, work: number, cycle: SaveCycle): EffectivePrice {
  const useful = usefulShare(work, cycle);
  return { useful, perUsefulHour: useful > 0 ? perHour / useful : Number.POSITIVE_INFINITY };
}

/**
 * Mean hours between interruptions at which spot costs as much as on-demand; below them it costs more. Undefined where spot
 * is not cheaper at all, or is cheaper even when it is taken back every minute.
 */
export function breakEvenHours(
  perHour: number,
  onDemandPerHour: number,
  work: number,
  cycle: Omit<SaveCycle, 'mean'>,
): number | undefined {
  if (!(perHour < onDemandPerHour)) return undefined;
  const enough = perHour / onDemandPerHour;
  const useful = (hours: number) => usefulShare(work, { ...cycle, mean: hours * 3600 });
  let [low, high] = [1 / 60, 1e6];
  if (useful(low) >= enough || useful(high) < enough) return undefined;
  for (let step = 0; step < 60; step += 1) {
    const middle = Math.sqrt(low * high);
    if (useful(middle) < enough) low = middle;
    else high = middle;
  }
  return high;
}
