/** A CSV text as header and rows of cells; quoted cells may hold commas, quotes and line breaks. */
export function parseCsv(text: string): {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const lines: string[][] = [];
  let cells: string[] = [];
  let start = 0;
  let quoted = false;
  const cut = (end: number) => {
    const cell = text.slice(start, end).replace(/\r$/, '');
    cells.push(cell.startsWith('"') ? cell.replace(/^"|"$/g, '').replaceAll('""', '"') : cell);
    start = end + 1;
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === ',') cut(i);
    else if (!quoted && sign === '\n') {
      cut(i);
      lines.push(cells);
      cells = [];
    }
  }
  if (start < text.length || cells.length > 0) {
    cut(text.length);
    lines.push(cells);
  }
  const [header = [], ...rows] = lines;
  return { header, rows: rows.filter((row) => row.length === header.length) };
}
