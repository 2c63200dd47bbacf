import { line } from 'd3-shape';
import type { ChartPoint, PointsChart } from '#core/report/charts/chart.ts';
import type { Say } from '#core/report/words.ts';
import { type Element, element, type Node } from '../nodes.ts';
import { bottomAxis, fitted, frameOf, leftAxis, lineHeight, round, text, tip, widthOf } from './frame.ts';
import { spreadScaleOf } from './scales.ts';

const area = 238;
const left = 64;
const top = 12;
const bottom = area;

/** A scatter; shapes tell the roles apart as well as colours: a filled circle, a square, a small ring. */
export function drawPoints({ x, y, points, legend }: PointsChart, width: number, label: string, say: Say): Element {
  const right = width - 16;
  const across = spreadScaleOf(
    x,
    points.map((point) => point.x),
    [left, right],
    Math.max(3, Math.floor(width / 100)),
    say,
  );
  const up = spreadScaleOf(
    y,
    points.map((point) => point.y),
    [bottom, top],
    6,
    say,
  );
  const front = points.filter(({ role }) => role === 'front').sort((a, b) => a.x - b.x);
  const path = line<ChartPoint>(
    (point) => round(across.at(point.x)),
    (point) => round(up.at(point.y)),
  )(front);
  const order = { other: 0, front: 1, now: 2 } as const;
  const marks = [...points].sort((a, b) => order[a.role] - order[b.role]);
  const keys = legendOf(legend, area + 52, width);
  return frameOf(
    width,
    keys.bottom + 8,
    label,
    ...bottomAxis(across, left, right, top, bottom),
    ...leftAxis(up, left, right, top, bottom),
    text((left + right) / 2, bottom + 31, x.label, 'middle', { class: 'title' }),
    text(left, top - 2, y.label, 'start', { class: 'title' }),
    ...(path ? [element('path', { class: 'front', d: path })] : []),
    ...marks.map((point) => mark(point, across.at(point.x), up.at(point.y))),
    ...keys.nodes,
  );
}

function mark({ role, label, row }: ChartPoint, x: number, y: number): Element {
  const attributes = row === undefined ? { class: 'mark' } : { class: 'mark link', 'data-row': row };
  return element('g', attributes, tip(label), shape(role, x, y));
}

function shape(role: ChartPoint['role'], x: number, y: number): Element {
  switch (role) {
    case 'now':
      return element('rect', { class: 'point-now', x: round(x - 6), y: round(y - 6), width: 12, height: 12 });
    case 'front':
      return element('circle', { class: 'point-front', cx: round(x), cy: round(y), r: 5 });
    case 'other':
      return element('circle', { class: 'point-other', cx: round(x), cy: round(y), r: 3 });
  }
}

/** The three marks with their words, wrapped where there is no room for all. */
function legendOf(legend: PointsChart['legend'], top: number, width: number): { nodes: Node[]; bottom: number } {
  let x = 8;
  let y = top;
  const nodes = (['now', 'front', 'other'] as const).flatMap((role): Node[] => {
    const room = 28 + widthOf(legend[role]);
    if (x > 8 && x + room > width) {
      x = 8;
      y += lineHeight + 4;
    }
    const at = x;
    x += room;
    return [
      shape(role, at + 6, y - 4),
      text(at + 16, y, fitted(legend[role], width - at - 18), 'start', { class: 'label' }),
    ];
  });
  return { nodes, bottom: y };
}
