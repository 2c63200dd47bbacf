import type { PreemptionEstimate } from '../estimate/estimate.ts';
import type { PreemptionCheck, PreemptionPoint } from '../lifecycle/preemption.ts';
import { spanOf } from '../source/traced.ts';
import { formatDuration } from '../units/format.ts';
import type { ReportRow } from './report.ts';

/** What each point asks for, in a few words. */
const words: Readonly<Record<PreemptionPoint, string>> = {
  requeue: 'started anew',
  notice: 'saves when told',
  resume: 'goes on from its latest save',
  directory: 'saves outlive the machine',
  logs: 'log goes on',
  data: 'data goes on where it stood',
  interval: 'interval within 1 % of the best',
};

/** Words of a point that is missing. */
const missing: Readonly<Record<PreemptionPoint, string>> = {
  requeue: 'nothing starts it anew',
  notice: 'it does not save when told',
  resume: 'it starts over',
  directory: 'saves go with the machine',
  logs: 'the log is overwritten',
  data: 'data begins anew',
  interval: 'the interval loses more than 1 % over the best',
};

/** Words of a point that the files leave open. */
const open: Readonly<Record<PreemptionPoint, string>> = {
  requeue: 'whether anything starts it anew is for its queue to say',
  notice: 'no save on a signal is seen, so work since the last save is lost',
  resume: 'no resume is seen',
  directory: 'whether saves outlive the machine is not to be told from their path',
  logs: 'whether its log is overwritten is a setting of the cluster',
  data: 'whether data goes on where it stood is not seen',
  interval: 'its best interval follows from how often it is taken back, which is not known',
};

/** "3 of 6 in place", and what is missing or open. */
export function preemptionRow(preemption: PreemptionEstimate): ReportRow {
  const { checks, mostLost } = preemption;
  const inPlace = checks.filter(({ state }) => state === 'yes').length;
  const lacking = checks.filter(({ state }) => state === 'no');
  const origin = lacking.map((one) => one.origin && spanOf(one.origin)).find((span) => span !== undefined);
  const most = mostLost === undefined ? [] : [`one costs ${formatDuration(mostLost)} of work at most`];
  const note = [...lacking.map((one) => phraseCheck(one, preemption)), ...most].join('; ');
  return {
    label: 'preemption',
    value: `${inPlace} of ${checks.length} points in place`,
    ...(note === '' ? {} : { note }),
    ...(origin ? { at: origin } : {}),
  };
}

/** Every point of the checklist with its state, a line each, for hovers and the command line. */
export function describePreemption(preemption: PreemptionEstimate): readonly string[] {
  const { checks, mostLost } = preemption;
  const marks = { yes: 'yes', no: 'no', unknown: '?' } as const;
  const lines = checks.map((one) => `${marks[one.state]}: ${phraseCheck(one, preemption)}`);
  return mostLost === undefined
    ? lines
    : [...lines, `a preemption costs ${formatDuration(mostLost)} of work at most, and the restart`];
}

/** One point in words. */
export function phraseCheck(check: PreemptionCheck, preemption: PreemptionEstimate): string {
  const { point, state, because } = check;
  const { noticeSeconds, directory } = preemption;
  const within = noticeSeconds === undefined ? '' : ` (${formatDuration(noticeSeconds)} before the end)`;
  switch (because) {
    case 'no-saves':
      return 'it saves nothing, so it starts over';
    case 'fixed-save':
      return 'it starts from one fixed save, not from the latest';
    case 'local-disk':
      return `saves${directory === undefined ? '' : ` in ${directory}`} go with the machine`;
    case 'notice-too-short':
      return `a save takes longer than the notice${within}`;
    case 'notice-may-be-short':
      return `${words.notice}${within}; on slow storage the save takes longer`;
    case 'only-between-saves':
      return 'it does not save when told: work since the last save is lost';
    case 'too-often':
      return 'it saves so often that stalls cost more than preemptions';
    case 'too-rarely':
      return 'it saves so rarely that preemptions cost more than 1 % over the best';
    case 'failures-alone':
      return 'its best interval counts failures alone: how often it is taken back is not known';
    case undefined:
      break;
  }
  if (point === 'requeue' && state === 'unknown' && preemption.platform === 'skypilot')
    return 'a managed job (sky jobs launch) is started anew, a cluster of its own (sky launch) is not';
  if (point === 'notice' && state === 'yes') return `${words.notice}${within}`;
  return { yes: words, no: missing, unknown: open }[state][point];
}
