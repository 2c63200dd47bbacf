import type { TextMap } from '../source/text-map.ts';
import type { DataScalar } from './data.ts';

const nulls = /^(?:~|null|Null|NULL)?$/;
const yes = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const no = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const integer = /^[-+]?[0-9][0-9_]*$/;
const float = /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/;
const radix = /^0(?:x[0-9a-fA-F]+|o[0-7]+|b[01]+)$/;

/**
 * The value of a plain YAML scalar. Numbers as the tools of the field want them: `1e-4` is a number although
 * YAML 1.1 loaders hand on a string, `1_000` is 1000; booleans are those of YAML 1.1 (`yes`, `off`), as PyYAML reads.
 * Base-60 numbers and dates stay text.
 */
export function plainValue(source: string): DataScalar['value'] {
  if (nulls.test(source)) return null;
  if (yes.test(source)) return true;
  if (no.test(source)) return false;
  if (integer.test(source) || float.test(source)) return Number(source.replaceAll('_', ''));
  if (radix.test(source)) return Number(source);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  return source;
}

/** Maps the decoded text of a scalar that spans lines or holds escapes back to `text[start, end)`. */
export function scalarMap(uri: string, text: string, start: number, end: number, decoded: string): TextMap {
  const pieces: { inner: number; outer: number; length: number }[] = [];
  let inner = 0;
  let lineStart = start;
  while (lineStart < end && inner <= decoded.length) {
    const lineBreak = text.indexOf('\n', lineStart);
    const lineEnd = lineBreak < 0 || lineBreak > end ? end : lineBreak;
    inner = mapLine(text, lineStart, lineEnd, decoded, inner, pieces);
    lineStart = lineEnd + 1;
  }
  if (pieces.length === 0) pieces.push({ inner: 0, outer: start, length: Math.min(decoded.length, end - start) });
  return { uri, pieces };
}

/** Finds the stretches of one source line in the decoded text, from `from` on; answers where the next line goes on. */
function mapLine(
  text: string,
  lineStart: number,
  lineEnd: number,
  decoded: string,
  from: number,
  pieces: { inner: number; outer: number; length: number }[],
): number {
  let inner = from;
  let outer = lineStart;
  while (outer < lineEnd && /\s/.test(text[outer] ?? '')) outer++;
  let fresh = true;
  while (outer < lineEnd) {
    const slash = text.indexOf('\\', outer);
    const stop = slash < 0 || slash >= lineEnd || decoded.startsWith(text.slice(outer, lineEnd).trimEnd(), inner);
    const chunk = stop ? text.slice(outer, lineEnd).trimEnd() : text.slice(outer, slash);
    const found = chunk === '' ? inner : decoded.indexOf(chunk, inner);
    if (chunk !== '' && found >= 0 && found - inner <= (fresh ? 200 : 8)) {
      pieces.push({ inner: found, outer, length: chunk.length });
      inner = found + chunk.length;
    }
    fresh = false;
    if (stop || slash < 0) break;
    outer = slash + (text[slash + 1] === 'u' ? 6 : text[slash + 1] === 'x' ? 4 : 2);
    inner += 1;
    if (slash + 1 >= lineEnd) break;
  }
  return inner;
}
