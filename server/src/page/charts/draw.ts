import type { Chart } from '#core/report/charts/chart.ts';
import type { Say } from '#core/report/words.ts';
import type { Element } from '../nodes.ts';
import { drawBars } from './bars.ts';
import { drawPoints } from './points.ts';
import { drawRanges } from './ranges.ts';
import { drawSteps } from './steps.ts';

/** A chart as SVG of a width in pixels; `label` stands for it where it cannot be seen, `say` writes the figures of its axes. */
export function drawChart(chart: Chart, width: number, label: string, say: Say): Element {
  switch (chart.kind) {
    case 'bars':
      return drawBars(chart, width, label, say);
    case 'points':
      return drawPoints(chart, width, label, say);
    case 'ranges':
      return drawRanges(chart, width, label, say);
    case 'steps':
      return drawSteps(chart, width, label, say);
  }
}
