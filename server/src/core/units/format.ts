import type { Interval } from './interval.ts';
import type { Money, MoneyInterval } from './money.ts';
import { bytesPerGB, bytesPerGiB } from './quantity.ts';

/** Narrower than this (relative half width) a range is left out: it would not change a decision. */
const negligibleSpread = 0.05;

/** Formats by locale and options: making one takes longer than a hundred uses. As many as there are kinds of figures. */
const formats = new Map<string, Intl.NumberFormat>();

function format(value: number, locale: string, options: Intl.NumberFormatOptions): string {
  const { currency, minimumFractionDigits, maximumFractionDigits, maximumSignificantDigits } = options;
  const key = `${locale} ${currency} ${minimumFractionDigits} ${maximumFractionDigits} ${maximumSignificantDigits}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  if (formats.size < 256) formats.set(key, known);
  return known.format(value);
}

/** Two significant digits, three where the first is 1: more than an estimate deserves is noise. */
export function digitsFor(value: number): 2 | 3 {
  return String(Math.abs(value).toExponential()).startsWith('1') ? 3 : 2;
}

/** A plain figure: "1,240", "0.84", "71". */
export function formatNumber(value: number, locale = 'en-US'): string {
  if (!Number.isFinite(value)) return 'unknown';
  const digits = Math.abs(value) >= 100 && Math.abs(value) < 1000 && digitsFor(value) === 2 ? 3 : digitsFor(value);
  return format(value, locale, { maximumSignificantDigits: digits });
}

/** A count of things, exact below ten thousand: "96", "1,234", "207,865" is "208,000". */
export function formatCount(value: number, locale = 'en-US'): string {
  return format(value, locale, value < 10_000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

/** A whole number with every digit, for what a user may type again: "131,072". */
export function formatWhole(value: number, locale = 'en-US'): string {
  return format(value, locale, { maximumFractionDigits: 0 });
}

/** Parameters of a model: "8.03B", "124M". */
export function formatParameters(value: number): string {
  const [unit, size] = value >= 1e12 ? ['T', 1e12] : value >= 1e9 ? ['B', 1e9] : value >= 1e6 ? ['M', 1e6] : ['K', 1e3];
  return `${format(value / Number(size), 'en-US', { maximumSignificantDigits: 3 })}${unit}`;
}

/** Device memory in GiB without the unit; one decimal below ten. */
export function formatGiB(value: number): string {
  const size = value / bytesPerGiB;
  return format(size, 'en-US', { maximumFractionDigits: size < 10 ? 1 : 0 });
}

/** Bytes on disk or wire: "62 GB", "2.9 TB". */
export function formatDisk(value: number): string {
  const size = value / bytesPerGB;
  if (size >= 1e6) return `${formatNumber(size / 1e6)} PB`;
  if (size >= 1000) return `${formatNumber(size / 1000)} TB`;
  return size >= 1 ? `${formatNumber(size)} GB` : `${formatNumber(size * 1000)} MB`;
}

/** A stretch of wall clock: "1.2 s", "34 min", "16.4 h", "2 d 4 h". */
export function formatDuration(value: number): string {
  if (value < 1) return `${formatNumber(value * 1000)} ms`;
  if (value < 120) return `${formatNumber(value)} s`;
  if (value < 7200) return `${formatNumber(value / 60)} min`;
  const hours = value / 3600;
  if (hours < 48) return `${formatNumber(hours)} h`;
  const days = Math.floor(hours / 24);
  const rest = Math.round(hours - days * 24);
  return days >= 10 || rest === 0 ? `${formatNumber(hours / 24)} d` : `${days} d ${rest} h`;
}

/** A stretch of wall clock with its range, all three points in the unit of the likely one: "2.3 h (2-2.7)". */
export function formatDurationInterval(value: Interval): string {
  const { seconds, name } = durationUnits.find(({ from }) => value.likely >= from) ?? { seconds: 1, name: 's' };
  return formatInterval(value, (point) => `${formatNumber(point / seconds)} ${name}`);
}

/** Units by the least length that is told in them; below ten days ranges stay in hours. */
const durationUnits = [
  { from: 864_000, seconds: 86_400, name: 'd' },
  { from: 7200, seconds: 3600, name: 'h' },
  { from: 120, seconds: 60, name: 'min' },
  { from: 1, seconds: 1, name: 's' },
  { from: 0, seconds: 1e-3, name: 'ms' },
] as const;

/** An amount of money: "$412", "$0.84", "€1,240". Never "$0.00": a smaller amount than a hundredth keeps its digits. */
export function formatMoney(value: Money, locale = 'en-US'): string {
  const amount = value.micros / 1e6;
  const digits = Math.abs(amount) >= 100 && Math.abs(amount) < 1000 ? 3 : digitsFor(amount);
  return format(amount, locale, {
    style: 'currency',
    currency: value.currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 0,
    maximumSignificantDigits: digits,
  });
}

/** Likely first, then low-high in brackets where the range matters: "16.4 h (13-21)". `one` formats a point, unit and all. */
export function formatInterval(value: Interval, one: (point: number) => string): string {
  const likely = one(value.likely);
  const range = rangeOf(value, one);
  return range === undefined ? likely : `${likely} (${range})`;
}

/** Low-high with the unit written once; undefined where the range is too narrow to matter. */
export function rangeOf(value: Interval, one: (point: number) => string): string | undefined {
  const { low, likely, high } = value;
  if (!(likely > 0) || (high / likely - 1 < negligibleSpread && 1 - low / likely < negligibleSpread)) return undefined;
  const [from, to] = [one(low), one(high)];
  if (from === to) return undefined;
  const unit = /[^\d.,]*$/.exec(to)?.[0] ?? '';
  const sign = /^[^\d-]*/.exec(to)?.[0] ?? '';
  const bare = (text: string) => {
    const front = sign && text.startsWith(sign) ? text.slice(sign.length) : text;
    return unit && front.endsWith(unit) ? front.slice(0, -unit.length) : front;
  };
  const [low1, high1] = [bare(from), bare(to)];
  const sameUnit = !/[^\d.,]/.test(low1);
  return sameUnit ? `${low1}-${high1}` : `${from} to ${to}`;
}

/** Money with its range: "$412 (330-520)". */
export function formatMoneyInterval(value: MoneyInterval, locale = 'en-US'): string {
  return formatInterval(value.micros, (micros) => formatMoney({ currency: value.currency, micros }, locale));
}

/** A relative change with its sign: "-49 %", "+3 %". */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
