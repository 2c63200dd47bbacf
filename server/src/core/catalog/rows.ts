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

/** A table whose rows are decoded one by one, when they are asked for: a start pays for no row that it does not use. */
export interface Rows<T> {
  readonly size: number;
  /** A word as it lies in a row, nothing of it judged: for indexes. */
  text(row: number, column: string): string | undefined;
  /** A list of words as it lies in a row. */
  list(row: number, column: string): readonly string[];
  /** What a row comes to; undefined where it does not hold. */
  at(row: number): T | undefined;
  /** Stretches of rows whose cells agree in some columns, as the tables are sorted: first row, and the row after the last. */
  stretches(columns: readonly string[]): readonly (readonly [from: number, to: number])[];
  /** What the rows come to that have a word in a column, in their order. */
  where(column: string, word: string): readonly T[];
  /** Every row that holds, and what is wrong with the others. */
  all(): Outcome<readonly T[]>;
}

/**
 * Opens one of our tables. A table is JSON: column names, lists of repeated strings by column, rows of cells (positions
 * in those lists where a column has one). A table or row that does not hold is left out and named in the problems of
 * `all`; nothing is thrown.
 */
export function openRows<T extends object>(asset: unknown, table: string, decode: DecodeRow<T>): Rows<T> {
  const opened = tableOf(asset);
  if (typeof opened === 'string') return noRows(table, opened);
  const { place, words, rows } = opened;
  const cellOf = (row: unknown, column: string): unknown => {
    const i = place.get(column);
    if (i === undefined || !Array.isArray(row)) return undefined;
    const value: unknown = row[i];
    const list = words[i];
    return list && typeof value === 'number' ? list[value] : value;
  };
  let row: unknown;
  const cells: Cells = {
    text: (column) => textOf(cellOf(row, column)),
    number: (column) => finite(cellOf(row, column)),
    flag: (column) => {
      const value = cellOf(row, column);
      return typeof value === 'boolean' ? value : undefined;
    },
    list: (column) => listOf(cellOf(row, column)),
  };
  const made: (T | { readonly bad: string } | undefined)[] = new Array(rows.length);
  const decoded = (i: number): T | { readonly bad: string } => {
    const before = made[i];
    if (before) return before;
    row = rows[i];
    const value = Array.isArray(row) ? decode(cells) : { bad: 'is no list' };
    made[i] = value;
    return value;
  };
  const at = (i: number): T | undefined => {
    if (i < 0 || i >= rows.length) return undefined;
    const value = decoded(i);
    return 'bad' in value ? undefined : value;
  };
  return {
    size: rows.length,
    text: (i, column) => textOf(cellOf(rows[i], column)),
    list: (i, column) => listOf(cellOf(rows[i], column)),
    at,
    stretches(columns) {
      const places = columns.map((column) => place.get(column) ?? -1);
      const found: (readonly [number, number])[] = [];
      let from = 0;
      for (let i = 1; i <= rows.length; i++) {
        if (i < rows.length && agree(rows[i - 1], rows[i], places)) continue;
        found.push([from, i]);
        from = i;
      }
      return found;
    },
    where(column, word) {
      const found: T[] = [];
      for (let i = 0; i < rows.length; i++) {
        const value = cellOf(rows[i], column) === word ? at(i) : undefined;
        if (value) found.push(value);
      }
      return found;
    },
    all() {
      const value: T[] = [];
      const problems: Problem[] = [];
      for (let i = 0; i < rows.length; i++) {
        const one = decoded(i);
        if ('bad' in one) problems.push(problem(table, `row ${i + 1} ${one.bad}`));
        else value.push(one);
      }
      return { value, problems };
    },
  };
}

/** The rows of a table, all decoded at once. */
export function decodeRows<T extends object>(
  asset: unknown,
  table: string,
  decode: DecodeRow<T>,
): Outcome<readonly T[]> {
  return openRows(asset, table, decode).all();
}

interface OpenTable {
  readonly place: ReadonlyMap<string, number>;
  /** The words of each column that shares them. */
  readonly words: readonly (readonly string[] | undefined)[];
  readonly rows: readonly unknown[];
}

/** The table, or what is wrong with it as a whole. */
function tableOf(asset: unknown): OpenTable | string {
  const file = parsed(asset);
  if (!isRecord(file)) return 'is missing or is no JSON object';
  const { format, columns, strings, rows } = file;
  if (format !== tableFormat) return `has format ${String(format)}, and ${tableFormat} is read`;
  if (!isStrings(columns) || !isRecord(strings) || !Array.isArray(rows)) return 'lacks columns or rows';
  const words = columns.map((name) => (isStrings(strings[name]) ? strings[name] : undefined));
  return { place: new Map(columns.map((name, i) => [name, i])), words, rows };
}

/** True where two rows have the same cells at some places, as they lie there. */
function agree(a: unknown, b: unknown, places: readonly number[]): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  for (const place of places) if (a[place] !== b[place]) return false;
  return true;
}

function noRows<T>(table: string, what: string): Rows<T> {
  return {
    size: 0,
    text: () => undefined,
    list: () => [],
    at: () => undefined,
    stretches: () => [],
    where: () => [],
    all: () => ({ value: [], problems: [problem(table, what)] }),
  };
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

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): readonly string[] {
  return isStrings(value) ? value : [];
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
