import type { DatasetEntry } from '../../catalog/catalog.ts';
import { exact, type Known, likely, originOf } from '../known.ts';

/** What a table tells of the size of a dataset or of a part of it. */
export type DatasetSizes = Pick<DatasetEntry, 'examples' | 'tokens' | 'meanTokens' | 'imageSide'>;

/**
 * Sizes of the split that a program asks for, in the form that `datasets` reads: parts added up ("train+validation"),
 * each whole or a slice of it by examples or percent ("train[:5000]", "train[10%:]", "train[-100:]").
 * `find` answers a whole split by its name. Unknown where a part is, or where a slice's form or whole is not known.
 */
export function sizesOfSplit(
  split: string | undefined,
  find: (split: string | undefined) => DatasetEntry | undefined,
): DatasetSizes | undefined {
  const whole = split?.includes('+') ? find(split) : undefined;
  if (whole && whole.split === split) return whole;
  const parts = (split ?? '').split('+').map((part) => part.trim());
  const sizes = parts.map((part) => sizesOfPart(part, find));
  const [first] = sizes;
  if (parts.length === 1 || !first) return first;
  const counts = sizes.map((one) => one?.examples);
  const sum = counts.every((count) => count !== undefined) ? added(counts) : undefined;
  return sum && { examples: sum, ...(first.meanTokens ? { meanTokens: first.meanTokens } : {}) };
}

function sizesOfPart(
  part: string,
  find: (split: string | undefined) => DatasetEntry | undefined,
): DatasetSizes | undefined {
  const open = part.indexOf('[');
  if (open < 0) return find(part || undefined);
  const whole = find(part.slice(0, open) || undefined);
  const count = whole?.examples && likely(whole.examples);
  if (!whole?.examples || count === undefined) return undefined;
  const kept = shareOf(part.slice(open), count);
  if (kept === undefined) return undefined;
  return {
    examples: scaled(whole.examples, kept),
    ...(whole.tokens ? { tokens: scaled(whole.tokens, kept) } : {}),
    ...(whole.meanTokens ? { meanTokens: whole.meanTokens } : {}),
  };
}

/** Share of `count` examples that a slice keeps; ends beyond the split are cut, negative ones count from behind. */
function shareOf(slice: string, count: number): number | undefined {
  const match = /^\[\s*(?:(-?[\d_]+)\s*(%?))?\s*:\s*(?:(-?[\d_]+)\s*(%?))?\s*\]$/.exec(slice);
  if (!match) return undefined;
  const [, from, fromPercent, to, toPercent] = match;
  const place = (digits: string | undefined, percent: string | undefined, otherwise: number) => {
    if (digits === undefined) return otherwise;
    const value = Number(digits.replaceAll('_', ''));
    const at = percent ? Math.round((value / 100) * count) : value;
    return Math.min(count, Math.max(0, at < 0 ? count + at : at));
  };
  const kept = place(to, toPercent, count) - place(from, fromPercent, 0);
  return kept > 0 ? kept / count : undefined;
}

function scaled(known: Known<number>, share: number): Known<number> {
  if (known.kind === 'exact') return { ...known, value: Math.round(known.value * share) };
  if (known.kind !== 'range') return known;
  return { ...known, low: known.low * share, likely: known.likely * share, high: known.high * share };
}

/** The sum of several counts, exact where all are, with the origin of the first. */
function added(counts: readonly Known<number>[]): Known<number> | undefined {
  const origin = counts[0] && originOf(counts[0]);
  const ends = counts.flatMap((one) => {
    if (one.kind === 'exact') return [{ low: one.value, likely: one.value, high: one.value }];
    return one.kind === 'range' ? [one] : [];
  });
  if (!origin || ends.length < counts.length) return undefined;
  const sum = (end: 'low' | 'likely' | 'high') => ends.reduce((total, one) => total + one[end], 0);
  const [low, middle, high] = [sum('low'), sum('likely'), sum('high')];
  return low === high ? exact(middle, origin) : { kind: 'range', low, likely: middle, high, origin };
}
