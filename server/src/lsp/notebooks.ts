import type { Cell, SourceFile } from '#core/source/source-file.ts';

/** A cell as the editor has it. */
export interface CellText {
  readonly uri: string;
  /** Position over all cells, Markdown cells counted. */
  readonly index: number;
  readonly text: string;
}

/** The program of a notebook: its Python cells in order, one document. Lines that are no Python are made comments of the same length. */
export function joinCells(uri: string, version: number, cells: readonly CellText[]): SourceFile {
  const joined: Cell[] = [];
  let text = '';
  for (const cell of cells) {
    const start = text.length;
    text += maskMagics(cell.text);
    joined.push({ index: cell.index, uri: cell.uri, start, end: text.length });
    text += '\n';
  }
  return { uri, languageId: 'python', version, text, cells: joined };
}

/** Comments out line magics, shell escapes and whole cells of another language; offsets stay as they are. */
export function maskMagics(text: string): string {
  const foreign = /^\s*%%(?!time|timeit|capture|prun|python|py\b)/.test(text);
  return text
    .split('\n')
    .map((line) => {
      const start = foreign ? /\S/.exec(line) : /^\s*([%!]|\?)/.exec(line);
      if (!start) return line;
      const at = line.search(/\S/);
      return `${line.slice(0, at)}#${line.slice(at + 1)}`;
    })
    .join('\n');
}
