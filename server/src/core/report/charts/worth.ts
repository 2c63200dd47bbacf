import type { Plan, Points } from '../../estimate/plan.ts';
import { estimatePoint, memoryOfPlan } from '../../estimate/point.ts';
import { formatDuration, formatGiB, formatMoney, formatWhole } from '../../units/format.ts';
import type { Interval } from '../../units/interval.ts';
import { type Known, originOf } from '../../workload/known.ts';
import type { WorkloadSpec } from '../../workload/spec.ts';
import type { Say } from '../words.ts';
import { type Axis, cell, emptyTable, figures, type Place, type Plot, type RangesChart, words } from './chart.ts';
import { phraseField } from './field-words.ts';
import { type ChartInput, placeOfOrigin } from './input.ts';

/** How far one open question moves a figure. */
export interface Worth {
  readonly label: string;
  /** What the field may be besides what is counted with; empty for the formulas' own error. */
  readonly also: readonly unknown[];
  readonly low: number;
  readonly high: number;
  readonly place?: Place;
}

/** Moves below this share of the figure are no answer to any question. */
const negligible = 0.005;
/** Questions shown, the gravest first. */
const shown = 12;

/** What each open question is worth in money (or time where the price is unknown), and in memory. */
export function worthPlots(input: ChartInput): readonly Plot[] {
  return [runWorth(input), memoryWorth(input)];
}

function memoryWorth(input: ChartInput): Plot {
  const { estimate, points, say } = input;
  const frame = { id: 'worth-memory', title: say('What each assumption is worth: memory') } as const;
  const whole = estimate.memory?.device;
  if (!whole || !points) return { ...frame, summary: say('Memory is not known.'), table: emptyTable, notes: [] };
  return plotOf(input, frame, {
    axis: { label: say('GiB a GPU'), unit: 'gib' },
    whole,
    format: (bytes) => `${formatGiB(bytes)} GiB`,
    rows: [
      ...worthOfFields(input, points, whole.likely, (plan) => memoryOfPlan(plan).deviceBytes),
      ...ownError(points, whole, (plan) => memoryOfPlan(plan).deviceBytes, say('the formulas and the allocator')),
    ],
  });
}

function runWorth(input: ChartInput): Plot {
  const { estimate, points, say } = input;
  const { cost, time } = estimate;
  const title = cost?.total ? say('What each assumption is worth: cost') : say('What each assumption is worth: time');
  const frame = { id: 'worth-cost', title } as const;
  if (!time || !points)
    return { ...frame, summary: say('The time of the job is not known.'), table: emptyTable, notes: [] };
  const seconds = (plan: Plan) => {
    const point = estimatePoint(plan);
    return time.run ? point?.runSeconds : point?.stepSeconds;
  };
  const whole: Interval = time.run ?? time.step;
  const speed = ownError(points, whole, seconds, say('speed of this code on this card'));
  const fields = worthOfFields(input, points, whole.likely, seconds);
  if (!cost?.total) {
    const label = time.run ? say('time of the run') : say('time of one step');
    const axis: Axis = { label, unit: 'duration' };
    return plotOf(input, frame, { axis, whole, format: formatDuration, rows: [...fields, ...speed] });
  }
  const { currency, micros } = cost.total;
  const factor = micros.likely / whole.likely;
  const priced = [...fields, ...speed].map((one) => ({ ...one, low: one.low * factor, high: one.high * factor }));
  const { low, likely, high } = cost.perHour.micros;
  const price: Worth = {
    label: say('price an hour'),
    also: [],
    low: (micros.likely * low) / likely,
    high: (micros.likely * high) / likely,
  };
  return plotOf(input, frame, {
    axis: { label: say('cost of the run'), unit: 'money', currency },
    whole: micros,
    format: (value) => formatMoney({ currency, micros: Math.round(value) }),
    rows: [...priced, price],
  });
}

