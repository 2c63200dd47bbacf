import type { Span } from '../source/span.ts';
import type { TextMap } from '../source/text-map.ts';

/** A stretch of a shell value with the text that fixes it. */
export interface Piece {
  readonly text: string;
  readonly span: Span;
  /** True where `text` is spelled at `span`, unit for unit. */
  readonly exact: boolean;
  /** Why the value is not known before run time; `text` is then its source. */
  readonly unknown?: string;
  /** The place that fixes the value of several pieces which this one is part of. */
  readonly whole?: Span;
}

/** A string value: its pieces in order, and the place that fixes the whole of it. */
export interface ShellValue {
  readonly pieces: readonly Piece[];
  readonly span: Span;
}

/** One word of a command after expansion. Fits the `Word` of a reading, with more to edit by. */
export interface ShellWord extends ShellValue {
  readonly text: string;
  readonly unknown?: string;
  /** True where `text` is spelled at `span`: an edit there changes the value. */
  readonly exact: boolean;
  /** Where the word stands in the command. */
  readonly at: Span;
}

/** A part of a word before splitting: a value (split at white space where it stood unquoted), or an array's words. */
export type Part =
  | { readonly kind: 'value'; readonly value: ShellValue; readonly split: boolean }
  | { readonly kind: 'words'; readonly words: readonly ShellWord[] };

/** The text of a value; unknown stretches stand as their source. */
export function textOf(value: ShellValue): string {
  return value.pieces.length === 1 ? (value.pieces[0]?.text ?? '') : value.pieces.map((piece) => piece.text).join('');
}

/** Why a value is not known, undefined where it is. */
export function unknownIn(value: ShellValue): string | undefined {
  return value.pieces.find((piece) => piece.unknown !== undefined)?.unknown;
}

/** A value that one place spells. */
export function literalValue(text: string, span: Span): ShellValue {
  return { pieces: [{ text, span, exact: true }], span };
}

/** A value that is worked out from what stands at a place. */
export function computedValue(text: string, span: Span): ShellValue {
  return { pieces: [{ text, span, exact: false }], span };
}

/** A value that only a run can tell; `source` is what stands in the text. */
export function unknownValue(source: string, span: Span, reason: string): ShellValue {
  return { pieces: [{ text: source, span, exact: false, unknown: reason }], span };
}

/** Joins values that stand beside each other; the place of a lone one is kept, else the whole is fixed at `site`. */
export function joinValues(values: readonly ShellValue[], site: Span): ShellValue {
  const filled = values.filter((value) => value.pieces.some((piece) => piece.text !== ''));
  const only = filled.length === 1 ? filled[0] : undefined;
  if (only) return only;
  const pieces = filled.flatMap((value) =>
    value.pieces.length > 1 ? value.pieces.map((piece) => ({ ...piece, whole: value.span })) : value.pieces,
  );
  return { pieces, span: adjoining(pieces) ?? site };
}

/** One span over pieces that spell a stretch of one document without a gap wider than quotes. */
function adjoining(pieces: readonly Piece[]): Span | undefined {
  const [first] = pieces;
  const last = pieces.at(-1);
  if (!first || !last) return undefined;
  for (let i = 1; i < pieces.length; i += 1) {
    const before = pieces[i - 1];
    const here = pieces[i];
    if (!before?.exact || !here?.exact || before.span.uri !== here.span.uri) return undefined;
    if (here.span.start < before.span.end || here.span.start - before.span.end > 2) return undefined;
  }
  return { uri: first.span.uri, start: first.span.start, end: last.span.end };
}

/** The word that a value gives, standing at a place of the command. */
export function wordOf(value: ShellValue, at: Span): ShellWord {
  const text = textOf(value);
  const unknown = unknownIn(value);
  const exact = value.pieces.length === 1 && value.pieces[0]?.exact === true && unknown === undefined;
  const span = exact ? (value.pieces[0]?.span ?? value.span) : value.span;
  return unknown === undefined
    ? { text, span, at, pieces: value.pieces, exact }
    : { text, span, at, pieces: value.pieces, exact: false, unknown };
}

/** A word of a list of arguments that is no shell text (YAML `args`). `exact` where the text is spelled at the span. */
export function plainWord(text: string, span: Span, exact = true): ShellWord {
  return { text, span, at: span, exact, pieces: [{ text, span, exact }] };
}

