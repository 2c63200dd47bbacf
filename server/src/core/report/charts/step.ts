import { formatDuration, formatShare } from '../../units/format.ts';
import { cell, emptyTable, figures, type Plot, words } from './chart.ts';
import type { ChartInput } from './input.ts';

/** Seconds of a step by cause. */
export function stepPlot({ estimate, say }: ChartInput): Plot {
  const { time } = estimate;
  const frame = { id: 'step', title: say('Where a step goes') } as const;
  if (!time || time.parts.length === 0) {
    return { ...frame, summary: say('The time of a step is not known.'), table: emptyTable, notes: [] };
  }
  const whole = time.parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const parts = time.parts.map(({ label, seconds }) => ({
    label: say(label),
    value: seconds,
    text: say(formatDuration(seconds)),
    share: say(formatShare(seconds / whole).replace('+', '')),
  }));
  const [most] = parts;
  return {
    ...frame,
    summary: say('A step takes {0}; most of it is {1}.', formatDuration(time.step.likely), most?.label ?? ''),
    chart: {
      kind: 'bars',
      axis: { label: say('time of one step'), unit: 'duration' },
      rows: [{ label: say('one step'), text: say(formatDuration(whole)), parts }],
    },
    table: {
      columns: [words(say('Part')), figures(say('Time')), figures(say('Share'))],
      rows: parts.map(({ label, text, share }) => [cell(label), cell(text), cell(share)]),
    },
    notes: [],
  };
}
