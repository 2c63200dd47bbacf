import type { AnalyzedWorkload } from '#core/analyze.ts';
import { phraseOffer } from '#core/report/phrases.ts';
import type { Interval } from '#core/units/interval.ts';
import { bytesPerGiB } from '#core/units/quantity.ts';
import { likely } from '#core/workload/known.ts';
import type { CliHost } from '../host.ts';
import type { Reported, Reporter } from './index.ts';

/** For spreadsheets: one line a job, units in the titles, empty where a figure is not known. */
export const reporter: Reporter = { id: 'csv', report: reportCsv };

interface Cell {
  readonly title: string;
  of(one: AnalyzedWorkload, host: Pick<CliHost, 'show'>): string | number | undefined;
}

const whole = (value: number | undefined, unit: number, digits = 2) =>
  value === undefined ? undefined : Number((value / unit).toFixed(digits));

function interval(title: string, unit: number, of: (one: AnalyzedWorkload) => Interval | undefined): readonly Cell[] {
  return (['likely', 'low', 'high'] as const).map((point) => ({
    title: point === 'likely' ? title : `${title}_${point}`,
    of: (one) => whole(of(one)?.[point], unit),
  }));
}

const cells: readonly Cell[] = [
  { title: 'main', of: ({ workload }, host) => host.show(workload.main) },
  { title: 'job', of: ({ workload }) => workload.name },
  { title: 'task', of: ({ spec }) => spec.task },
  { title: 'model', of: ({ spec }) => likely(spec.model.name) },
  { title: 'accelerator', of: ({ spec }) => likely(spec.resources.accelerator) },
  { title: 'devices', of: ({ estimate }) => estimate.devices },
  ...interval('cost', 1e6, ({ estimate }) => estimate.cost?.total?.micros),
  ...interval('cost_per_hour', 1e6, ({ estimate }) => estimate.cost?.perHour.micros),
  { title: 'currency', of: ({ estimate }) => estimate.cost?.perHour.currency },
  { title: 'price', of: ({ estimate }) => estimate.cost && phraseOffer(estimate.cost) },
  ...interval('hours', 3600, ({ estimate }) => estimate.time?.run),
  ...interval('device_hours', 1, ({ estimate }) => estimate.time?.deviceHours),
  ...interval('memory_gib', bytesPerGiB, ({ estimate }) => estimate.memory?.device),
  { title: 'memory_capacity_gib', of: ({ estimate }) => whole(estimate.memory?.capacity, bytesPerGiB) },
  { title: 'fits', of: ({ estimate }) => estimate.memory?.fits },
  ...interval('checkpoints_gb', 1e9, ({ estimate }) => estimate.storage?.kept),
  ...interval('energy_kwh', 1, ({ estimate }) => estimate.energy?.energy),
  { title: 'findings', of: ({ findings }) => findings.length },
  { title: 'errors', of: ({ findings }) => findings.filter(({ severity }) => severity === 'error').length },
];

function reportCsv({ workloads }: Reported, host: Pick<CliHost, 'show'>): string {
  const lines = workloads.map((one) => cells.map((cell) => field(cell.of(one, host))).join(','));
  return [cells.map(({ title }) => title).join(','), ...lines].join('\n');
}

/** Quoted where it must be; words that a spreadsheet would take for a formula are made text. */
function field(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
