import type { SaveCycle } from './interval.ts';
import type { Stretch } from './trace.ts';

/**
 * Share of paid time that stays done where a run saves after every `work` seconds and runs through real stretches of
 * capacity: each starts with a restart; what lies behind the last whole save is lost with its end. The stretch that the
 * end of the record cuts off loses nothing. Nobody pays while there is no capacity.
 */
export function replayInterval(
  stretches: readonly Stretch[],
  work: number,
  { stall, write, restart }: Omit<SaveCycle, 'mean'>,
): number {
  let paid = 0;
  let kept = 0;
  const cycle = work + stall;
  const late = Math.max(0, write - stall);
  stretches.forEach(({ up, seconds }, at) => {
    if (!up) return;
    paid += seconds;
    const computing = Math.max(0, seconds - restart);
    if (at === stretches.length - 1) kept += (computing * work) / cycle;
    else kept += Math.max(0, Math.floor((computing - late) / cycle)) * work;
  });
  return paid > 0 ? kept / paid : 0;
}

/** Intervals of a grid that is as fine as a decision needs: 48 steps a decade of seconds, from 10 s to 10 days. */
export const intervalGrid: readonly number[] = Array.from({ length: 241 }, (_, at) => 10 * 10 ** (at / 48)).filter(
  (seconds) => seconds <= 864_000,
);

/** The best fixed interval of the grid in hindsight, with the share that it keeps. */
export function bestReplayed(
  stretches: readonly Stretch[],
  cycle: Omit<SaveCycle, 'mean'>,
): { readonly work: number; readonly useful: number } {
  let best = { work: intervalGrid[0] ?? 10, useful: -1 };
  for (const work of intervalGrid) {
    const useful = replayInterval(stretches, work, cycle);
    if (useful > best.useful) best = { work, useful };
  }
  return best;
}
