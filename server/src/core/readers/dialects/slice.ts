import { outerSpan } from '../../source/text-map.ts';
import type { DataScalar } from '../../syntax/data.ts';

/** A part of a scalar's text as a scalar of its own, so that one of several facts in one text can be read and rewritten. */
export function sliceScalar(node: DataScalar, from: number, to: number): DataScalar {
  const text = textIn(node).slice(from, to);
  const span = outerSpan(node.map, from, to);
  const map = { uri: span.uri, pieces: [{ inner: 0, outer: span.start, length: text.length }] };
  return { kind: 'scalar', span, value: text, raw: text, style: 'plain', map };
}

/** A scalar's text; a number's as it is spelled. */
export function textIn(node: DataScalar): string {
  return typeof node.value === 'string' ? node.value : node.raw;
}

/** The parts of a scalar between separators, each with its place. */
export function partsOf(node: DataScalar, separator: string): readonly DataScalar[] {
  const parts: DataScalar[] = [];
  let from = 0;
  for (const part of textIn(node).split(separator)) {
    parts.push(sliceScalar(node, from, from + part.length));
    from += part.length + separator.length;
  }
  return parts;
}
