import type { Span } from './span.ts';

/**
 * Maps offsets of a text that was cut out of a document (a YAML block scalar, a heredoc, a cell) back to that document.
 * `pieces` are ordered by `inner`; each covers `length` units that are equal in both texts.
 */
export interface TextMap {
  readonly uri: string;
  readonly pieces: readonly { readonly inner: number; readonly outer: number; readonly length: number }[];
}

/** The map of a document onto itself. */
export function wholeText(uri: string, length: number): TextMap {
  return { uri, pieces: [{ inner: 0, outer: 0, length }] };
}

/** The offset in the outer document. Units that were made up (an unfolded line break) go to the end of the piece before. */
export function outerOffset(map: TextMap, offset: number): number {
  let best = map.pieces[0];
  for (const piece of map.pieces) {
    if (piece.inner > offset) break;
    best = piece;
  }
  if (!best) return 0;
  return best.outer + Math.min(Math.max(offset - best.inner, 0), best.length);
}

/** The span in the outer document of a stretch of the inner text. */
export function outerSpan(map: TextMap, start: number, end: number): Span {
  return { uri: map.uri, start: outerOffset(map, start), end: outerOffset(map, end) };
}
