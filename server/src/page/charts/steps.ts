import { area, curveStepAfter, line } from 'd3-shape';
import type { StepsChart } from '#core/report/charts/chart.ts';
import type { Say } from '#core/report/words.ts';
import { type Element, element, type Node } from '../nodes.ts';
import { bottomAxis, fitted, frameOf, leftAxis, round, text, widthOf } from './frame.ts';
import { scaleOf } from './scales.ts';

const height = 260;
const left = 64;
const top = 14;
const bottom = height - 62;

/** Quantities that jump: the main one filled, others as dashed lines. */
export function drawSteps({ x, y, lines }: StepsChart, width: number, label: string, say: Say): Element {
  const right = width - 16;
  const all = lines.flatMap(({ points }) => points);
  const last = Math.max(...all.map(([at]) => at));
  const across = scaleOf(x, last, [left, right], Math.max(3, Math.floor(width / 100)), say);
  const up = scaleOf(y, Math.max(...all.map(([, value]) => value)) * 1.05, [bottom, top], 5, say);
  type Point = readonly [number, number];
  const stroke = line<Point>(
    ([at]) => round(across.at(at)),
    ([, value]) => round(up.at(value)),
  ).curve(curveStepAfter);
  const filled = area<Point>(
    ([at]) => round(across.at(at)),
    bottom,
    ([, value]) => round(up.at(value)),
  ).curve(curveStepAfter);
  const drawn = lines.flatMap(({ role, points }): Node[] => {
    const path = element('path', { class: `line ${role}`, d: stroke(points) ?? '' });
    return role === 'main' ? [element('path', { class: 'area', d: filled(points) ?? '' }), path] : [path];
  });
  return frameOf(
    width,
    height,
    label,
    ...bottomAxis(across, left, right, top, bottom),
    ...leftAxis(up, left, right, top, bottom),
    text((left + right) / 2, bottom + 31, x.label, 'middle', { class: 'title' }),
    text(left, top - 4, y.label, 'start', { class: 'title' }),
    ...drawn,
    ...legendOf(lines, width),
  );
}

function legendOf(lines: StepsChart['lines'], width: number): Node[] {
  let x = left;
  return lines.flatMap(({ label, role }) => {
    const at = x;
    x += 40 + widthOf(label);
    const y = height - 12;
    return [
      element('path', { class: `line ${role}`, d: `M${at} ${y - 4}h22` }),
      text(at + 28, y, fitted(label, width - at - 30), 'start', { class: 'label' }),
    ];
  });
}
