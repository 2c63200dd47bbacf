import type { AnalyzedWorkload } from '#core/analyze.ts';
import { totalsOf } from '#core/diff/totals.ts';
import { foldBlank, phraseFolded } from '#core/report/blank.ts';
import { phraseCost, phraseDevices, phraseMemory, phraseOffer, phraseTime } from '#core/report/phrases.ts';
import { phraseTotals } from '#core/report/totals.ts';
import type { CliHost } from '../host.ts';
import { type Column, formatColumns, type Look } from './columns.ts';
import type { Reported, Reporter } from './index.ts';
import { formatPlace, paintSeverity } from './place.ts';

/** For many jobs in a terminal: one line each, the dearest first, then what is wrong, then the sum. */
export const reporter: Reporter = { id: 'list', report: reportList };

function reportList(reported: Reported, host: Pick<CliHost, 'show'> & Look): string {
  const { workloads, problems } = reported;
  if (workloads.length === 0) return 'No training or serving job was found.';
  const columns: readonly Column<AnalyzedWorkload>[] = [
    { title: 'job', cell: ({ workload }) => `${host.show(workload.main)} ${others(workload.files.length)}`.trim() },
    { title: 'task', cell: ({ spec }) => spec.task },
    { title: 'devices', cell: ({ spec }) => phraseDevices(spec) },
    { title: 'time', cell: ({ spec, estimate }) => (spec.task === 'serving' ? 'serves' : phraseTime(estimate)) },
    { title: 'cost', cell: ({ estimate }) => phraseCost(estimate) },
    { title: 'price', cell: ({ estimate }) => (estimate.cost ? phraseOffer(estimate.cost) : '-') },
    { title: 'memory a GPU', cell: ({ estimate }) => (estimate.memory ? phraseMemory(estimate.memory) : 'unknown') },
  ];
  const dear = ({ estimate }: AnalyzedWorkload) => estimate.cost?.total?.micros.likely ?? -1;
  const rate = ({ estimate }: AnalyzedWorkload) => estimate.cost?.perHour.micros.likely ?? -1;
  const { shown, folded } = foldBlank(workloads);
  const sorted = [...shown].sort((a, b) => dear(b) - dear(a) || rate(b) - rate(a));
  const blank =
    folded.length === 0
      ? []
      : [`${phraseFolded(folded, workloads.length)}: --format json lists them, flopwise doctor says what to tell.`];
  const found = workloads.flatMap(({ findings }) =>
    findings
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(
        ({ severity, span, message, ruleId }) =>
          `${paintSeverity(severity, host)}: ${formatPlace(span, reported, host)}: ${message} [${ruleId}]`,
      ),
  );
  const unread =
    problems.length === 0 ? [] : [`${problems.length} notes on what was not read; --format json lists them.`];
  return [
    ...(sorted.length > 0 ? [formatColumns(columns, sorted, host)] : []),
    ...blank,
    ...(found.length > 0 ? [[...new Set(found)].join('\n')] : []),
    [phraseTotals(totalsOf(workloads)), ...unread].join('\n'),
  ].join('\n\n');
}

function others(files: number): string {
  return files > 1 ? `(+${files - 1})` : '';
}
