/** A stretch of one document, as half-open UTF-16 offsets into its text. */
export interface Span {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** True where `inner` lies within `outer` (same document). */
export function contains(outer: Span, inner: Span): boolean {
  return outer.uri === inner.uri && outer.start <= inner.start && inner.end <= outer.end;
}

/** The smallest span over both; both must be in one document. */
export function cover(a: Span, b: Span): Span {
  return { uri: a.uri, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

/** Replaces a stretch of a document. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** The text after the edits, which must not overlap and all belong to one document. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.span.start - a.span.start || b.span.end - a.span.end)) {
    result = result.slice(0, edit.span.start) + edit.text + result.slice(edit.span.end);
  }
  return result;
}
