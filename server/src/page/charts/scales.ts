import { scaleLinear, scaleLog } from 'd3-scale';
import type { Axis } from '#core/report/charts/chart.ts';
import type { Say } from '#core/report/words.ts';
import { formatDisk, formatDuration, formatGiB, formatMoney, formatNumber } from '#core/units/format.ts';

/** Values of one axis to pixels, with its marks. */
export interface ChartScale {
  /** Pixel of a value. */
  at(value: number): number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

const hour = 3600;
const day = 86_400;
const bytesPerGiB = 2 ** 30;
const bytesPerGB = 1e9;

/** Spread of values from which a logarithmic axis tells more. */
const wide = 15;

/** A linear scale from nothing to the largest value, its marks on round numbers of the unit that people read. */
export function scaleOf(
  axis: Axis,
  most: number,
  range: readonly [number, number],
  count: number,
  say: Say,
): ChartScale {
  const size = sizeOf(axis, most);
  const scale = scaleLinear([0, Math.max(most, Number.MIN_VALUE) / size], range);
  const ticks = scale.ticks(count).map((tick) => ({ at: scale(tick), text: say(formatOn(axis, tick * size, size)) }));
  return { at: (value) => scale(value / size), ticks };
}

/** A scale for a spread of values above zero: logarithmic where they lie far apart, else linear from nothing. */
export function spreadScaleOf(
  axis: Axis,
  values: readonly number[],
  range: readonly [number, number],
  count: number,
  say: Say,
): ChartScale {
  const most = Math.max(...values);
  const least = Math.min(...values.filter((value) => value > 0));
  if (!(most / least > wide)) return scaleOf(axis, most * 1.06, range, count, say);
  const size = sizeOf(axis, Math.sqrt(most * least));
  const scale = scaleLog([(least * 0.8) / size, (most * 1.25) / size], range);
  const all = scale.ticks(count);
  const few = all.length <= count + 2 ? all : all.filter(isRound);
  const step = Math.ceil(few.length / (count + 2));
  const ticks = few
    .filter((_, at) => at % step === 0)
    .map((tick) => ({ at: scale(tick), text: say(formatOn(axis, tick * size, size)) }));
  return { at: (value) => scale(Math.max(value, least * 0.8) / size), ticks };
}

/** 1, 2 and 5 of each power of ten. */
function isRound(tick: number): boolean {
  const lead = tick / 10 ** Math.floor(Math.log10(tick) + 1e-9);
  return [1, 2, 5].some((one) => Math.abs(lead - one) < 1e-6);
}

/** The unit in which marks should be round. */
function sizeOf({ unit }: Axis, most: number): number {
  switch (unit) {
    case 'gib':
      return bytesPerGiB;
    case 'disk':
      return most >= 1000 * bytesPerGB ? 1000 * bytesPerGB : bytesPerGB;
    case 'money':
      return 1e6;
    case 'duration':
      return most >= 10 * day ? day : most >= 2 * hour ? hour : most >= 120 ? 60 : most >= 1 ? 1 : 1e-3;
    default:
      return 1;
  }
}

const timeUnits: ReadonlyMap<number, string> = new Map([
  [day, 'd'],
  [hour, 'h'],
  [60, 'min'],
]);

/** A time in the unit in which the marks are round: "50 h", not "2 d 2 h". */
function formatMark(seconds: number, size: number): string {
  const unit = timeUnits.get(size);
  return unit === undefined || seconds < size ? formatDuration(seconds) : `${formatNumber(seconds / size)} ${unit}`;
}

/** A mark's words. */
function formatOn({ unit, currency }: Axis, value: number, size: number): string {
  if (value === 0) return '0';
  switch (unit) {
    case 'gib':
      return formatGiB(value);
    case 'disk':
      return formatDisk(value);
    case 'money':
      return formatMoney({ currency: currency ?? 'USD', micros: value });
    case 'duration':
      return formatMark(value, size);
    default:
      return formatNumber(value);
  }
}
