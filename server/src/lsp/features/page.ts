import type { AnalyzeInput } from '#core/index.ts';
import { whatIfInput } from '#core/index.ts';
import { describePage } from '#core/report/page.ts';
import type { Say } from '#core/report/words.ts';
import type { PageResult } from '../../protocol.ts';
import { toLocation } from '../to-lsp.ts';
import type { View } from '../view.ts';

/** The report of a document's jobs with its plots. */
export function viewPage(view: View, world: Omit<AnalyzeInput, 'files'>, say: Say): PageResult {
  return describePage({
    workloads: view.workloads,
    problems: view.problems,
    pricesAsOf: view.pricesAsOf,
    say,
    worldOf: ({ workload }) => whatIfInput(workload, { ...world, files: view.files }),
    placeOf(span) {
      const location = toLocation(view.files, span);
      return location && { uri: location.uri, ...location.range.start };
    },
  });
}
