// Reads tables: CSV as it is collected, JSON as it is shipped.
import { existsSync, readFileSync } from 'node:fs';

/** Rows of a CSV text as objects; quotes and line breaks inside quotes are understood. */
export const parseCsv = (text) => {
  const lines = [];
  let cells = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ',') {
      cells.push(cell);
      cell = '';
    } else if (!quoted && c === '\n') {
      lines.push([...cells, cell]);
      cells = [];
      cell = '';
    } else if (quoted || c !== '\r') cell += c;
  }
  if (cell || cells.length > 0) lines.push([...cells, cell]);
  const [header = [], ...rows] = lines;
  return rows
    .filter((row) => row.length > 1)
    .map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
};

/** The rows of a table as it is shipped. */
export const shippedRows = (path) => {
  if (!existsSync(path)) return [];
  const { columns, strings, rows } = JSON.parse(readFileSync(path, 'utf8'));
  return rows.map((cells) =>
    Object.fromEntries(
      columns.map((name, i) => [
        name,
        typeof cells[i] === 'number' ? (strings[name]?.[cells[i]] ?? cells[i]) : (cells[i] ?? null),
      ]),
    ),
  );
};
