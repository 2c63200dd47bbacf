import type { AnalyzedWorkload } from '../analyze.ts';
import type { Cause } from '../diff/causes.ts';
import type { Diff, JobDiff } from '../diff/diff.ts';
import type { Totals } from '../diff/totals.ts';
import { phraseSaving } from '../rules/compare.ts';
import { formatMoneyInterval } from '../units/format.ts';
import { phraseFactName, phraseFactValue } from './fact-words.ts';
import { phraseCost, phraseDevices, phraseMemory, phraseTime } from './phrases.ts';

/** One job's change as text. Cells of a side on which the job is not there are empty. */
export interface DiffRow {
  readonly kind: JobDiff['kind'];
  /** "-43 % cost, +10 GiB"; "new", "gone", "no figure moves". */
  readonly effect: string;
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** "micro batch 4 -> 2: +38 % time". */
  readonly causes: readonly string[];
}

/** The figures of one side. */
export interface DiffSide {
  readonly devices: string;
  readonly cost: string;
  readonly time: string;
  readonly memory: string;
}

/** More causes than these are for the JSON. */
const causesShown = 6;

/** The view of one job's change. */
export function describeJobDiff({ kind, before, after, effect, causes }: JobDiff): DiffRow {
  const moved = effect ? phraseSaving(effect) || 'no figure moves' : kind === 'added' ? 'new' : 'gone';
  const telling = causes.filter((one) => phraseSaving(one.effect) !== '');
  const shown = (telling.length > 0 ? telling : causes).slice(0, causesShown);
  return { kind, effect: moved, before: sideOf(before), after: sideOf(after), causes: shown.map(phraseCause) };
}

function sideOf(one: AnalyzedWorkload | undefined): DiffSide {
  if (!one) return { devices: '', cost: '', time: '', memory: '' };
  const { estimate, spec } = one;
  return {
    devices: phraseDevices(spec),
    cost: phraseCost(estimate),
    time: spec.task === 'serving' ? 'serves' : phraseTime(estimate),
    memory: estimate.memory ? phraseMemory(estimate.memory) : 'unknown',
  };
}

function phraseCause({ name, before, after, effect }: Cause): string {
  const moved = phraseSaving(effect);
  return `${phraseFactName(name)} ${phraseFactValue(before)} → ${phraseFactValue(after)}${moved ? `: ${moved}` : ''}`;
}

/** "$4,100 (2,900-6,000) → $2,300 (1,600-3,400) for one run of each job"; empty where nothing is known on either side. */
export function phraseTotalsChange({ before, after }: Diff): string {
  const side = ({ cost }: Totals) => (cost ? formatMoneyInterval(cost) : 'unknown');
  if (!before.cost && !after.cost) return '';
  return `${side(before)} → ${side(after)} for one run of each job whose cost is known`;
}
