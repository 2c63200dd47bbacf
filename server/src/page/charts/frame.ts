import type { Place } from '#core/report/charts/chart.ts';
import { type Attributes, type Element, element, type Node } from '../nodes.ts';
import type { ChartScale } from './scales.ts';

/** Mean width of a letter of the charts' type (11 px, sans serif); measured on Segoe, Inter and DejaVu it is 5.6 to 6.6. */
export const letter = 6.4;
/** Height of a line of type. */
export const lineHeight = 15;

/** The picture: its words stand for it where it cannot be seen. */
export function frameOf(width: number, height: number, label: string, ...children: readonly Node[]): Element {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'chart',
      role: 'img',
      'aria-label': label,
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
    },
    ...children,
  );
}

/** Words at a point; `anchor` says which end of them is there. */
export function text(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  attributes: Attributes = {},
): Element {
  return element('text', { x: round(x), y: round(y), 'text-anchor': anchor, ...attributes }, words);
}

/** As many of the words as have room. */
export function fitted(words: string, room: number): string {
  const letters = Math.max(1, Math.floor(room / letter));
  return words.length <= letters ? words : `${words.slice(0, letters - 1)}…`;
}

/** The width that some labels need, at most a share of the picture. */
export function roomFor(labels: readonly string[], width: number, share: number): number {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return Math.min(longest * letter + 8, width * share);
}

/** Grid lines and marks of a horizontal axis under an area. */
export function bottomAxis(scale: ChartScale, left: number, right: number, top: number, bottom: number): Node[] {
  return [
    ...scale.ticks.flatMap(({ at, text: words }) => [
      element('line', { class: 'grid', x1: round(at), x2: round(at), y1: top, y2: bottom }),
      text(at, bottom + 14, words, 'middle', { class: 'tick' }),
    ]),
    element('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom }),
  ];
}

/** Grid lines and marks of a vertical axis left of an area. */
export function leftAxis(scale: ChartScale, left: number, right: number, top: number, bottom: number): Node[] {
  return [
    ...scale.ticks.flatMap(({ at, text: words }) => [
      element('line', { class: 'grid', x1: left, x2: right, y1: round(at), y2: round(at) }),
      text(left - 6, at + 4, words, 'end', { class: 'tick' }),
    ]),
    element('line', { class: 'axis', x1: left, x2: left, y1: top, y2: bottom }),
  ];
}

/** The attributes of a mark that leads to a line of code. */
export function leadsTo(place: Place | undefined): Attributes {
  return place ? { 'data-uri': place.uri, 'data-line': place.line, 'data-character': place.character } : {};
}

/** Words that a pointer brings up. */
export function tip(words: string): Element {
  return element('title', {}, words);
}

/** A pixel to a tenth. */
export function round(pixel: number): number {
  return Math.round(pixel * 10) / 10;
}
