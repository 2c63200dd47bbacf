import type { SourceFile } from './source-file.ts';

/** A place as people count: 1-based line and column; in a notebook the line within its 0-based cell. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly cell?: number;
}

const starts = new WeakMap<SourceFile, Uint32Array>();

/** Offsets at which lines begin; computed once per document version. */
export function lineStarts(file: SourceFile): Uint32Array {
  const known = starts.get(file);
  if (known) return known;
  const found: number[] = [0];
  for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) found.push(at + 1);
  const result = Uint32Array.from(found);
  starts.set(file, result);
  return result;
}

/** 0-based line that holds the offset. */
export function lineAt(file: SourceFile, offset: number): number {
  const lines = lineStarts(file);
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Offset of the end of the line that holds `offset`, before its line break. */
export function lineEnd(file: SourceFile, offset: number): number {
  const next = file.text.indexOf('\n', offset);
  const end = next < 0 ? file.text.length : next;
  return end > 0 && file.text[end - 1] === '\r' ? Math.max(offset, end - 1) : end;
}

/** The line break that a document uses. */
export function lineBreak({ text }: Pick<SourceFile, 'text'>): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The place of an offset as people count it. */
export function placeOf(file: SourceFile, offset: number): Place {
  const line = lineAt(file, offset);
  const column = offset - (lineStarts(file)[line] ?? 0) + 1;
  const cell = file.cells?.find((one) => one.start <= offset && offset <= one.end);
  if (!cell) return { line: line + 1, column };
  return { line: line - lineAt(file, cell.start) + 1, column, cell: cell.index };
}
