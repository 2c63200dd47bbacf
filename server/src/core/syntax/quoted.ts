import type { SourceFile } from '../source/source-file.ts';
import type { TextMap } from '../source/text-map.ts';
import type { DataScalar } from './data.ts';

/** What one escape stands for, and how many units of source it takes. */
export interface Escape {
  readonly text: string;
  readonly length: number;
}

/** Reads the escape whose backslash is at `at`; undefined where it is none (the backslash then stands for itself). */
export type EscapeReader = (text: string, at: number) => Escape | undefined;

/** A decoded stretch of source with the way back to it. */
export interface Decoded {
  readonly value: string;
  readonly map: TextMap;
}

/** Decodes the text between two offsets, escapes resolved; every decoded unit keeps its place. */
export function decode(file: SourceFile, start: number, end: number, escapes?: EscapeReader): Decoded {
  const source = file.text;
  let backslash = escapes ? source.indexOf('\\', start) : -1;
  if (!escapes || backslash < 0 || backslash >= end) {
    const value = source.slice(start, end);
    return { value, map: { uri: file.uri, pieces: [{ inner: 0, outer: start, length: end - start }] } };
  }
  const pieces: { inner: number; outer: number; length: number }[] = [];
  let value = '';
  let from = start;
  while (backslash >= 0 && backslash < end) {
    const found = escapes(source, backslash);
    const length = Math.min(found?.length ?? 1, end - backslash);
    const text = found?.text ?? '\\';
    if (backslash > from) pieces.push({ inner: value.length, outer: from, length: backslash - from });
    value += source.slice(from, backslash);
    pieces.push({ inner: value.length, outer: backslash, length: Math.min(text.length, length) });
    value += text;
    from = backslash + Math.max(1, length);
    backslash = source.indexOf('\\', from);
  }
  pieces.push({ inner: value.length, outer: from, length: Math.max(0, end - from) });
  return { value: value + source.slice(from, end), map: { uri: file.uri, pieces } };
}

/** A scalar whose text stands between quotes; `inner` is the text without them. */
export function quotedScalar(
  file: SourceFile,
  start: number,
  end: number,
  style: DataScalar['style'],
  inner: { readonly start: number; readonly end: number },
  escapes?: EscapeReader,
): DataScalar {
  const { value, map } = decode(file, inner.start, Math.max(inner.start, inner.end), escapes);
  return { kind: 'scalar', span: { uri: file.uri, start, end }, value, raw: file.text.slice(start, end), style, map };
}

/** A scalar that stands without quotes. */
export function bareScalar(
  file: SourceFile,
  start: number,
  end: number,
  value: DataScalar['value'],
  style: DataScalar['style'] = 'plain',
): DataScalar {
  const map: TextMap = { uri: file.uri, pieces: [{ inner: 0, outer: start, length: end - start }] };
  return { kind: 'scalar', span: { uri: file.uri, start, end }, value, raw: file.text.slice(start, end), style, map };
}

const single: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['a', '\x07'],
  ['e', '\x1b'],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['/', '/'],
]);

/** The escapes that JSON, TOML, HCL and protobuf text have in common: letters, `\uXXXX`, `\UXXXXXXXX`, `\xXX`. */
export function commonEscape(text: string, at: number): Escape | undefined {
  const letter = text[at + 1];
  if (letter === undefined) return undefined;
  const plain = single.get(letter);
  if (plain !== undefined) return { text: plain, length: 2 };
  const digits = letter === 'u' ? 4 : letter === 'U' ? 8 : letter === 'x' ? 2 : 0;
  const hex = text.slice(at + 2, at + 2 + digits);
  if (digits === 0 || !/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits) return undefined;
  const code = Number.parseInt(hex, 16);
  return code <= 0x10ffff ? { text: String.fromCodePoint(code), length: 2 + digits } : undefined;
}
