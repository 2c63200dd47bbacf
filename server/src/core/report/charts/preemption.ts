import type { PreemptionPoint } from '../../lifecycle/preemption.ts';
import { formatDuration } from '../../units/format.ts';
import { phraseCheck } from '../preemption.ts';
import type { Say } from '../words.ts';
import { cell, type Plot, words } from './chart.ts';
import { type ChartInput, placeOfOrigin } from './input.ts';

/** The checklist of a job whose capacity may be taken back, a point a row; undefined for a job that has none. */
export function preemptionPlot(input: ChartInput): Plot | undefined {
  const { estimate, say } = input;
  const { preemption } = estimate;
  if (!preemption) return undefined;
  const { checks, mostLost } = preemption;
  const inPlace = checks.filter(({ state }) => state === 'yes').length;
  const states = { yes: say('in place'), no: say('missing'), unknown: say('not to be told') };
  return {
    id: 'preemption',
    title: say('When its capacity is taken back'),
    summary: say('{#0} of {#1} points in place.', inPlace, checks.length),
    table: {
      columns: [words(say('Point')), words(say('State')), words(say('Remark'))],
      rows: checks.map((check) => [
        cell(nameOf(check.point, say), placeOfOrigin(input, check.origin)),
        cell(states[check.state]),
        cell(say(phraseCheck(check, preemption))),
      ]),
    },
    notes:
      mostLost === undefined
        ? []
        : [say('A preemption costs {0} of work at most, and the restart.', formatDuration(mostLost))],
  };
}

function nameOf(point: PreemptionPoint, say: Say): string {
  switch (point) {
    case 'requeue':
      return say('Requeue');
    case 'notice':
      return say('Save within the notice');
    case 'resume':
      return say('Resume from the latest save');
    case 'directory':
      return say('Folder that outlives the machine');
    case 'logs':
      return say('Appended log');
    case 'data':
      return say('Order of the data');
    case 'interval':
      return say('Interval of saves');
  }
}