/** The part of a word from one offset of its text to another, with the place that fixes that part. */
export function sliceWord(word: ShellWord, from: number, to = word.text.length): ShellWord {
  const pieces: Piece[] = [];
  let start = 0;
  for (const piece of word.pieces) {
    const end = start + piece.text.length;
    const low = Math.max(from, start);
    const high = Math.min(to, end);
    if (low < high) pieces.push(cut(piece, low - start, high - start));
    start = end;
  }
  const [only] = pieces;
  const span =
    pieces.length === 1 && only
      ? only.span
      : (adjoining(pieces) ?? shared(pieces) ?? written(pieces, word.at) ?? (only ? word.span : tail(word)));
  return wordOf({ pieces, span }, word.at);
}

/** The place of the one value that all pieces are part of. */
function shared(pieces: readonly Piece[]): Span | undefined {
  const whole = pieces[0]?.whole;
  return whole && pieces.every((piece) => piece.whole === whole) ? whole : undefined;
}

/** The stretch of a command in which pieces stand beside each other, known or not. */
function written(pieces: readonly Piece[], at: Span): Span | undefined {
  const [first] = pieces;
  const last = pieces.at(-1);
  if (!first || !last) return undefined;
  const beside = pieces.every((piece, index) => {
    const before = pieces[index - 1];
    const inside = piece.span.uri === at.uri && piece.span.start >= at.start && piece.span.end <= at.end;
    return inside && (!before || (piece.span.start >= before.span.end && piece.span.start - before.span.end <= 2));
  });
  return beside ? { uri: at.uri, start: first.span.start, end: last.span.end } : undefined;
}

function tail(word: ShellWord): Span {
  return { uri: word.span.uri, start: word.span.end, end: word.span.end };
}

function cut(piece: Piece, from: number, to: number): Piece {
  if (from === 0 && to === piece.text.length) return piece;
  const text = piece.text.slice(from, to);
  if (!piece.exact) return { ...piece, text };
  return { ...piece, text, span: { uri: piece.span.uri, start: piece.span.start + from, end: piece.span.start + to } };
}

/** Splits a value at white space, as the shell does with what stands unquoted. Empty ends tell whether words touch their neighbours. */
export function splitValue(value: ShellValue): readonly ShellValue[] {
  if (value.pieces.every((piece) => piece.unknown !== undefined || !/\s/.test(piece.text))) return [value];
  const fields: Piece[][] = [[]];
  for (const piece of value.pieces) {
    if (piece.unknown !== undefined) {
      fields.at(-1)?.push(piece);
      continue;
    }
    const gaps = /\s+/g;
    let start = 0;
    for (let gap = gaps.exec(piece.text); gap; gap = gaps.exec(piece.text)) {
      if (gap.index > start) fields.at(-1)?.push(cut(piece, start, gap.index));
      fields.push([]);
      start = gap.index + gap[0].length;
    }
    if (start < piece.text.length) fields.at(-1)?.push(cut(piece, start, piece.text.length));
  }
  return fields.map((pieces) => {
    const [only] = pieces;
    return { pieces, span: pieces.length === 1 && only ? only.span : (adjoining(pieces) ?? value.span) };
  });
}

/** The text of a value with the map back to the document that spells it, to read it as a text of its own. */
export function embeddedText(value: ShellValue): { readonly text: string; readonly map: TextMap } {
  const uri = value.span.uri;
  const pieces: { inner: number; outer: number; length: number }[] = [];
  let text = '';
  for (const piece of value.pieces) {
    if (piece.span.uri === uri) {
      const length = Math.min(piece.text.length, piece.span.end - piece.span.start);
      pieces.push({ inner: text.length, outer: piece.span.start, length });
    }
    text += piece.text;
  }
  return { text, map: { uri, pieces } };
}

/** A word of text that was decoded out of a document (a YAML scalar), with the map that its decoder gives. */
export function mappedWord(text: string, map: TextMap, span: Span): ShellWord {
  const pieces = map.pieces.map((piece, index): Piece => {
    const end = map.pieces[index + 1]?.inner ?? text.length;
    const outer = { uri: map.uri, start: piece.outer, end: piece.outer + piece.length };
    return { text: text.slice(piece.inner, end), span: outer, exact: piece.length === end - piece.inner };
  });
  return wordOf({ pieces: pieces.length > 0 ? pieces : [{ text, span, exact: false }], span }, span);
}
