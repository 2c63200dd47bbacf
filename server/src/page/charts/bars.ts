import type { BarsChart } from '#core/report/charts/chart.ts';
import type { Say } from '#core/report/words.ts';
import { type Element, element, type Node } from '../nodes.ts';
import {
  bottomAxis,
  fitted,
  frameOf,
  labelBefore,
  leadsTo,
  letter,
  lineHeight,
  roomFor,
  round,
  text,
  tip,
  widthOf,
} from './frame.ts';
import { scaleOf } from './scales.ts';

const barHeight = 26;
const gap = 12;
/** Colours there are; more parts than these come hatched. */
export const colours = 6;

/** Stacked bars: each part has a number that the legend repeats, so that colour never speaks alone. */
export function drawBars({ axis, rows, limit }: BarsChart, width: number, label: string, say: Say): Element {
  const keys = keysOf(rows);
  const single = keys.size <= 1;
  const left = roomFor(
    rows.map((row) => row.label),
    width,
    0.38,
  );
  const right =
    width -
    roomFor(
      rows.map((row) => row.text),
      width,
      0.25,
    ) -
    4;
  const top = limit ? 20 : 4;
  const bottom = top + rows.length * (barHeight + gap);
  const sums = rows.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const most = Math.max(...sums, limit?.value ?? 0) * 1.02;
  const scale = scaleOf(axis, most, [left, right], Math.max(3, width / 90), say);
  const bars = rows.flatMap((row, at): Node[] => {
    const y = top + at * (barHeight + gap) + gap / 2;
    let sum = 0;
    const parts = row.parts.map((part) => {
      const [from, to] = [scale.at(sum), scale.at(sum + part.value)];
      sum += part.value;
      const key = keys.get(part.label) ?? 0;
      const roomy = !single && to - from > letter * 2 + 4;
      return element(
        'g',
        { class: part.place ? 'mark link' : 'mark', ...leadsTo(part.place) },
        tip(`${row.label}, ${part.label}: ${part.text}`),
        element('rect', {
          class: fillOf(key),
          x: round(from),
          y,
          width: round(Math.max(0.5, to - from)),
          height: barHeight,
        }),
        key >= colours && hatch(from, to, y),
        roomy && text((from + to) / 2, y + barHeight / 2 + 4, String(key + 1), 'middle', { class: 'key' }),
      );
    });
    const middle = y + barHeight / 2 + 4;
    return [
      labelBefore(left - 8, middle, row.label, left - 8, 3),
      ...parts,
      text(scale.at(sum) + 6, middle, row.text, 'start', { class: 'value' }),
    ];
  });
  const legend = single ? { nodes: [], height: 0 } : legendOf([...keys.keys()], bottom + 44, width);
  return frameOf(
    width,
    bottom + 36 + legend.height,
    label,
    ...bottomAxis(scale, left, right, top, bottom),
    text((left + right) / 2, bottom + 30, axis.label, 'middle', { class: 'title' }),
    ...bars,
    ...(limit ? limitLine(scale.at(limit.value), limit.text, top, bottom, width) : []),
    ...legend.nodes,
  );
}

/** A number for each part, the same in every row. */
function keysOf(rows: BarsChart['rows']): ReadonlyMap<string, number> {
  const keys = new Map<string, number>();
  for (const { parts } of rows) for (const { label } of parts) if (!keys.has(label)) keys.set(label, keys.size);
  return keys;
}

function fillOf(key: number): string {
  return `fill c${key % colours}`;
}

/** Slanted strokes over a part whose colour is taken twice. */
function hatch(from: number, to: number, y: number): Element {
  const step = 7;
  const strokes: string[] = [];
  for (let x = from; x < to; x += step) {
    const run = Math.min(barHeight, to - x);
    strokes.push(`M${round(x)} ${y + barHeight}l${round(run)} ${round(-run)}`);
  }
  return element('path', { class: 'hatch', d: strokes.join('') });
}

function limitLine(x: number, words: string, top: number, bottom: number, width: number): Node[] {
  const half = widthOf(words) / 2;
  const middle = Math.min(Math.max(x, half + 2), width - half - 2);
  return [
    element('line', { class: 'limit', x1: round(x), x2: round(x), y1: top - 2, y2: bottom }),
    text(middle, top - 7, words, 'middle', { class: 'limit-label' }),
  ];
}

/** Numbers and colours with their words, as many a line as have room. */
function legendOf(labels: readonly string[], top: number, width: number): { nodes: Node[]; height: number } {
  let x = 2;
  let y = top;
  const nodes = labels.map((label, key) => {
    const words = `${key + 1} ${label}`;
    const room = 20 + widthOf(words) + 12;
    if (x > 2 && x + room > width) {
      x = 2;
      y += lineHeight + 5;
    }
    const node = element(
      'g',
      {},
      element('rect', { class: fillOf(key), x: round(x), y: y - 1, width: 14, height: 12 }),
      key >= colours && element('path', { class: 'hatch', d: `M${round(x)} ${y + 11}l12 -12` }),
      tip(words),
      text(x + 19, y + 9, fitted(words, width - x - 20), 'start', { class: 'label' }),
    );
    x += room;
    return node;
  });
  return { nodes, height: y - top + lineHeight + 12 };
}
