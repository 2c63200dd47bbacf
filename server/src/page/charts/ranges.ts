import type { RangesChart } from '#core/report/charts/chart.ts';
import type { Say } from '#core/report/words.ts';
import { type Element, element, type Node } from '../nodes.ts';
import { bottomAxis, frameOf, labelBefore, leadsTo, roomFor, round, text, tip } from './frame.ts';
import { scaleOf } from './scales.ts';

const barHeight = 18;
const gap = 10;

/** Bars to both sides of the likely figure, the widest on top. */
export function drawRanges({ axis, base, rows }: RangesChart, width: number, label: string, say: Say): Element {
  const labels = rows.map((row) => row.label);
  const names = roomFor(labels, width, 0.34);
  const left =
    names +
    roomFor(
      rows.map(({ low }) => low.text),
      width,
      0.14,
    );
  const right =
    width -
    roomFor(
      rows.map(({ high }) => high.text),
      width,
      0.14,
    ) -
    4;
  const top = 20;
  const bottom = top + rows.length * (barHeight + gap);
  const most = Math.max(base.value, ...rows.map(({ high }) => high.value));
  const scale = scaleOf(axis, most, [left, right], Math.max(3, Math.floor((right - left) / 90)), say);
  const middle = scale.at(base.value);
  const bars = rows.flatMap((row, at): Node[] => {
    const y = top + at * (barHeight + gap) + gap / 2;
    const baseline = y + barHeight / 2 + 4;
    const [from, to] = [scale.at(row.low.value), scale.at(row.high.value)];
    return [
      labelBefore(names - 8, baseline, row.label, names - 8, 2),
      element(
        'g',
        { class: row.place ? 'mark link' : 'mark', ...leadsTo(row.place) },
        tip(`${row.label}: ${row.low.text} – ${row.high.text}`),
        element('rect', {
          class: 'fill low',
          x: round(from),
          y,
          width: round(Math.max(0, middle - from)),
          height: barHeight,
        }),
        element('rect', {
          class: 'fill high',
          x: round(middle),
          y,
          width: round(Math.max(0, to - middle)),
          height: barHeight,
        }),
      ),
      text(from - 5, baseline, row.low.text, 'end', { class: 'value' }),
      text(to + 5, baseline, row.high.text, 'start', { class: 'value' }),
    ];
  });
  return frameOf(
    width,
    bottom + 36,
    label,
    ...bottomAxis(scale, left, right, top, bottom),
    text((left + right) / 2, bottom + 31, axis.label, 'middle', { class: 'title' }),
    ...bars,
    element('line', { class: 'limit', x1: round(middle), x2: round(middle), y1: top - 4, y2: bottom }),
    text(middle, top - 8, base.text, 'middle', { class: 'limit-label' }),
  );
}
