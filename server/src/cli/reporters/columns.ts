/** One column of a printed table; numbers stand to the right. */
export interface Column<R> {
  readonly title: string;
  readonly right?: boolean;
  cell(row: R): string;
}

/** Rows as aligned text under their titles, without spaces at the line ends. */
export function formatColumns<R>(columns: readonly Column<R>[], rows: readonly R[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((text, i) => (columns[i]?.right ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
