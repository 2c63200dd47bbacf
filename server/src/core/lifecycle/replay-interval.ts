import type { SaveCycle } from './interval.ts';
import type { Stretch } from './trace.ts';

/**
 * Share of paid time that stays done where a run saves after every `work` seconds and runs through real stretches of
 * capacity: each starts with a restart; what lies behind the last whole save is lost with its end. The stretch that the
 * end of the record cuts off loses nothing. Nobody pays while there is no capacity.
 *
 * A record that looks every `look` seconds places both ends of a stretch only within that time: what is kept is the mean over
 * all that it may have been, else the best interval in hindsight is one that fits the multiples of the looks.
 */
export function replayInterval(
  stretches: readonly Stretch[],
  work: number,
  { stall, write, restart }: Omit<SaveCycle, 'mean'>,
  look = 0,
): number {
  let paid = 0;
  let kept = 0;
  const cycle = work + stall;
  const late = Math.max(0, write - stall);
  stretches.forEach(({ up, seconds }, at) => {
    if (!up) return;
    paid += seconds;
    if (at === stretches.length - 1) kept += (Math.max(0, seconds - restart) * work) / cycle;
    else kept += wholeCycles(seconds, restart + late, cycle, look) * work;
  });
  return paid > 0 ? kept / paid : 0;
}

/** Cycles that end within a stretch after what is lost at its start, in the mean over lengths that a look apart leave open. */
function wholeCycles(seconds: number, lost: number, cycle: number, look: number): number {
  let count = Math.max(0, Math.floor((seconds - look - lost) / cycle));
  for (let next = count + 1; look > 0; next += 1) {
    const lasted = chanceOf(lost + next * cycle - seconds, look);
    if (lasted <= 0) break;
    count += lasted;
  }
  return count;
}

/** The chance that a length is more than `over` above the one recorded: both ends lie anywhere within a look, so it is a triangle. */
function chanceOf(over: number, look: number): number {
  const part = over / look;
  if (part <= -1) return 1;
  if (part >= 1) return 0;
  return part < 0 ? 1 - (1 + part) ** 2 / 2 : (1 - part) ** 2 / 2;
}

/** Intervals of a grid that is as fine as a decision needs: 48 steps a decade of seconds, from 10 s to 10 days. */
export const intervalGrid: readonly number[] = Array.from({ length: 241 }, (_, at) => 10 * 10 ** (at / 48)).filter(
  (seconds) => seconds <= 864_000,
);

/** The best fixed interval of the grid in hindsight, with the share that it keeps. */
export function bestReplayed(
  stretches: readonly Stretch[],
  cycle: Omit<SaveCycle, 'mean'>,
  look = 0,
): { readonly work: number; readonly useful: number } {
  let best = { work: intervalGrid[0] ?? 10, useful: -1 };
  for (const work of intervalGrid) {
    const useful = replayInterval(stretches, work, cycle, look);
    if (useful > best.useful) best = { work, useful };
  }
  return best;
}