/** The corners of the spec, one field at a time: each as far as it may go, all else as it is likely. */
function worthOfFields(
  input: ChartInput,
  points: Points,
  whole: number,
  figure: (plan: Plan) => number | undefined,
): readonly Worth[] {
  const base = figure(points.likely);
  if (base === undefined || base <= 0) return [];
  const rows = new Map<string, Worth>();
  for (const { field, value, plan } of points.variants) {
    const moved = figure(plan);
    if (moved === undefined || moved <= 0) continue;
    const there = (whole * moved) / base;
    const before = rows.get(field);
    const place = before?.place ?? placeOfOrigin(input, originOfField(input.spec, field));
    rows.set(field, {
      label: input.say(phraseField(field)),
      also: [...(before?.also ?? []), value],
      low: Math.min(before?.low ?? whole, there),
      high: Math.max(before?.high ?? whole, there),
      ...(place ? { place } : {}),
    });
  }
  return [...rows.values()];
}

/** What the open fields do not explain of an interval: the error of the formulas themselves, measured on published runs. */
function ownError(
  points: Points,
  whole: Interval,
  figure: (plan: Plan) => number | undefined,
  label: string,
): readonly Worth[] {
  const base = figure(points.likely);
  if (base === undefined || whole.likely <= 0) return [];
  const downs = new Map<string, number>();
  const ups = new Map<string, number>();
  for (const { field, plan } of points.variants) {
    const log = Math.log((figure(plan) ?? base) / base);
    const side = log < 0 ? downs : ups;
    side.set(field, Math.max(side.get(field) ?? 0, Math.abs(log)));
  }
  const rest = (total: number, parts: Map<string, number>) =>
    Math.sqrt(Math.max(0, total ** 2 - Math.hypot(...parts.values()) ** 2));
  const down = rest(Math.log(whole.likely / whole.low), downs);
  const up = rest(Math.log(whole.high / whole.likely), ups);
  return [{ label, also: [], low: whole.likely * Math.exp(-down), high: whole.likely * Math.exp(up) }];
}

function originOfField(spec: WorkloadSpec, field: string) {
  let here: unknown = spec;
  for (const step of field.split('.')) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[step];
  }
  return isKnown(here) ? originOf(here) : undefined;
}

function isKnown(value: unknown): value is Known<unknown> {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

interface WorthPlot {
  readonly axis: Axis;
  readonly whole: Interval;
  readonly rows: readonly Worth[];
  format(value: number): string;
}

function plotOf(
  { say }: ChartInput,
  frame: Pick<Plot, 'id' | 'title'>,
  { axis, whole, rows, format }: WorthPlot,
): Plot {
  const width = ({ low, high }: Worth) => (high - low) / whole.likely;
  const grave = rows
    .filter((row) => width(row) > negligible)
    .sort((a, b) => width(b) - width(a))
    .slice(0, shown);
  const base = { value: whole.likely, text: format(whole.likely) };
  const [most] = grave;
  if (!most) return { ...frame, summary: say('Nothing that moves it is open.'), table: emptyTable, notes: [] };
  const figure = (value: number) => ({ value, text: say(format(value)) });
  const chart: RangesChart = {
    kind: 'ranges',
    axis,
    base: figure(whole.likely),
    rows: grave.map(({ label, low, high, place }) => ({
      label,
      low: figure(low),
      high: figure(high),
      ...(place ? { place } : {}),
    })),
  };
  return {
    ...frame,
    summary: say('{0} likely; most open: {1}, {2} to {3}.', base.text, most.label, format(most.low), format(most.high)),
    chart,
    table: {
      columns: [words(say('Open')), words(say('May also be')), figures(say('Low')), figures(say('High'))],
      rows: grave.map(({ label, also, low, high, place }) => [
        cell(label, place),
        cell(phraseValues(also, say)),
        cell(say(format(low))),
        cell(say(format(high))),
      ]),
    },
    notes: [say('Each by itself, all else as it is likely; the whole range adds them in quadrature.')],
  };
}

function phraseValues(values: readonly unknown[], say: Say): string {
  const said = values.map((value) => (typeof value === 'number' ? say(phraseNumber(value)) : String(value)));
  return [...new Set(said)].join(', ') || '–';
}

function phraseNumber(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 100 ? formatWhole(value) : String(Number(value.toPrecision(3)));
}
