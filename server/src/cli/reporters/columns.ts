import { stripVTControlCharacters } from 'node:util';
import type { CliHost } from '../host.ts';

/** One column of a printed table; numbers stand to the right. */
export interface Column<R> {
  readonly title: string;
  readonly right?: boolean;
  cell(row: R): string;
}

/** What the output is: its colours, and its columns where it is a terminal. */
export type Look = Pick<CliHost, 'paint' | 'width'>;

/** A path is never shortened to less. */
const shortest = 24;

/**
 * Rows as aligned text under their titles, without spaces at the line ends. Where a line would be wider than the terminal the
 * first column, which names things, is shortened at its front.
 */
export function formatColumns<R>(columns: readonly Column<R>[], rows: readonly R[], look: Partial<Look> = {}): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  const whole = widths.reduce((sum, one) => sum + one + 2, -2);
  const first = widths[0] ?? 0;
  const over = look.width === undefined ? 0 : Math.max(whole - look.width, 0);
  const room = Math.max(first - over, Math.min(first, shortest));
  const lines = cells.map((line) =>
    line
      .map((text, i) => {
        const width = i === 0 ? room : (widths[i] ?? 0);
        const shown = text.length > width ? `…${text.slice(text.length - width + 1)}` : text;
        return columns[i]?.right ? shown.padStart(width) : shown.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...rest] = lines;
  return [look.paint ? look.paint('bold', head) : head, ...rest].join('\n');
}

/** A line folded at words where it is wider than the terminal, further lines indented by two more. */
export function foldLine(line: string, width: number | undefined): string {
  if (width === undefined || stripVTControlCharacters(line).length <= width) return line;
  const indent = ' '.repeat((/^ */.exec(line)?.[0].length ?? 0) + 2);
  const lines: string[] = [];
  let here = '';
  for (const word of line.split(/(?<=\S)(?= )/)) {
    if (here.trim() !== '' && stripVTControlCharacters(here + word).length > width) {
      lines.push(here);
      here = `${indent}${word.trimStart()}`;
    } else here += word;
  }
  return [...lines, here].join('\n');
}
