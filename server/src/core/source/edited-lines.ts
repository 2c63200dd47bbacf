import { lineAt, lineEnd, lineStarts } from './lines.ts';
import type { SourceFile } from './source-file.ts';
import { applyEdits, type TextEdit } from './span.ts';

/** Whole lines of a document and what stands in their place after some edits. */
export interface EditedLines {
  /** Line of the document's text, counted from 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** The edits of one document as whole lines, from the top; edits whose lines touch are one. They must not overlap. */
export function editedLines(file: SourceFile, edits: readonly TextEdit[]): readonly EditedLines[] {
  const groups: { first: number; last: number; edits: TextEdit[] }[] = [];
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    const first = lineAt(file, edit.span.start);
    const last = lineAt(file, edit.span.end);
    const open = groups.at(-1);
    if (open && first <= open.last + 1) {
      open.last = Math.max(open.last, last);
      open.edits.push(edit);
    } else groups.push({ first, last, edits: [edit] });
  }
  const starts = lineStarts(file);
  return groups.map(({ first, last, edits: own }) => {
    const start = starts[first] ?? 0;
    const before = file.text.slice(start, lineEnd(file, starts[last] ?? start));
    const moved = own.map(({ span, text }) => ({
      span: { uri: span.uri, start: span.start - start, end: span.end - start },
      text,
    }));
    return { line: first + 1, before, after: applyEdits(before, moved) };
  });
}
