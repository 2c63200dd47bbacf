import type { Outcome, Problem } from '../source/problem.ts';

/** The cells of one row by column name. A cell that is empty, or of another type than asked for, is undefined. */
export interface Cells {
  text(column: string): string | undefined;
  number(column: string): number | undefined;
  flag(column: string): boolean | undefined;
  list(column: string): readonly string[];
}

/** Makes one thing of a row, or says in words why the row cannot be used. */
export type DecodeRow<T> = (cells: Cells) => T | { readonly bad: string };

/** The one version of the table form that this code reads. */
export const tableFormat = 1;

/**
 * Rows of one of our tables, each decoded. A table is JSON: column names, lists of repeated strings by column,
 * rows of cells (positions in those lists where a column has one). A table or row that does not hold is left out
 * and named in the problems; nothing is thrown.
 */
export function decodeRows<T extends object>(
  asset: unknown,
  table: string,
  decode: DecodeRow<T>,
): Outcome<readonly T[]> {
  const file = parsed(asset);
  if (!isRecord(file)) return failed(table, 'is missing or is no JSON object');
  const { format, columns, strings, rows } = file;
  if (format !== tableFormat) return failed(table, `has format ${String(format)}, and ${tableFormat} is read`);
  if (!isStrings(columns) || !isRecord(strings) || !Array.isArray(rows)) return failed(table, 'lacks columns or rows');
  const place = new Map(columns.map((name, i) => [name, i]));
  const words = columns.map((name) => (isStrings(strings[name]) ? strings[name] : undefined));
  let row: readonly unknown[] = [];
  const cell = (column: string): unknown => {
    const i = place.get(column);
    if (i === undefined) return undefined;
    const value = row[i];
    const list = words[i];
    return list && typeof value === 'number' ? list[value] : value;
  };
  const cells: Cells = {
    text: (column) => {
      const value = cell(column);
      return typeof value === 'string' ? value : undefined;
    },
    number: (column) => finite(cell(column)),
    flag: (column) => {
      const value = cell(column);
      return typeof value === 'boolean' ? value : undefined;
    },
    list: (column) => {
      const value = cell(column);
      return isStrings(value) ? value : [];
    },
  };
  const value: T[] = [];
  const problems: Problem[] = [];
  for (let i = 0; i < rows.length; i++) {
    const candidate: unknown = rows[i];
    if (!Array.isArray(candidate)) {
      problems.push(problem(table, `row ${i + 1} is no list`));
      continue;
    }
    row = candidate;
    const made = decode(cells);
    if ('bad' in made) problems.push(problem(table, `row ${i + 1} ${made.bad}`));
    else value.push(made);
  }
  return { value, problems };
}

/** The object with its undefined members left out, so that absent fields are absent. */
export function compact<T extends object>(
  value: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  const result: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) result[key] = value[key];
  return result as ReturnType<typeof compact<T>>;
}

/** A year, a month or a day, as the tables date their rows. */
export function isDate(value: string): boolean {
  return /^(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/.test(value);
}

/** When a row's figure was read: the date its source gives, else the day on which it was retrieved, marked as that. */
export interface RowDate {
  readonly asOf: string;
  readonly retrieved?: true;
}

/** The date of a row; undefined where it has neither, or one that is no date. */
export function dateOf(cells: Cells): RowDate | undefined {
  const asOf = cells.text('asOf');
  if (asOf !== undefined) return isDate(asOf) ? { asOf } : undefined;
  const retrieved = cells.text('retrieved');
  return retrieved !== undefined && isDate(retrieved) ? { asOf: retrieved, retrieved: true } : undefined;
}

function parsed(asset: unknown): unknown {
  if (typeof asset !== 'string') return asset;
  try {
    return JSON.parse(asset);
  } catch {
    return undefined;
  }
}

function problem(table: string, what: string): Problem {
  return { code: 'bad-table', message: `Table ${table} ${what}.` };
}

function failed<T>(table: string, what: string): Outcome<readonly T[]> {
  return { value: [], problems: [problem(table, what)] };
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
