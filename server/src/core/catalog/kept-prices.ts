import type { Outcome } from '../source/problem.ts';
import type { PriceTables } from './merge-snapshot.ts';
import { readTableHead } from './raw-table.ts';

/** Refreshed price tables with the day of the refresh, as they are kept for one user in one file. */
export interface KeptPrices {
  /** ISO date of the refresh. */
  readonly asOf: string;
  readonly tables: PriceTables;
}

/** Version of the file's form. */
const keptFormat = 2;

const names = ['instances', 'offers', 'commitments', 'spot-interruption'] as const;

/** The file's text: one file, so that it is replaced at one stroke. */
export function writeKeptPrices({ asOf, tables }: KeptPrices): string {
  return `${JSON.stringify({ format: keptFormat, asOf, tables })}\n`;
}

/** Reads the file's text; undefined where it is not of our form. */
export function readKeptPrices(text: string): KeptPrices | undefined {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(file) || file['format'] !== keptFormat || !isObject(file['tables'])) return undefined;
  const { asOf, tables } = file;
  const [instances, offers, commitments, spot] = names.map((name) => tables[name]);
  if (typeof asOf !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(asOf)) return undefined;
  if (typeof instances !== 'string' || typeof offers !== 'string') return undefined;
  if (typeof commitments !== 'string' || typeof spot !== 'string') return undefined;
  return { asOf, tables: { instances, offers, commitments, 'spot-interruption': spot } };
}

/**
 * The kept tables, where they may stand for the shipped ones: of our form, each table whole with the shipped columns and
 * not emptier, and refreshed no earlier than the newest shipped price. Else none, and the reason.
 */
export function usablePrices(text: string, shipped: PriceTables): Outcome<PriceTables | undefined> {
  const unused = (why: string) => ({
    value: undefined,
    problems: [{ code: 'kept-prices', message: `Refreshed prices ${why}; the shipped ones are used.` }],
  });
  const kept = readKeptPrices(text);
  if (!kept) return unused('are damaged or of another version');
  for (const name of names) {
    const [table, model] = [readTableHead(kept.tables[name]), readTableHead(shipped[name])];
    const whole =
      table?.name === model?.name &&
      table?.columns.join() === model?.columns.join() &&
      (table?.size ?? 0) * 2 >= (model?.size ?? 0);
    if (!whole) return unused(`of ${kept.asOf} have a damaged table of ${name}`);
  }
  const newest = newestDate(shipped.offers);
  if (kept.asOf < newest) return unused(`of ${kept.asOf} are older than the shipped ones of ${newest}`);
  return { value: kept.tables, problems: [] };
}

/** The newest day among the dates of a table's rows. */
function newestDate(text: string): string {
  const dates = readTableHead(text)?.words('asOf') ?? [];
  return dates.reduce((best, one) => (one.length === 10 && one > best ? one : best), '');
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
