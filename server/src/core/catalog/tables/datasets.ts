import type { Origin } from '../../source/traced.ts';
import { exact, type Known } from '../../workload/known.ts';
import type { DatasetEntry } from '../catalog.ts';
import { compact, isDate, openRows, type Rows } from '../rows.ts';

/** A dataset row with the further ids it answers to. */
export interface DatasetRow {
  readonly entry: DatasetEntry;
  readonly aliases: readonly string[];
}

/** Half width of a count that its source rounds to three digits. */
const rounding = 0.01;
/** Spread of a mean length that its source works out from characters or does not say how. */
const estimatedMean = 0.2;

/** The table of datasets: examples exact or rounded, tokens in the tokenizer named. */
export function openDatasets(asset: unknown): Rows<DatasetRow> {
  return openRows<DatasetRow>(asset, 'datasets', (cells) => {
    const id = cells.text('id');
    const source = cells.text('source');
    if (!id || !source) return { bad: 'lacks its id or source' };
    const asOf = cells.text('asOf');
    if (asOf !== undefined && !isDate(asOf)) return { bad: `(${id}) has the date ${asOf}` };
    const examples = cells.number('examples');
    const tokens = cells.number('tokens');
    const mean = cells.number('meanTokens');
    if ([examples, tokens, mean].some((figure) => figure !== undefined && figure <= 0))
      return { bad: `(${id}) has a figure that is not positive` };
    const config = cells.text('config');
    const split = cells.text('split');
    const row = [id, config, split].filter(Boolean).join(' ');
    const origin: Origin = { kind: 'table', table: 'datasets', row, source, ...(asOf !== undefined && { asOf }) };
    const tokenizer = cells.text('tokenizer');
    const vague = tokenizer === undefined || /estimated|unspecified|nominal/.test(tokenizer);
    const entry = compact({
      id,
      config,
      split,
      examples: examples === undefined ? undefined : about(examples, cells.flag('rounded') ? rounding : 0, origin),
      tokens: tokens === undefined ? undefined : about(tokens, vague ? estimatedMean / 2 : rounding, origin),
      meanTokens: mean === undefined ? undefined : about(mean, vague ? estimatedMean : 0, origin),
      tokenizer,
      modality: cells.text('modality'),
      imageSide: sideOf(cells.text('imageSize'), origin),
      bytes: cells.number('bytes'),
      source,
      asOf,
    });
    return { entry, aliases: cells.list('aliases') };
  });
}

function about(value: number, spread: number, origin: Origin): Known<number> {
  if (spread === 0) return exact(value, origin);
  return { kind: 'range', low: value * (1 - spread), likely: value, high: value * (1 + spread), origin };
}

/** The longer side of "32x32x3": height, width and channels. */
function sideOf(size: string | undefined, origin: Origin): Known<number> | undefined {
  const [, height, width] = /^(\d+)x(\d+)/.exec(size ?? '') ?? [];
  return height === undefined || width === undefined
    ? undefined
    : exact(Math.max(Number(height), Number(width)), origin);
}
