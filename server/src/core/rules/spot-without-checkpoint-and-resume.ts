import type { SpecChange } from '../readers/reader.ts';
import { formatDuration } from '../units/format.ts';
import { trains } from './advice/known.ts';
import { factValueOf, found, type Proposal, propose, statedPlace, statedValue } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** Configs that start anew where they say nothing of resuming. */
const startsAnew = new Set(['axolotl', 'llamafactory', 'torchtune']);
/** Runs shorter than this (seconds) lose little. */
const short = 1800;

/** Capacity that may be taken back any hour, for a run that then starts over. */
export const rule: Rule = {
  id: 'spot-without-checkpoint-and-resume',
  meta: {
    title: 'Spot without checkpoint and resume',
    severity: 'warning',
    tags: ['money'],
    why: 'Spot capacity is taken back with two minutes of notice or less. A run that saves nothing, or that starts anew instead of going on from its last checkpoint, pays for the same steps again, and may never end.',
    evidence:
      'Fifteen published traces of single nodes: 0.7 to 10.5 hours between preemptions in the mean (skypilot-org/spot-traces); lost work by Daly 2006. Advisor percentages are no time between failures.',
    bad: 'use_spot: true\nauto_resume_from_checkpoints: false',
    good: 'use_spot: true\nsave_steps: 200\nauto_resume_from_checkpoints: true',
  },
  check(view) {
    if (statedValue(view, 'hardware.spot') !== true || !trains(view)) return [];
    const lack = lacking(view);
    const span = statedPlace(view, 'hardware.spot');
    const run = view.estimate.time?.run;
    if (!lack || !span || (run && run.high < short)) return [];
    const proposed = [...lack.proposals, onDemand].map((one) => propose(view, one));
    const lost = view.reestimate([{ name: 'checkpoint.resume', value: false }]).interruption?.lostShare;
    const waste = run && lost ? ` ${phraseWaste(run.likely, 1 + lost.low)}` : '';
    const place = statedPlace(view, 'checkpoint.resume', 'checkpoint.save_strategy', 'checkpoint.enabled');
    const related = place ? [{ span: place, message: lack.words }] : [];
    return found(
      rule,
      span,
      `Spot without a resume path: ${lack.words}, so a preempted run starts over.${waste}`,
      proposed,
      {
        related,
      },
    );
  },
};

/** Above so many times its own length a run that starts over is not expected to end. */
const endless = 10;

/** What starting over costs at the kindest of the published rates. */
function phraseWaste(seconds: number, times: number): string {
  const length = formatDuration(seconds);
  return times > endless
    ? `At 10 h between preemptions a run of ${length} is not expected to end.`
    : `At 10 h between preemptions its ${length} are paid ${times.toFixed(times < 2 ? 1 : 0)} times.`;
}

const onDemand: Proposal = {
  title: 'Run on demand',
  changes: [{ name: 'hardware.spot', value: false }],
  safe: false,
  effect: 'is not interrupted',
};

interface Lack {
  readonly words: string;
  readonly proposals: readonly Proposal[];
}

/** What a resume path lacks, as far as files and frameworks say it; undefined where they leave it open. */
function lacking(view: RuleView): Lack | undefined {
  const resume: readonly SpecChange[] = [{ name: 'checkpoint.resume', value: true }];
  const goOn: Proposal = { title: 'Go on from the last checkpoint', changes: resume, safe: true };
  const off =
    statedValue(view, 'checkpoint.save_strategy') === 'no' || statedValue(view, 'checkpoint.enabled') === false;
  if (off) return { words: 'no checkpoint is saved', proposals: [] };
  const stated = factValueOf(view, 'checkpoint.resume');
  const open = view.workload.open.some(({ name }) => name === 'checkpoint.resume');
  const retried = (factValueOf(view, 'job.max_retries') ?? 0) > 0;
  if (stated === false || (stated === undefined && !open && startsAnew.has(view.spec.code.stack) && !retried))
    return { words: 'the run does not go on from its last checkpoint', proposals: [goOn] };
  return undefined;
}
