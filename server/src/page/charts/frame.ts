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

/** The width of words in the charts' type; signs of Chinese, Japanese and Korean are as wide as they are high. */
export function widthOf(words: string): number {
  let width = 0;
  for (const sign of words) width += wideSign.test(sign) ? wideLetter : letter;
  return width;
}

const wideLetter = 11;
const wideSign = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/;

/** As many of the words as have room. */
export function fitted(words: string, room: number): string {
  if (widthOf(words) <= room) return words;
  let kept = '';
  for (const sign of words) {
    if (widthOf(`${kept}${sign}…`) > room) break;
    kept += sign;
  }
  return `${kept.trimEnd()}…`;
}

/** Words in lines of a width, at most so many; what has no room is left out, and the last line says so. */
export function wrapped(words: string, room: number, most: number): readonly string[] {
  const lines: string[] = [];
  let rest = words;
  while (lines.length + 1 < most && widthOf(rest) > room) {
    const full = fitted(rest, room).slice(0, -1);
    const cut = rest.charAt(full.length) === ' ' ? full.length : full.lastIndexOf(' ') + 1 || full.length;
    if (cut === 0) break;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, fitted(rest, room)];
}

/** Pixels between the lines of a label. */
const labelStep = 12;

/** A label that ends at a point, in several lines where it is long; all of it comes up under the pointer where some has no room. */
export function labelBefore(x: number, middle: number, words: string, room: number, most: number): Element {
  const lines = wrapped(words, room, most);
  const whole = lines.at(-1)?.endsWith('…') === true && !words.endsWith('…');
  const first = middle - ((lines.length - 1) * labelStep) / 2;
  return element(
    'text',
    { class: 'label', 'text-anchor': 'end' },
    whole && tip(words),
    lines.map((one, at) => element('tspan', { x: round(x), y: round(first + at * labelStep) }, one)),
  );
}

/** The width that some labels need, at most a share of the picture. */
export function roomFor(labels: readonly string[], width: number, share: number): number {
  return Math.min(Math.max(0, ...labels.map(widthOf)) + 8, width * share);
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
