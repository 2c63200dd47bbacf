import type { Estimate } from '../../estimate/estimate.ts';
import type { Trial } from '../../search/configurations.ts';
import type { Scored } from '../../search/pareto.ts';
import { type Candidate, scoreOf as scoreOfTrial } from '../../search/search.ts';
import { describeCandidate } from '../candidates.ts';
import type { Say } from '../words.ts';
import { type ChartPoint, cell, emptyTable, figures, type Plot, words } from './chart.ts';
import type { EnergyRow } from './energy.ts';

/** Marks of the crowd behind the line. */
const crowdShown = 150;

/** What a search has found, as a plot of cost against time. */
export interface CandidatesInput {
  /** The job as it stands. */
  readonly estimate: Estimate;
  readonly candidates: readonly Candidate[];
  /** Everything that was timed. */
  readonly trials: readonly Trial[];
  readonly examined: number;
  /** Why nothing was searched. */
  readonly reason?: string;
  readonly say: Say;
}

/** Cost against time of every way to run the job that was looked at, those that nothing beats joined by a line. Rows are the candidates in order. */
export function candidatesPlot({ estimate, candidates, trials, examined, reason, say }: CandidatesInput): Plot {
  const frame = { id: 'candidates', title: say('Cost against time') } as const;
  if (reason !== undefined) {
    return { ...frame, summary: say('Not searched: {0}.', say(reason)), table: emptyTable, notes: [] };
  }
  const scored = candidates.map((candidate) => ({ candidate, score: scoreOf(candidate.estimate) }));
  const now = scoreOf(estimate);
  const currency = estimate.cost?.perHour.currency ?? candidates[0]?.estimate.cost?.perHour.currency ?? 'USD';
  const serves = estimate.serving !== undefined || candidates.some((one) => one.estimate.serving !== undefined);
  const front = frontOf(scored.flatMap(({ score }, row) => (score ? [{ ...score, row }] : [])));
  const points: ChartPoint[] = scored.flatMap(({ candidate, score }, row) => {
    if (!score) return [];
    const { machines, cost, time, effect } = describeCandidate(candidate);
    const role = candidate.changes.length === 0 ? 'now' : front.has(row) ? 'front' : 'other';
    return [
      {
        row,
        role,
        label: `${say(machines)}: ${say(cost)}, ${say(time)} (${say(effect)})`,
        x: score.seconds,
        y: score.cost,
      },
    ];
  });
  const standing = points.some(({ role }) => role === 'now');
  if (now && !standing) points.push({ role: 'now', label: say('as it is'), x: now.seconds, y: now.cost });
  if (points.length === 0) {
    const summary = serves
      ? say('Nothing is known in money and time: the speed of the server or the price is open.')
      : say('Nothing is known in money and hours: the length of the run or the price is open.');
    return { ...frame, summary, table: tableOf(candidates, say), notes: [] };
  }
  return {
    ...frame,
    summary: say('{0} configurations looked at; {1} that none beats in both cost and time.', examined, front.size),
    chart: {
      kind: 'points',
      x: { label: serves ? say('time of a request') : say('time of the run'), unit: 'duration' },
      y: { label: serves ? say('cost per 1M tokens') : say('cost of the run'), unit: 'money', currency },
      points: [...crowdOf(trials, points, say), ...points],
      legend: { now: say('as it is'), front: say('none is cheaper and faster'), other: say('beaten') },
    },
    table: tableOf(candidates, say),
    notes: [],
  };
}

/** The candidates whose energy is known. */
export function energyOf(candidates: readonly Candidate[]): readonly EnergyRow[] {
  return candidates.flatMap((candidate) => {
    const { energy } = candidate.estimate;
    if (!energy || candidate.changes.length === 0) return [];
    const { machines, settings } = describeCandidate(candidate);
    return [{ label: `${machines}, ${settings}`, energy }];
  });
}

function tableOf(candidates: readonly Candidate[], say: Say): Plot['table'] {
  return {
    columns: [
      words(say('Machines')),
      figures(say('Cost')),
      figures(say('Time')),
      words(say('Effect')),
      words(say('Settings')),
      figures(say('Memory')),
      words(say('Price')),
    ],
    rows: candidates.map((candidate) => {
      const { machines, cost, time, effect, safe, settings, memory, offer, perHour } = describeCandidate(candidate);
      const texts = [machines, cost, time, effect, settings, memory, `${perHour}, ${offer}`].map((text) => say(text));
      return texts.map((text, at) => cell(at === 3 && !safe ? `${text}; ${say('changes numerics')}` : text));
    }),
  };
}

/** Of a run its cost and length; of a server the cost of a million tokens and the time of a request, as the search ranks them. */
function scoreOf({ cost, time, serving }: Estimate): Scored | undefined {
  const total = (serving ? cost?.perMillionTokens : cost?.total)?.micros.likely;
  const seconds = (serving ? serving.requestSeconds : time?.run)?.likely;
  return total === undefined || seconds === undefined ? undefined : { cost: total, seconds };
}

/** The cheapest trial of each kind and number of machines, so that what was beaten is seen too; none where lengths are not known. */
function crowdOf(trials: readonly Trial[], points: readonly ChartPoint[], say: Say): readonly ChartPoint[] {
  const best = new Map<string, ChartPoint>();
  for (const trial of trials) {
    if (trial.point.runSeconds === undefined) continue;
    const { accelerator, nodes, perNode, kind, cloud } = trial.place;
    const label = `${nodes * perNode} x ${accelerator.name}, ${[cloud, kind].filter(Boolean).join(' ')}`;
    const { cost, seconds } = scoreOfTrial(trial);
    const before = best.get(label);
    if (!before || cost < before.y) best.set(label, { role: 'other', label, x: seconds, y: cost });
  }
  const taken = (one: ChartPoint) =>
    points.some(({ x, y }) => Math.abs(x / one.x - 1) < 0.01 && Math.abs(y / one.y - 1) < 0.01);
  return [...best.values()]
    .filter((one) => !taken(one))
    .sort((a, b) => a.y - b.y)
    .slice(0, crowdShown)
    .map((one) => ({ ...one, label: say(one.label) }));
}

/** Rows that no other is both cheaper and faster than. */
function frontOf(all: readonly (Scored & { readonly row: number })[]): ReadonlySet<number> {
  const beats = (a: Scored, b: Scored) =>
    a.cost <= b.cost && a.seconds <= b.seconds && (a.cost < b.cost || a.seconds < b.seconds);
  return new Set(all.filter((one) => !all.some((other) => beats(other, one))).map(({ row }) => row));
}
