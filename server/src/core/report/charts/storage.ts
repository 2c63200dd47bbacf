import { formatCount, formatDisk, formatDuration, formatMoneyInterval } from '../../units/format.ts';
import { likely, originOf } from '../../workload/known.ts';
import { phraseStorage } from '../phrases.ts';
import { cell, emptyTable, figures, type Plot } from './chart.ts';
import { type ChartInput, placeOfOrigin } from './input.ts';

/** Saves that are told one by one; of more, evenly chosen ones. */
const savesTold = 12;
/** Jumps that are drawn at most. */
const jumpsDrawn = 200;

/** Bytes of checkpoints on disk over the run under the rule of what is kept. */
export function storagePlot(input: ChartInput): Plot {
  const { spec, estimate, say } = input;
  const { storage, time } = estimate;
  const frame = { id: 'storage', title: say('Checkpoints on disk over the run') } as const;
  if (!storage) return { ...frame, summary: say('The job saves no checkpoints.'), table: emptyTable, notes: [] };
  const every = spec.checkpoint?.everySteps && likely(spec.checkpoint.everySteps);
  const steps = time?.steps?.likely;
  const count = storage.saves?.likely;
  const one = storage.perSave.likely;
  if (every === undefined || steps === undefined || count === undefined || count < 1) {
    const summary = say('One save is {0}; how many there are is not known.', formatDisk(one));
    return { ...frame, summary, table: emptyTable, notes: [] };
  }
  const keep = spec.checkpoint?.keep && likely(spec.checkpoint.keep);
  const saves = Math.floor(count);
  const run = time?.run?.likely;
  const at = (save: number) => (run === undefined ? save * every : (run * Math.min(steps, save * every)) / steps);
  const held = (save: number) => Math.min(save, keep ?? save) * one;
  const chosen = spacedOut(saves, jumpsDrawn);
  const line = (of: (save: number) => number) =>
    [
      [0, 0] as const,
      ...chosen.map((save) => [at(save), of(save)] as const),
      [at(steps / every), of(saves)] as const,
    ] as const;
  const limited = keep !== undefined && keep < saves;
  const place = placeOfOrigin(input, spec.checkpoint?.everySteps && originOf(spec.checkpoint.everySteps));
  const keepPlace = placeOfOrigin(input, spec.checkpoint?.keep && originOf(spec.checkpoint.keep));
  return {
    ...frame,
    summary: limited
      ? say('{0}, the last {1} of them; all would be {2}.', phraseStorage(storage), keep, formatDisk(saves * one))
      : say('{0}: every save is kept.', phraseStorage(storage)),
    chart: {
      kind: 'steps',
      x:
        run === undefined
          ? { label: say('optimiser steps'), unit: 'count' }
          : { label: say('time of the run'), unit: 'duration' },
      y: { label: say('on disk'), unit: 'disk' },
      lines: [
        { label: limited ? say('kept') : say('kept: all'), role: 'main', points: line(held) },
        ...(limited
          ? [{ label: say('if all were kept'), role: 'other' as const, points: line((save) => save * one) }]
          : []),
      ],
    },
    table: {
      columns: [figures(say('Save')), figures(say('Step')), figures(say('After')), figures(say('On disk'))],
      rows: spacedOut(saves, savesTold).map((save) => [
        cell(say(formatCount(save)), place),
        cell(say(formatCount(Math.min(steps, save * every)))),
        cell(run === undefined ? '–' : say(formatDuration(at(save)))),
        cell(say(formatDisk(held(save))), keepPlace),
      ]),
    },
    notes: [
      say('One save is {0}.', formatDisk(one)),
      ...(storage.perMonth ? [say('What is kept costs {0} a month.', formatMoneyInterval(storage.perMonth))] : []),
    ],
  };
}

/** At most `most` of the numbers 1 to `count`, evenly spaced, the first and the last among them. */
function spacedOut(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at + 1);
  return Array.from({ length: most }, (_, at) => 1 + Math.round((at * (count - 1)) / (most - 1)));
}
