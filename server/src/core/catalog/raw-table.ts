import { tableFormat } from './rows.ts';

/** A row by column, repeated words resolved; an empty cell is absent. */
export type TableRow = { readonly [column: string]: TableCell | undefined };

export type TableCell = string | number | boolean | readonly string[];

/** The number in a cell; undefined for any other cell. */
export function numberIn(cell: TableCell | undefined): number | undefined {
  return typeof cell === 'number' ? cell : undefined;
}

/** A table as it lies in its file, nothing of it judged. */
export interface RawTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns whose words are kept once, in a list. */
  readonly shared: readonly string[];
  readonly rows: readonly TableRow[];
}

interface TableFile {
  readonly format: unknown;
  readonly table: string;
  readonly columns: readonly string[];
  readonly strings: Readonly<Record<string, readonly string[]>>;
  readonly rows: readonly (readonly unknown[])[];
}

/** Reads a table's text; undefined where it is no table of ours. */
export function readTable(text: string): RawTable | undefined {
  const file = parsed(text);
  if (!file) return undefined;
  const rows = file.rows.map((cells) => {
    const row: Record<string, TableCell> = {};
    for (const [i, column] of file.columns.entries()) {
      const cell = cells[i];
      const word = typeof cell === 'number' ? file.strings[column]?.[cell] : undefined;
      const value = word ?? cell;
      if (isCell(value)) row[column] = value;
    }
    return row;
  });
  return { name: file.table, columns: file.columns, shared: Object.keys(file.strings), rows };
}

/** What a table's text is as a whole, its rows only counted. */
export interface TableHead extends Pick<RawTable, 'name' | 'columns'> {
  readonly size: number;
  /** Words that a column shares; each stands in some row. */
  words(column: string): readonly string[];
}

/** Reads what a table's text is as a whole; undefined where it is no table of ours. */
export function readTableHead(text: string): TableHead | undefined {
  const file = parsed(text);
  if (!file) return undefined;
  const { table: name, columns, strings, rows } = file;
  return { name, columns, size: rows.length, words: (column) => strings[column] ?? [] };
}

/** Writes a table's text: a line for the head, one for each row, repeated words by position. */
export function writeTable({ name, columns, shared, rows }: RawTable): string {
  const strings = Object.fromEntries(
    shared.map((column) => [
      column,
      [...new Set(rows.flatMap((row) => (row[column] === undefined ? [] : [String(row[column])])))].sort(),
    ]),
  );
  const places = new Map(
    Object.entries(strings).map(([column, words]) => [column, new Map(words.map((word, i) => [word, i]))]),
  );
  const lines = rows.map((row) => {
    const cells = columns.map((column) => {
      const value = row[column];
      return value === undefined ? null : (places.get(column)?.get(String(value)) ?? value);
    });
    while (cells.length > 0 && cells.at(-1) === null) cells.pop();
    return JSON.stringify(cells);
  });
  const head = JSON.stringify({ format: tableFormat, table: name, columns, strings }).slice(0, -1);
  return `${head},"rows":[\n${lines.join(',\n')}\n]}\n`;
}

function parsed(text: string): TableFile | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTable(value: unknown): value is TableFile {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as { readonly [key: string]: unknown };
  return (
    file['format'] === tableFormat &&
    typeof file['table'] === 'string' &&
    Array.isArray(file['columns']) &&
    typeof file['strings'] === 'object' &&
    file['strings'] !== null &&
    Array.isArray(file['rows']) &&
    file['rows'].every((row) => Array.isArray(row))
  );
}

function isCell(value: unknown): value is TableCell {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || Array.isArray(value);
}
