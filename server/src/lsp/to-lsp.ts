import type { Location, Position, Range } from 'vscode-languageserver';
import { lineAt, lineEnd, lineStarts } from '#core/source/lines.ts';
import type { Cell, SourceFile } from '#core/source/source-file.ts';
import type { Span } from '#core/source/span.ts';

/** The cell that holds an offset; undefined outside notebooks and between cells. */
export function cellAt(file: SourceFile, offset: number): Cell | undefined {
  return file.cells?.find((cell) => cell.start <= offset && offset <= cell.end);
}

/** The URI under which the editor knows an offset: the document's, or its cell's. */
export function uriAt(file: SourceFile, offset: number): string {
  return cellAt(file, offset)?.uri ?? file.uri;
}

/** 0-based line and UTF-16 character; in a notebook within the cell. */
export function toPosition(file: SourceFile, offset: number): Position {
  const within = Math.min(Math.max(offset, 0), file.text.length);
  const line = lineAt(file, within);
  const cell = cellAt(file, within);
  const first = cell ? lineAt(file, cell.start) : 0;
  return { line: line - first, character: within - (lineStarts(file)[line] ?? 0) };
}

/** The range of a span; one that runs over several cells is cut at the end of its first. */
export function toRange(file: SourceFile, span: Span): Range {
  const cell = cellAt(file, span.start);
  const end = cell ? Math.min(span.end, cell.end) : span.end;
  return { start: toPosition(file, span.start), end: toPosition(file, end) };
}

/** The place of a span in whichever file it lies; undefined where that file took no part. */
export function toLocation(files: ReadonlyMap<string, SourceFile>, span: Span): Location | undefined {
  const file = files.get(span.uri);
  return file ? { uri: uriAt(file, span.start), range: toRange(file, span) } : undefined;
}

/** The offset of a position in a document or, for a notebook, in the cell called `uri`; undefined for an unknown cell. */
export function toOffset(file: SourceFile, uri: string, position: Position): number | undefined {
  const cell = file.cells?.find((one) => one.uri === uri);
  if (file.cells && !cell) return undefined;
  const starts = lineStarts(file);
  const line = position.line + (cell ? lineAt(file, cell.start) : 0);
  const start = starts[line];
  const limit = cell?.end ?? file.text.length;
  if (start === undefined || start > limit) return limit;
  return Math.min(start + position.character, lineEnd(file, start), limit);
}

/** The position after the last character of the line that holds the offset. */
export function toLineEnd(file: SourceFile, offset: number): Position {
  const within = Math.min(Math.max(offset, 0), file.text.length);
  return toPosition(file, Math.min(lineEnd(file, within), cellAt(file, within)?.end ?? file.text.length));
}
