import type { Cell, SourceFile } from './source-file.ts';

/** A code cell with its place among all cells. */
export interface CellText {
  readonly index: number;
  readonly text: string;
  /** The editor's document of this cell, where one is open. */
  readonly uri?: string;
}

/** The program of a notebook: its Python cells in order as one document. Lines that are no Python become comments of the same length. */
export function joinCells(uri: string, version: number, cells: readonly CellText[]): SourceFile {
  const joined: Cell[] = [];
  let text = '';
  for (const cell of cells) {
    const start = text.length;
    text += maskMagics(cell.text);
    joined.push({ index: cell.index, start, end: text.length, ...(cell.uri === undefined ? {} : { uri: cell.uri }) });
    text += '\n';
  }
  return { uri, languageId: 'notebook', version, text, cells: joined };
}

/** The code cells that a notebook's JSON holds; undefined where the text is no notebook. */
export function readCells(json: string): readonly CellText[] | undefined {
  const notebook = parse(json);
  const cells = isRecord(notebook) ? notebook['cells'] : undefined;
  if (!Array.isArray(cells)) return undefined;
  return cells.flatMap((cell: unknown, index): CellText[] => {
    if (!isRecord(cell) || cell['cell_type'] !== 'code') return [];
    const { source } = cell as { readonly source?: unknown };
    const text = Array.isArray(source) ? source.filter((line) => typeof line === 'string').join('') : source;
    return typeof text === 'string' ? [{ index, text }] : [];
  });
}

/** A notebook's JSON as one Python document; undefined where the text is no notebook. */
export function readNotebook(uri: string, version: number, json: string): SourceFile | undefined {
  const cells = readCells(json);
  return cells && joinCells(uri, version, cells);
}

/** Comments out line magics, shell escapes and whole cells of another language; offsets stay as they are. */
export function maskMagics(text: string): string {
  const foreign = /^\s*%%(?!time|timeit|capture|prun|python|py\b)/.test(text);
  return text
    .split('\n')
    .map((line) => {
      const masked = foreign ? /\S/.test(line) : /^\s*[%!?]/.test(line);
      if (!masked) return line;
      const at = line.search(/\S/);
      return `${line.slice(0, at)}#${line.slice(at + 1)}`;
    })
    .join('\n');
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    // A notebook that is being saved is not whole yet: it is no notebook for now.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
